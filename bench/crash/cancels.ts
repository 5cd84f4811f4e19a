/** Cancels a run at every step of a story, with `on-cancel` both ways, with and without post. */
import type { Fault } from '../../simulator/index.js'
import { openStory, type Played, type Stage } from '../../simulator/play.js'
import { crashCases, type CrashCase, type CrashScene } from './cases.js'
import { Witness } from './witness.js'

export interface CancelPoint {
  of: CrashCase
  /** Virtual milliseconds after the start of the run. */
  at: number
  onCancel: 'rollback' | 'leave'
  post: boolean
}

/** The runner sends SIGTERM after 7.5 s; half a second less is what we give ourselves. */
const goneAfterMs = 7000
/** Every answer takes so long, so that there is time between two requests in which a signal can come. */
const slow: Fault = { kind: 'slow', ms: 150 }
const changes = ['UpdateService', 'StopServiceDeployment']

/** The stories whose runs are cancelled. */
export const cancelCases = crashCases.filter((one) =>
  ['healthy', 'loop', 'breaker-rollback', 'busy-wait'].includes(one.name)
)

/** The name of a point, by which it can be played again. */
export function nameOfCancel({ of, at, onCancel, post }: CancelPoint): string {
  return `${of.name} ${at} ${onCancel} ${post ? 'post' : 'gone'}`
}

/** A point in the middle of each request of the story, in both ways of `on-cancel`, with and without post in turn. */
export async function cancelPoints(of: CrashCase): Promise<CancelPoint[]> {
  const stage = await open(of)
  try {
    const { journal, from } = await stage.run()
    const moments = [...new Set(journal.map((entry) => entry.time - from + 75))]
    return moments.flatMap((at, i): CancelPoint[] =>
      (['rollback', 'leave'] as const).map((onCancel, j) => ({ of, at, onCancel, post: (i + j) % 2 === 0 }))
    )
  } finally {
    await stage.close()
  }
}

/** Plays one point; every sentence that it gives is a broken rule. */
export async function playCancel(point: CancelPoint): Promise<string[]> {
  const { of, at, onCancel, post } = point
  const stage = await open(of)
  const scene = stage.scene as CrashScene
  try {
    const witness = new Witness(stage, scene, of.losesImages === true)
    const played = await stage.run({ cancelAt: at, post, inputs: { 'on-cancel': onCancel } })
    const wrong = [...witness.after(played), ...inTime(played, at, post), ...oneCall(played, at, onCancel)]
    const { outputs } = played.result
    if (outputs['outcome'] !== 'cancelled' || (outputs['reason'] ?? '').length < 20)
      wrong.push(`outcome ${outputs['outcome'] ?? 'none'}: ${outputs['reason'] ?? ''}`)
    if (!post || onCancel === 'leave') return wrong
    const says = played.result.post?.stdout ?? ''
    if (
      !witness.isWhole() &&
      !/left|not healthy|could not|took over|as before/.test(says + (outputs['reason'] ?? ''))
    )
      wrong.push(`after post: ${witness.say()}, and it says "${says.trimEnd()}"`)
    return wrong
  } finally {
    await stage.close()
  }
}

/** Main is gone before SIGTERM, its record is whole, and post ends within the runner's five minutes. */
function inTime({ result, journal, from, to }: Played, at: number, post: boolean): string[] {
  const wrong: string[] = []
  if (result.signals.join() !== 'SIGINT') wrong.push(`signals ${result.signals.join()}`)
  if (!post && to - from - at > goneAfterMs) wrong.push(`main took ${to - from - at} ms after SIGINT`)
  if (post && to - from - at > 240_000) wrong.push(`main and post took ${(to - from - at) / 1000} s`)
  const wrote = journal.some((entry) => changes.includes(entry.operation))
  const state = result.state['open-run']
  if (wrote && state === undefined) wrong.push('nothing is saved for post')
  if (state !== undefined) JSON.parse(state)
  return wrong
}

/** After the signal main changes the service once at the most, and not at all when it is to be left. */
function oneCall({ journal, from }: Played, at: number, onCancel: string): string[] {
  const since = journal.filter((entry) => entry.time - from > at && changes.includes(entry.operation))
  const most = onCancel === 'leave' ? 0 : 1
  return since.length > most ? [`${since.length} changes after the cancel`] : []
}

async function open(of: CrashCase): Promise<Stage> {
  const build = (world: Parameters<CrashCase['build']>[0]): CrashScene => {
    const scene = of.build(world)
    return { ...scene, faults: [{ fault: slow }] }
  }
  const story = { name: of.name, title: '', about: '', build, expect: { outcome: '', exitCode: 0 } }
  return await openStory(story, { pace: 'lockstep' })
}
