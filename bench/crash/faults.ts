/** Every operation that the action calls, struck in every way, at first, in the middle, always. */
import type { Fault, FaultRule, JournalEntry } from '../../simulator/index.js'
import type { Played, Stage } from '../../simulator/play.js'
import { crashCases, digestOf, stuckCase, type CrashCase, type CrashScene } from './cases.js'
import type { Points } from './places.js'
import { openCase } from './stage.js'
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
  /** `first`: the first call; `middle`: three calls in the middle of the run; `always`; `late`: all in the last minutes. */
  where: 'first' | 'middle' | 'always' | 'late'
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
/** Reads lag behind all writes; who is denied is so from the start, and credentials that have expired stay so. */
const notIn: Partial<Record<FaultPoint['where'], readonly Kind[]>> = {
  first: ['stale', 'denied', 'expired'],
  middle: ['stale', 'denied']
}
/** The work is done and the answer lost: for a read the same as if nothing had been done. */
const onlyWrites: readonly Kind[] = ['lost-answer', 'lost-in-silence']
const timeout = '15m'
const timeoutMs = 15 * 60_000
const graceMs = 30_000
/** Shortly before a deployment is given up that does not move. */
const lateMs = 11 * 60_000
/** What passes by itself is no reason to end otherwise than well. */
const passes: readonly Kind[] = ['throttle', 'server-error', 'reset', 'lost-answer']

/** The stories that are struck: a good image and a bad one, a promotion, a rollback, one that uses up its time. */
export const faultCases = [
  ...crashCases.filter((one) => ['healthy', 'loop', 'promotion', 'rollback-mode'].includes(one.name)),
  stuckCase
]

/** The name of a point, by which it can be played again. */
export function nameOfFault({ of, operation, kind, where }: FaultPoint): string {
  return `${of.name} ${operation} ${kind} ${where}`
}

/**
 * Every operation of a story in every way: its first call, three calls in the middle where there are more than two, all
 * of them. In the story that uses up its time they are struck in the last minutes. Left out is what an earlier story has shown: where two ask for the same until they touch the service, a point
 * whose calls all come before that (`before`: the operations of the earlier stories, in order). Of a promotion, which deploys as any other once the image is there, only
 * what no earlier story calls.
 */
export async function faultPoints(
  of: CrashCase,
  before: readonly (readonly string[])[] = []
): Promise<Points<FaultPoint> & { operations: string[] }> {
  const stage = await open(of)
  try {
    const { journal, from } = await stage.run({ inputs: { timeout } })
    const operations = journal.map((entry) => entry.operation)
    if (of === stuckCase)
      return { requests: operations.length, points: latePoints(journal, from), operations }
    const parts = Math.max(0, ...before.map((other) => sharedWith(other, operations)))
    const points = [...new Set(operations)].flatMap((operation) => {
      if (of.name === 'promotion' && before.some((other) => other.includes(operation))) return []
      const at = operations.flatMap((one, i) => (one === operation ? [i] : []))
      const writes = journal.some((entry) => entry.operation === operation && entry.write)
      const kindsOf = (Object.keys(kinds) as Kind[]).filter(
        (kind) =>
          (kind !== 'stale' || mayBeStale.includes(operation)) && (writes || !onlyWrites.includes(kind))
      )
      const middle = Math.ceil(at.length / 2)
      const wheres = [
        { where: 'first' as const, fromCall: 1, last: at[0]! },
        ...(at.length > 2
          ? [{ where: 'middle' as const, fromCall: middle, last: at[middle + 1] ?? at.at(-1)! }]
          : []),
        { where: 'always' as const, fromCall: 1, last: at.at(-1)! }
      ]
      return wheres
        .filter(({ last }) => last >= parts)
        .flatMap(({ where, fromCall }) =>
          kindsOf
            .filter((kind) => !(notIn[where] ?? []).includes(kind))
            .map((kind): FaultPoint => ({ of, operation, kind, where, fromCall }))
        )
    })
    return { requests: operations.length, points, operations }
  } finally {
    await stage.close()
  }
}

/** What is asked in the last minutes, from then on in every way. */
function latePoints(journal: readonly JournalEntry[], from: number): FaultPoint[] {
  const late = journal.filter((entry) => entry.time - from >= lateMs)
  return [...new Set(late.map((entry) => entry.operation))].flatMap((operation) =>
    (Object.keys(kinds) as Kind[])
      .filter((kind) => kind !== 'stale' || mayBeStale.includes(operation))
      .map((kind): FaultPoint => ({ of: stuckCase, operation, kind, where: 'late', fromCall: 1 }))
  )
}

/** How many requests two stories have in common: all until the service is touched, or none. Some are sent together. */
function sharedWith(a: readonly string[], b: readonly string[]): number {
  const start = (operations: readonly string[]) => operations.slice(0, operations.indexOf('UpdateService'))
  const same = JSON.stringify(start(a).toSorted()) === JSON.stringify(start(b).toSorted())
  return same ? start(b).length : 0
}

/** Plays one point; every sentence that it gives is a broken rule. */
export async function playFault(point: FaultPoint): Promise<string[]> {
  const { of } = point
  const stage = await open(of)
  const scene = stage.scene as CrashScene
  try {
    stage.server.faults.add(ruleOf(point, stage.world.clock.now()))
    const witness = new Witness(stage, scene, of.losesImages === true)
    const played = await stage.run({ inputs: { timeout } })
    const wrong = [...witness.after(played), ...judged(point, played)]
    if (played.to - played.from > timeoutMs + graceMs)
      wrong.push(`took ${(played.to - played.from) / 1000} s`)
    stage.server.faults.clear()
    return [...wrong, ...witness.truth(played, digestOf(scene, scene.wanted ?? 'v2'))]
  } finally {
    await stage.close()
  }
}

function ruleOf({ operation, kind, where, fromCall }: FaultPoint, now: number): FaultRule {
  const fault = kinds[kind]
  if (where === 'late') return { fault, operation, after: now + lateMs }
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
    (where === 'first' || where === 'middle') &&
    (passes.includes(kind) || kind === 'silence' || kind === 'lost-in-silence')
  if (passing && !of.ends.same.includes(outcome)) wrong.push(`what passes ended it ${said}`)
  return wrong
}

async function open(of: CrashCase): Promise<Stage> {
  return await openCase(of, (scene, world) => {
    world.cloudwatch.alarm('web-5xx')
    world.logs.group('/ecs/shop-web')
    return { ...scene, inputs: { ...scene.inputs, 'poll-interval': '10s', alarms: 'web-5xx' } }
  })
}
