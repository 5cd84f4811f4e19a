import { shop } from '../shop.js'
import { deployed, type Story } from '../story.js'

export const slowStartWithGrace: Story = {
  name: 'slow-start-with-grace',
  title: 'The same slow start with a grace period of 300 seconds: healthy',
  about:
    'The same image that loops for ever in replacement-loop-without-grace. For 300 seconds after its start ECS ignores ' +
    'the failing checks, and long before that each task answers.',
  build(world) {
    return shop(world, { image: { healthyAfter: 90 }, service: { gracePeriodSeconds: 300 } })
  },
  expect: deployed
}
