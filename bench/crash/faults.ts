/** Every operation that the action calls, struck in every way, at first, in the middle, always. */
import type { Fault, FaultRule, World } from '../../simulator/index.js'
import { openStory, type Played, type Stage } from '../../simulator/play.js'
import { crashCases, type CrashCase, type CrashScene } from './cases.js'
import { Witness } from './witness.js'

type Kind =
  | 'throttle'
  | 'server-error'
  | 'reset'
  | 'lost-answer'
  | 'silence'
  | 'lost-in-silence'
  | 'denied'
  | 'expired'
  | 'stale'

export interface FaultPoint {
  of: CrashCase
  operation: string
  kind: Kind
  /** `once`: the first call; `middle`: three calls in the middle of the run; `always`. */
  where: 'first' | 'middle' | 'always'
  /** The first call that is struck. */
  fromCall: number
}

const kinds: Record<Kind, Fault> = {
  throttle: { kind: 'throttle' },
  'server-error': { kind: 'server-error' },
  reset: { kind: 'connection-reset' },
  'lost-answer': { kind: 'connection-reset', when: 'after' },
  silence: { kind: 'silence' },
  'lost-in-silence': { kind: 'silence', when: 'after' },
  denied: { kind: 'access-denied' },
  expired: { kind: 'expired-token' },
  stale: { kind: 'stale', seconds: 20 }
}
const mayBeStale = ['DescribeServices', 'DescribeTasks', 'ListTasks', 'ListServiceDeployments']
const timeoutMs = 15 * 60_000
const graceMs = 30_000
/** What passes by itself is no reason to end otherwise than well. */
const passes: readonly Kind[] = ['throttle', 'server-error', 'reset', 'lost-answer']

/** The stories that are struck: a good image and a bad one. */
export const faultCases = crashCases.filter((one) =>
  ['healthy', 'loop', 'promotion', 'rollback-mode'].includes(one.name)
)

/** The name of a point, by which it can be played again. */
export function nameOfFault({ of, operation, kind, where }: FaultPoint): string {
  return `${of.name} ${operation} ${kind} ${where}`
}

/** Every operation of the story in every way. */
export async function faultPoints(of: CrashCase): Promise<FaultPoint[]> {
  const stage = await open(of)
  try {
    const { journal } = await stage.run()
    const operations = [...new Set(journal.map((entry) => entry.operation))]
    return operations.flatMap((operation) => {
      const calls = journal.filter((entry) => entry.operation === operation).length
      const ways = (Object.keys(kinds) as Kind[]).filter(
        (kind) => kind !== 'stale' || mayBeStale.includes(operation)
      )
      return ways.flatMap((kind): FaultPoint[] => [
        { of, operation, kind, where: 'first', fromCall: 1 },
        ...(calls > 2
          ? [{ of, operation, kind, where: 'middle' as const, fromCall: Math.ceil(calls / 2) }]
          : []),
        { of, operation, kind, where: 'always', fromCall: 1 }
      ])
    })
  } finally {
    await stage.close()
  }
}

/** Plays one point; every sentence that it gives is a broken rule. */
export async function playFault(point: FaultPoint): Promise<string[]> {
  const { of } = point
  const stage = await open(of)
  const scene = stage.scene as CrashScene
  try {
    stage.server.faults.add(ruleOf(point))
    const witness = new Witness(stage, scene, of.losesImages === true)
    const played = await stage.run({ inputs: { timeout: '15m' } })
    const wrong = [...witness.after(played), ...judged(point, played)]
    if (played.to - played.from > timeoutMs + graceMs)
      wrong.push(`took ${(played.to - played.from) / 1000} s`)
    stage.server.faults.clear()
    const tag = scene.wanted ?? 'v2'
    const wanted =
      scene.repositories.map((one) => one.digestOf(tag)).find((digest) => digest !== undefined) ?? ''
    return [...wrong, ...witness.truth(played, wanted)]
  } finally {
    await stage.close()
  }
}

function ruleOf({ operation, kind, where, fromCall }: FaultPoint): FaultRule {
  const fault = kinds[kind]
  const calls = where === 'first' ? { calls: 1 } : where === 'middle' ? { calls: 3 } : {}
  return { fault, operation, ...(kind === 'stale' ? {} : { fromCall, ...calls }) }
}

/** Whether it ended as a run may that meets this. */
function judged({ of, kind, where }: FaultPoint, { result, journal }: Played): string[] {
  const { outputs } = result
  const outcome = outputs['outcome'] ?? ''
  const good = of.ends.same.includes('deployed')
  const wrong: string[] = []
  const said = `${outcome}: ${outputs['reason'] ?? ''}`
  if (good && (outcome === 'rolled-back' || outcome === 'rollback-failed' || outcome === 'failed'))
    wrong.push(`a good image ended ${said}`)
  const updates = journal.filter((one) => one.operation === 'UpdateService' && one.output !== undefined)
  const revisions = new Set(updates.map((one) => (one.input as { taskDefinition?: string }).taskDefinition))
  if (good && revisions.size > 1) wrong.push(`a good image was undone: ${said}`)
  if (!good && (outcome === 'deployed' || outcome === 'unchanged')) wrong.push(`a bad image ended ${said}`)
  const passing =
    where !== 'always' && (passes.includes(kind) || kind === 'silence' || kind === 'lost-in-silence')
  if (passing && !of.ends.same.includes(outcome)) wrong.push(`what passes ended it ${said}`)
  return wrong
}

async function open(of: CrashCase): Promise<Stage> {
  const build = (world: World): CrashScene => {
    const scene = of.build(world)
    world.cloudwatch.alarm('web-5xx')
    world.logs.group('/ecs/shop-web')
    return { ...scene, inputs: { ...scene.inputs, 'poll-interval': '10s', alarms: 'web-5xx' } }
  }
  const story = { name: of.name, title: '', about: '', build, expect: { outcome: '', exitCode: 0 } }
  return await openStory(story, { pace: 'lockstep' })
}
