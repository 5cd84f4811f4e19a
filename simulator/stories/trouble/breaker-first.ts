import { shop } from '../shop.js'
import { rolledBack, type Story } from '../story.js'

export const breakerFirst: Story = {
  name: 'breaker-first',
  title: 'The circuit breaker of ECS is quicker, and rolls back itself',
  about:
    'The breaker trips at the first failed task, and the action looks once a minute only. When it looks, ECS is already ' +
    'putting the old revision back: that is watched until it is healthy, and not raced.',
  build(world) {
    const { service, inputs } = shop(world, {
      image: { exits: { code: 1, after: 1 } },
      service: {
        circuitBreaker: {
          enable: true,
          rollback: true,
          thresholdConfiguration: { type: 'COUNT', value: 1 }
        }
      }
    })
    return { service, inputs: { ...inputs, 'poll-interval': '60s' } }
  },
  expect: rolledBack('container-exit')
}
