import { shop } from '../shop.js'
import { deployed, type Story } from '../story.js'

export const slowStart: Story = {
  name: 'slow-start',
  title: 'An application that needs two and a half minutes to start, within its grace period',
  about:
    'Its target is unhealthy for ten checks in a row, and ECS ignores that for the 240 seconds of the grace period. So must the action.',
  build(world) {
    return shop(world, { image: { healthyAfter: 150 }, service: { gracePeriodSeconds: 240 } })
  },
  expect: deployed
}
