import { shop } from '../shop.js'
import { rolledBack, type Story } from '../story.js'

export const pullNetwork: Story = {
  name: 'pull-network',
  title: 'The tasks cannot reach the registry',
  about: 'The subnet has no way out: dial tcp, i/o timeout. The image is fine, the network is not.',
  build(world) {
    return shop(world, { image: { fails: 'pull-network' } })
  },
  expect: rolledBack('image-pull-network')
}
