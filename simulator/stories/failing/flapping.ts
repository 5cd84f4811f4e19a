import { shop } from '../shop.js'
import { rolledBack, type Story } from '../story.js'

export const flapping: Story = {
  name: 'flapping',
  title: 'The new tasks get healthy and die two minutes later, again and again',
  about:
    'Each turn is long enough for ECS to forget the failures before: its breaker would let this go on for ever.',
  build(world) {
    return shop(world, {
      image: { exits: { code: 1, after: 120 } },
      service: { circuitBreaker: { enable: true, rollback: true } }
    })
  },
  expect: rolledBack('flapping')
}
