import { shop } from '../shop.js'
import { deployed, type Story } from '../story.js'

export const oldTasksLinger: Story = {
  name: 'old-tasks-linger',
  title: 'ECS calls it successful while old tasks still run',
  about:
    'earlySuccessCriteria with DEFERRED clean-up: COMPLETED no longer means that the old tasks are gone.',
  build(world) {
    return shop(world, {
      deregistrationDelaySeconds: 120,
      service: {
        desiredCount: 4,
        earlySuccessCriteria: { enable: true, healthyPercent: 75, sourceServiceRevisionCleanup: 'DEFERRED' }
      }
    })
  },
  expect: deployed
}
