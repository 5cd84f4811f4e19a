import { shop } from '../shop.js'
import { rolledBack, type Story } from '../story.js'

export const wrongPlatform: Story = {
  name: 'wrong-platform',
  title: 'The image was built for another processor',
  about:
    'Built on a laptop with ARM, to run on X86_64: the index has no manifest for linux/amd64. No other try can help.',
  build(world) {
    return shop(world, { image: { fails: 'wrong-platform' } })
  },
  expect: rolledBack('image-platform-mismatch')
}
