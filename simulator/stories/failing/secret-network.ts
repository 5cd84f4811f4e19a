import { shop } from '../shop.js'
import { rolledBack, type Story } from '../story.js'

export const secretNetwork: Story = {
  name: 'secret-network',
  title: 'The tasks cannot reach Secrets Manager',
  about: 'No endpoint and no way out of the subnet: the secret cannot be fetched in time.',
  build(world) {
    return shop(world, { image: { fails: 'secret-network' } })
  },
  expect: rolledBack('secret-network')
}
