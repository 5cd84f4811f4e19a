import { shop } from '../shop.js'
import { rolledBack, type Story } from '../story.js'

export const crashAtStart: Story = {
  name: 'crash-at-start',
  title: 'The application exits with code 1 as soon as it starts',
  about:
    'A configuration value is missing. Without load balancer and health check nothing stands in the way: start, exit, ' +
    'start, exit.',
  build(world) {
    return shop(world, { image: { exits: { code: 1, after: 1 } }, targetGroups: 0 })
  },
  expect: rolledBack('container-exit', /exit(s|ed) with (code )?1/)
}
