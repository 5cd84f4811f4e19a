/** Kills the process of the shipped bundle before and after each of its requests, and holds what follows to the rules. */
import { openStory, type Played, type Stage } from '../../simulator/play.js'
import type { Moment, World } from '../../simulator/index.js'
import type { CrashCase, CrashScene } from './cases.js'
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

/** Every point of a story: each request, before and after, with and without post; the next run and the pause in turn. */
export async function pointsOf(of: CrashCase): Promise<Point[]> {
  const stage = await open(of)
  try {
    const requests = (await stage.run()).journal.length
    return Array.from({ length: requests * 4 }, (_, i): Point => {
      const [request, turn] = [Math.floor(i / 4) + 1, i % 4]
      return {
        of,
        request,
        when: turn < 2 ? 'before' : 'after',
        post: turn % 2 === 0,
        next: (request + (turn >> 1)) % 2 === 0 ? 'same' : 'newer',
        pauseMs: pauses[(request * 7 + turn) % 4]!
      }
    })
  } finally {
    await stage.close()
  }
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
    const second = await stage.run({
      inputs: next === 'newer' ? scene.newer : {},
      github: { runId: '8123456999' }
    })
    show(second)
    wrong.push(...witness.after(second), ...finding(second, found))
    const outcome = second.result.outputs['outcome'] ?? ''
    if (!of.ends[next].includes(outcome))
      wrong.push(`the next run ended ${outcome}: ${second.result.outputs['reason'] ?? ''}`)
    return [...wrong, ...witness.truth(second, wantedDigest(scene, next))]
  } finally {
    await stage.close()
  }
}

async function open(of: CrashCase): Promise<Stage> {
  const build = (world: World): CrashScene => of.build(world)
  const story = { name: of.name, title: '', about: '', build, expect: { outcome: '', exitCode: 0 } }
  return await openStory(story, { pace: 'lockstep' })
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

function wantedDigest({ inputs, newer, repositories }: CrashScene, next: 'same' | 'newer'): string {
  const { images = '' } = next === 'newer' ? { ...inputs, ...newer } : inputs
  const tag = images.split(':').at(-1)!
  return (
    repositories.map((repository) => repository.digestOf(tag)).find((digest) => digest !== undefined) ?? ''
  )
}
