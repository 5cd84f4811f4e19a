import { shop } from '../shop.js'
import { deployed, type Story } from '../story.js'

export const stopBeforeStart: Story = {
  name: 'stop-before-start',
  title: 'At most 100 percent: an old task goes before a new one may come',
  about:
    'Minimum 50 and maximum 100 percent of two tasks: one by one, stop and start in turn, never fewer than one.',
  build(world) {
    return shop(world, { service: { minimumHealthyPercent: 50, maximumPercent: 100 } })
  },
  expect: deployed
}
