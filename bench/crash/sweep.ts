/** Kills the process of the shipped bundle before and after each of its requests, and holds what follows to the rules. */
import type { Played, Stage } from '../../simulator/play.js'
import type { Moment } from '../../simulator/index.js'
import type { Dice } from '../judge/dice.js'
import { digestOf, type CrashCase, type CrashScene } from './cases.js'
import { chosen, placesOf, type Place, type Points } from './places.js'
import { openCase } from './stage.js'
import { Witness } from './witness.js'

/** Where the process dies, and what follows. */
export interface Point {
  of: CrashCase
  request: number
  when: Moment
  /** Whether post runs, or the machine is gone as well. */
  post: boolean
  next: 'same' | 'newer'
  /** How long nobody looks before the next run, ms. */
  pauseMs: number
}

/** GitHub gives all posts together less than five minutes after a cancel; ours is to need less than four. */
const postMs = 240_000
const pauses = [5000, 45_000, 240_000, 900_000]

/** The name of a point, by which it can be played again. */
export function nameOf({ of, request, when, post, next, pauseMs }: Point): string {
  return `${of.name} ${request} ${when} ${post ? 'post' : 'gone'} ${next} ${pauseMs / 1000}`
}

/**
 * The points of a story. A write that stands for its kind: before and after, with and without post, all four. A read
 * changes nothing, so that before it and after it the world is the same: where something was left behind two points, one
 * with post and one without, before and after in turn; else one of the four, in turn. Of the requests that are like an
 * earlier one a sample of one point each (`percent`; 100: every request in all four ways). The next run and the pause
 * before it are drawn.
 */
export async function pointsOf(
  of: CrashCase,
  dice: Dice,
  percent: number,
  known = new Set<string>()
): Promise<Points<Point>> {
  const stage = await open(of)
  try {
    const { places } = await placesOf(stage, known)
    const points = chosen(places, dice, percent).flatMap((place, turn): Point[] => {
      const ways =
        percent === 100 || (place.isFirst && place.entry.write) ? everyWay : someWays(place, turn, dice)
      return ways.map(([when, post]) => ({
        of,
        request: place.nth,
        when,
        post,
        next: dice.pick(['same', 'newer']),
        pauseMs: dice.pick(pauses)
      }))
    })
    return { requests: places.length, points }
  } finally {
    await stage.close()
  }
}

type Way = readonly [when: Moment, post: boolean]
const everyWay: readonly Way[] = [
  ['before', true],
  ['before', false],
  ['after', true],
  ['after', false]
]

function someWays({ isFirst, isTouched }: Place, turn: number, dice: Dice): readonly Way[] {
  if (!isFirst) return [dice.pick(everyWay)]
  if (!isTouched) return [everyWay[turn % 4]!]
  return turn % 2 === 0 ? [everyWay[0]!, everyWay[3]!] : [everyWay[1]!, everyWay[2]!]
}

/** Plays one point; every sentence that it gives is a broken rule. */
export async function playPoint(
  point: Point,
  show: (played: Played) => void = () => undefined
): Promise<string[]> {
  const { of, request, when, post, next, pauseMs } = point
  const stage = await open(of)
  const scene = stage.scene as CrashScene
  try {
    const witness = new Witness(stage, scene, of.losesImages === true)
    const crash = { request, when, what: post ? 'process' : 'machine' } as const
    const crashed = await stage.run({ crash })
    show(crashed)
    const wrong = [...witness.after(crashed), ...afterwards(crashed, witness)]
    stage.world.clock.advanceBy(pauseMs)
    const found = expectedFinding(witness)
    const wanted = wantedTag(scene, next)
    const second = await stage.run({
      inputs: next === 'newer' ? scene.newer : {},
      github: { runId: '8123456999' }
    })
    show(second)
    wrong.push(...witness.after(second), ...finding(second, found))
    const outcome = second.result.outputs['outcome'] ?? ''
    if (!of.ends[next].includes(outcome))
      wrong.push(`the next run ended ${outcome}: ${second.result.outputs['reason'] ?? ''}`)
    return [...wrong, ...witness.truth(second, digestOf(scene, wanted))]
  } finally {
    await stage.close()
  }
}

/** Few looks make a story short: what is between them is between two requests. */
async function open(of: CrashCase): Promise<Stage> {
  return await openCase(of, (scene) => ({ ...scene, inputs: { ...scene.inputs, 'poll-interval': '60s' } }))
}

/** What post did: in time, and as it says. */
function afterwards({ result, journal, to }: Played, witness: Witness): string[] {
  const killed = journal.find((entry) => entry.error === 'caller-killed')
  if (!killed || result.signal !== 'SIGKILL') return ['nothing was killed']
  const { post } = result
  if (!post) return []
  const wrong: string[] = []
  if (to - killed.time > postMs) wrong.push(`post took ${(to - killed.time) / 1000} s`)
  const says = post.stdout.trimEnd().split('\n').at(-1) ?? ''
  if (/healthy\.$/.test(says) && !/not healthy/.test(says) && !witness.isWhole())
    wrong.push(`post says "${says}", and: ${witness.say()}`)
  return wrong
}

/** Which deployment the next run must name: one of ours that is not finished. */
function expectedFinding(witness: Witness): string | undefined {
  const { primary } = witness.service
  return witness.isOurs(primary) && primary.rolloutState !== 'COMPLETED' ? primary.id : undefined
}

function finding({ result }: Played, id: string | undefined): string[] {
  if (id === undefined) return []
  const line = result.stdout.split('\n').findIndex((text) => text.includes(`Found deployment ${id}`))
  return line >= 0 && line < 4 ? [] : [`the next run does not begin with what it found (${id})`]
}

/** The tag of the image that must serve after the next run, by what that run finds. */
function wantedTag({ service, newer, wanted = 'v2', wantedAgain }: CrashScene, next: Point['next']): string {
  if (next === 'newer') return newer['images']!.split(':').at(-1)!
  return wantedAgain?.(service.primary) ?? wanted
}
