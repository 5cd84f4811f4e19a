import { shop } from '../shop.js'
import { rolledBack, type Story } from '../story.js'

export const replacementLoopWithoutGrace: Story = {
  name: 'replacement-loop-without-grace',
  title: 'A slow start without a grace period: replaced before it can answer, for ever',
  about:
    'The application needs ninety seconds to load its caches. Without healthCheckGracePeriodSeconds ECS takes the failing ' +
    'checks at their word and replaces each task before it is ready. The image is good; the setting makes the loop.',
  build(world) {
    return shop(world, { image: { healthyAfter: 90 }, service: { gracePeriodSeconds: 0 } })
  },
  expect: rolledBack('elb-health-unreachable')
}
