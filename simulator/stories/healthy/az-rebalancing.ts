import { shop } from '../shop.js'
import { deployed, type Story } from '../story.js'

export const azRebalancing: Story = {
  name: 'az-rebalancing',
  title: 'The tasks are moved between zones as soon as the deployment is complete',
  about:
    'Chance put most of the new tasks into one zone. With availabilityZoneRebalancing ECS starts another one in the ' +
    'emptier zone and stops one here, in the middle of the bake time: nobody failed.',
  world: { seed: 1 },
  build(world) {
    return shop(world, {
      service: { desiredCount: 4, extra: { availabilityZoneRebalancing: 'ENABLED' } }
    })
  },
  expect: deployed
}
