import { shop } from '../shop.js'
import { deployed, type Story } from '../story.js'

export const noLoadBalancer: Story = {
  name: 'no-load-balancer',
  title: 'A good image in a service without load balancer',
  about:
    'There is no target to ask: a task counts as healthy once it has been running for a while and stays so.',
  build(world) {
    return shop(world, { targetGroups: 0 })
  },
  expect: deployed
}
