import { shop } from '../shop.js'
import { deployed, type Story } from '../story.js'

export const multiPlatform: Story = {
  name: 'multi-platform',
  title: 'The image is an index of two platforms',
  about:
    'One digest names the index; each platform has a manifest of its own. The environment tag goes to the index.',
  build(world) {
    return shop(world, { push: { form: 'index' } })
  },
  expect: deployed
}
