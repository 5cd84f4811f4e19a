import { shop } from '../shop.js'
import { rolledBack, type Story } from '../story.js'

export const elb404: Story = {
  name: 'elb-404',
  title: 'The health check path answers 404',
  about:
    'The application runs and answers, but not at /healthz: the load balancer calls every new target unhealthy, and ECS replaces the tasks.',
  build(world) {
    return shop(world, { image: { paths: { '/': 200 } } })
  },
  expect: rolledBack('elb-health-code')
}
