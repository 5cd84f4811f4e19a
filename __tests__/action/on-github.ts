/** A deploy of a merged pull request with a GitHub beside it, and what stands there afterwards. */
import { createGitHub, type GitHub, type PullHandle } from '../../simulator/index.js'
import { playStory, type PlayOptions, type Played } from '../play.js'
import { shop, type ShopOptions } from '../../simulator/stories/shop.js'
import type { Story } from '../../simulator/stories/story.js'
import { markerOf, stateLine, type Attempt } from '../../src/report/attempts.js'

export const sha = '4f1c2b9a7d3e5f60718293a4b5c6d7e8f9012345'
export const key = { environment: 'production', cluster: 'shop', service: 'shop-web' }
export const bot = 'github-actions[bot]'
export const start = Date.UTC(2026, 5, 1, 9) / 1000

/** A deployment of under two minutes, without load balancer. */
export function story(options: ShopOptions = {}, more: Partial<Story> = {}): Story {
  return {
    name: 'inline',
    title: '',
    about: '',
    build: (world) => {
      const { inputs, ...scene } = shop(world, { targetGroups: 0, ...options })
      return { ...scene, inputs: { ...inputs, 'bake-time': '20s' } }
    },
    expect: { outcome: '', exitCode: 0 },
    ...more
  }
}

export interface Told {
  played: Played
  hub: GitHub
  pull: PullHandle
  ours: { id: number; body: string }[]
}

/** Plays a deploy of a merged pull request. `before` sets GitHub up. */
export async function deploy(
  before: (hub: GitHub) => void = () => undefined,
  options: Partial<PlayOptions> = {},
  which = story()
): Promise<Told> {
  let hub: GitHub | undefined
  let pull: PullHandle | undefined
  const played = await playStory(which, {
    pace: 'lockstep',
    hub: (world) => {
      hub = createGitHub(world)
      pull = merged(hub)
      before(hub)
      return hub
    },
    ...options
  })
  return { played, hub: hub!, pull: pull!, ours: oursOf(hub!) }
}

export function merged(hub: GitHub): PullHandle {
  const pull = hub.pull({ title: 'Change the shop', head: { ref: 'change', sha: '1'.repeat(40) } })
  pull.merge(sha)
  hub.branch('main', sha)
  return pull
}

export const oursOf = (hub: GitHub) =>
  hub.comments.filter((c) => c.author === bot && c.body.startsWith(`${markerOf(key)}\n`))
export const writesOf = (hub: GitHub) => hub.journal.entries.filter((e) => e.write && e.error === undefined)
export const noticesOf = ({ result }: Played) =>
  [...result.annotations, ...(result.post?.annotations ?? [])].filter((a) => a.kind === 'notice')
export const attempt = (run: string, at: number, more: Partial<Attempt> = {}): Attempt => ({
  run,
  attempt: 1,
  at,
  ...more
})
export const commentBy = (current: Attempt) =>
  `${markerOf(key)}\n${stateLine({ current, past: [] })}\n\nold words`
