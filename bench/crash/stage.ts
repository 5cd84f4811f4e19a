/** Opens the world of a case: in lock step, as it stands when the run begins. */
import type { World } from '../../simulator/index.js'
import { openStory, type Stage } from '../../simulator/play.js'
import type { CrashCase, CrashScene } from './cases.js'

/**
 * The stage of a case, whose scene `change` may alter; the caller closes it. `SWEEP_ACTION` names another build of the
 * action: one that is broken on purpose, say, to see the sweep catch it.
 */
export async function openCase(
  of: CrashCase,
  change: (scene: CrashScene, world: World) => CrashScene
): Promise<Stage> {
  const action = process.env['SWEEP_ACTION']
  return await openStory(
    {
      name: of.name,
      title: '',
      about: '',
      build: (world) => change(of.build(world), world),
      expect: { outcome: '', exitCode: 0 }
    },
    { pace: 'lockstep', ...(action === undefined ? {} : { action }) }
  )
}
