import { shop } from '../shop.js'
import { deployed, type Story } from '../story.js'

export const manyTasks: Story = {
  name: 'many-tasks',
  title: 'Twelve tasks behind one load balancer',
  about: 'Two lots, because at most 150 percent may run: more tasks than fit on a page of any answer.',
  build(world) {
    return shop(world, { service: { desiredCount: 12, maximumPercent: 150 } })
  },
  expect: deployed
}
