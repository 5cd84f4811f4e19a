import { shop } from '../shop.js'
import { rolledBack, type Story } from '../story.js'

export const networkInterface: Story = {
  name: 'network-interface',
  title: 'The network interface of the tasks cannot be made',
  about:
    'Unexpected EC2 error while attempting to Create Network Interface: the task stops before it pulls anything.',
  build(world) {
    return shop(world, { image: { fails: 'eni-failed' } })
  },
  expect: rolledBack('network-interface')
}
