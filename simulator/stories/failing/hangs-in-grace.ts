import { shop } from '../shop.js'
import { rolledBack, type Story } from '../story.js'

export const hangsInGrace: Story = {
  name: 'hangs-in-grace',
  title: 'The new tasks run, answer nothing, and a long grace period protects them',
  about:
    'The application hangs at start. The grace period of an hour keeps ECS from replacing its tasks, so nothing ends ' +
    'this but the deadline of ten minutes; what the load balancer says of the targets is the reason.',
  build(world) {
    const { service, inputs } = shop(world, {
      image: { healthCheck: 'timeout' },
      service: { gracePeriodSeconds: 3600 }
    })
    return { service, inputs: { ...inputs, timeout: '10m' } }
  },
  expect: rolledBack('elb-health-timeout')
}
