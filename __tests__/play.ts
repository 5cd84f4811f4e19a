/** Stories as tests play them: every run, whatever it is about, is held to the policy of its mode. */
import * as simulator from '../simulator/play.js'
import type { PlayOptions, Played, Stage } from '../simulator/play.js'
import type { Story } from '../simulator/stories/index.js'
import { expectAllowed } from './contract/policy.js'

export type { PlayOptions, Played, Stage } from '../simulator/play.js'

/** As the simulator's own; the run is held to its policy. */
export async function openStory(story: Story, options: PlayOptions): Promise<Stage> {
  const stage = await simulator.openStory(story, options)
  const run: Stage['run'] = async (again = {}) => {
    const played = await stage.run(again)
    const { mode = 'deploy' } = { ...stage.scene.inputs, ...options.inputs, ...again.inputs }
    expectAllowed(mode, played.journal)
    return played
  }
  return { ...stage, run }
}

/** As the simulator's own; the run is held to its policy. */
export async function playStory(story: Story, options: PlayOptions): Promise<Played> {
  const stage = await openStory(story, options)
  try {
    return await stage.run()
  } finally {
    await stage.close()
  }
}
