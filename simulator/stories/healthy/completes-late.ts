import { shop } from '../shop.js'
import { deployed, type Story } from '../story.js'

export const completesLate: Story = {
  name: 'completes-late',
  title: 'All tasks run, and ECS says IN_PROGRESS for 25 seconds more',
  about:
    'Running equals desired, every target is healthy, and the deployment is still not COMPLETED. Green before that would be a guess.',
  world: { timings: { settle: 25 } },
  build(world) {
    return shop(world)
  },
  expect: deployed
}
