import { shop } from '../shop.js'
import { rolledBack, type Story } from '../story.js'

export const checkFails: Story = {
  name: 'check-fails',
  title: 'The container health check fails in every new task',
  about:
    'The program is there and answers no: the application cannot reach its database. The target group knows nothing ' +
    'of it.',
  build(world) {
    return shop(world, {
      image: { containerHealth: 'fails' },
      healthCheck: { command: ['CMD-SHELL', './healthy'], interval: 10, retries: 3 }
    })
  },
  expect: rolledBack('container-health-check')
}
