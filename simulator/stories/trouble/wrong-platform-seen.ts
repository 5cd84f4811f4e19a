import { shop } from '../shop.js'
import { red, type Story } from '../story.js'

export const wrongPlatformSeen: Story = {
  name: 'wrong-platform-seen',
  title: 'The image has no manifest for the processor of the tasks',
  about:
    'Built on a laptop with ARM, to run on Fargate with X86_64. The manifest says so, and the run ends before anything is ' +
    'written.',
  build(world) {
    return shop(world, { push: { platforms: ['linux/arm64'] } })
  },
  expect: red('refused', 'image-platform-mismatch')
}
