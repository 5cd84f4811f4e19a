import { shop } from '../shop.js'
import { deployed, type Story } from '../story.js'

export const allAtOnce: Story = {
  name: 'all-at-once',
  title: 'Minimum 0 percent: everything stops, then everything starts',
  about:
    'Between the last old task and the first new one nothing runs. For a service that chose 0/100 that is a ' +
    'deployment, not an outage.',
  build(world) {
    return shop(world, { service: { minimumHealthyPercent: 0, maximumPercent: 100 } })
  },
  expect: deployed
}
