import { shop } from '../shop.js'
import { rolledBack, type Story } from '../story.js'

export const pullDisk: Story = {
  name: 'pull-disk',
  title: 'The disk of the EC2 instances is full',
  about: 'The image cannot be unpacked: no space left on device. Old images fill the instance.',
  build(world) {
    return shop(world, { ec2: true, image: { fails: 'no-space' } })
  },
  expect: rolledBack('image-pull-disk')
}
