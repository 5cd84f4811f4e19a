import { shop } from '../shop.js'
import { rolledBack, type Story } from '../story.js'

export const wrongPort: Story = {
  name: 'wrong-port',
  title: 'The application listens on another port than the load balancer asks',
  about:
    'It runs and says so in its log, on 3000. The target group asks 8080, and the connection is refused.',
  build(world) {
    return shop(world, { image: { listensOn: 3000 } })
  },
  expect: rolledBack('elb-health-unreachable')
}
