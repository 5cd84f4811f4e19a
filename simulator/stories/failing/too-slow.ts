import { shop } from '../shop.js'
import { rolledBack, type Story } from '../story.js'

export const tooSlow: Story = {
  name: 'too-slow',
  title: 'The application answers health checks after the timeout of the load balancer',
  about: 'Every check ends with "Request timed out", past the grace period. ECS replaces the tasks for it.',
  build(world) {
    return shop(world, { image: { healthCheck: 'timeout' } })
  },
  expect: rolledBack('elb-health-timeout')
}
