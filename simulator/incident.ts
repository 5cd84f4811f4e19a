/** `npm run demo -- diagnose`: one incident, from 503 to healthy. */
import type { Stage } from './play.js'
import { openStory } from './play.js'
import { storyNamed } from './stories/index.js'
import type { WorkflowCommand } from './workflow-commands.js'

/** Where the incident is told. */
export interface Telling {
  heading: (text: string) => void
  line: (line: string, source: unknown, command: WorkflowCommand | undefined) => void
}

const minutes = (n: number): number => n * 60_000

/** Plays it; true when the service was ill, the fix was said, and it is well after that was done. */
export async function incident({ heading, line }: Telling): Promise<boolean> {
  const stage = await openStory(storyNamed('prooflink-503'), {
    pace: 'lockstep',
    env: { NO_COLOR: '1' },
    onLine: line
  })
  const inputs = { mode: 'diagnose', environment: '', images: '' }
  try {
    heading('The site answers 503. Why?')
    const ill = await stage.run({ inputs })
    const { fix = '' } = (ill.report as { ending: { fix?: string } }).ending
    const attached = attach(stage, fix)
    if (attached === undefined) return false
    heading('Done as it says:')
    line(`$ ${attached}`, undefined, undefined)
    heading('Ten minutes later:')
    stage.world.clock.advanceBy(minutes(10))
    const well = await stage.run({ inputs })
    return ill.result.outputs['outcome'] === 'problems' && well.result.outputs['outcome'] === 'ok'
  } finally {
    await stage.close()
  }
}

/** Does what `aws ecs update-service --load-balancers …` does, and gives it; undefined when the fix says nothing of the kind. */
function attach({ world, scene }: Stage, fix: string): string | undefined {
  const said = /targetGroupArn=([^,\s]+),containerName=([^,\s]+),containerPort=(\d+)/.exec(fix)
  if (said === null) return undefined
  const [, targetGroupArn, containerName, port] = said
  world.ecs.updateService(scene.service, {
    loadBalancers: [{ targetGroupArn, containerName, containerPort: Number(port) }],
    healthCheckGracePeriodSeconds: 60
  })
  return /aws ecs update-service .*/.exec(fix)?.[0]
}
