import { shop } from '../shop.js'
import { deployed, type Story } from '../story.js'

export const slowDrain: Story = {
  name: 'slow-drain',
  title: 'The old tasks drain for five minutes',
  about:
    'With the default deregistration delay of 300 seconds ECS says IN_PROGRESS long after the last new task is ' +
    'healthy.',
  build(world) {
    return shop(world, { deregistrationDelaySeconds: 300 })
  },
  expect: deployed
}
