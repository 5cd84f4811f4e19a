import { shop } from '../shop.js'
import { rolledBack, type Story } from '../story.js'

export const logNetwork: Story = {
  name: 'log-network',
  title: 'The tasks cannot reach CloudWatch Logs',
  about: 'The log driver cannot be initialised: the endpoint does not answer.',
  build(world) {
    return shop(world, { image: { fails: 'log-network' } })
  },
  expect: rolledBack('log-network')
}
