import { shop } from '../shop.js'
import { rolledBack, type Story } from '../story.js'

export const breakerUnseen: Story = {
  name: 'breaker-unseen',
  title: 'ECS ends the deployment, and the role may not see why',
  about:
    'The tasks crash, the circuit breaker is quicker than the next look and rolls back. Without ecs:ListTasks the ' +
    'crash cannot be read; what ECS says itself is the reason.',
  build(world) {
    const breaker = {
      enable: true,
      rollback: true,
      thresholdConfiguration: { type: 'COUNT', value: 1 }
    } as const
    const { service, inputs } = shop(world, {
      image: { exits: { code: 1, after: 1 } },
      service: { circuitBreaker: breaker }
    })
    return {
      service,
      inputs: { ...inputs, 'poll-interval': '60s' },
      faults: [{ fault: { kind: 'access-denied' }, operation: 'ListTasks' }]
    }
  },
  expect: rolledBack('circuit-breaker')
}
