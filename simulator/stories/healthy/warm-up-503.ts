import { shop } from '../shop.js'
import { deployed, type Story } from '../story.js'

export const warmUp503: Story = {
  name: 'warm-up-503',
  title: 'The new tasks answer 503 while they warm up',
  about:
    'They listen at once, answer 503 for 25 seconds and 200 from then on. The target is unhealthy, and needs five ' +
    'good checks to recover; all within the grace period, so it is not a failure.',
  build(world) {
    return shop(world, {
      image: { healthCheck: { status: 503 }, turns: { after: 25, into: { status: 200 } } },
      service: { gracePeriodSeconds: 180 }
    })
  },
  expect: deployed
}
