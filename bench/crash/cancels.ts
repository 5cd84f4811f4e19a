/** Cancels a run at every step of a story, with `on-cancel` both ways, with and without post. */
import type { Played, Stage } from '../../simulator/play.js'
import type { Dice } from '../judge/dice.js'
import { crashCases, type CrashCase, type CrashScene } from './cases.js'
import { chosen, placesOf, type Place, type Points } from './places.js'
import { openCase } from './stage.js'
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
const slow = { kind: 'slow', ms: 150 } as const
/** From so long a pause between two requests on, the pause is a moment of its own, milliseconds. */
const waitMs = 1000
const changes = ['UpdateService', 'StopServiceDeployment']

/** The stories whose runs are cancelled. */
export const cancelCases = crashCases.filter((one) =>
  ['healthy', 'loop', 'breaker-rollback', 'busy-wait', 'rollback-mode'].includes(one.name)
)

/** The name of a point, by which it can be played again. */
export function nameOfCancel({ of, at, onCancel, post }: CancelPoint): string {
  return `${of.name} ${at} ${onCancel} ${post ? 'post' : 'gone'}`
}

/**
 * The points of a story: in the middle of each request that stands for its kind, and in the middle of each wait after one,
 * in both ways of `on-cancel`, with and without post: at a write all four, else two, so that each way comes once; one of
 * the four, which is drawn, where nothing was left behind yet. Of the moments that are like an earlier one a sample, each
 * in one of the four ways (`percent`; 100: all in all four).
 */
export async function cancelPoints(
  of: CrashCase,
  dice: Dice,
  percent: number,
  known = new Set<string>()
): Promise<Points<CancelPoint>> {
  const stage = await open(of)
  try {
    const { places, played } = await placesOf(stage, known)
    const points = chosen(places, dice, percent).flatMap((place, turn): CancelPoint[] => {
      const began = place.entry.time - played.from
      const next = places[place.nth]?.entry.time
      const waits = next === undefined ? 0 : next - place.entry.time - slow.ms
      const moments = [began + slow.ms / 2, ...(waits >= waitMs ? [began + slow.ms + waits / 2] : [])]
      const ways = waysOf(place, turn, dice, percent)
      return moments.flatMap((at) =>
        ways.map(([onCancel, post]) => ({ of, at: Math.round(at), onCancel, post }))
      )
    })
    return { requests: places.length, points: distinct(points) }
  } finally {
    await stage.close()
  }
}

const everyWay: readonly (readonly [CancelPoint['onCancel'], boolean])[] = [
  ['rollback', true],
  ['rollback', false],
  ['leave', true],
  ['leave', false]
]

function waysOf(
  { entry, isFirst, isTouched }: Place,
  turn: number,
  dice: Dice,
  percent: number
): typeof everyWay {
  if (percent === 100 || (isFirst && entry.write)) return everyWay
  if (!isFirst || !isTouched) return [dice.pick(everyWay)]
  return turn % 2 === 0 ? [everyWay[0]!, everyWay[3]!] : [everyWay[1]!, everyWay[2]!]
}

/** Requests that are sent together have one middle. */
function distinct(points: CancelPoint[]): CancelPoint[] {
  return [...new Map(points.map((point) => [nameOfCancel(point), point])).values()]
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
  return await openCase(of, (scene) => ({
    ...scene,
    inputs: { ...scene.inputs, 'poll-interval': '60s' },
    faults: [{ fault: slow }]
  }))
}
