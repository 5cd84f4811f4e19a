import { shop } from '../shop.js'
import type { Story } from '../story.js'

export const unchanged: Story = {
  name: 'unchanged',
  title: 'The image that is asked for serves already',
  about:
    'The tag resolves to the digest that the running revision has. Nothing differs, all is healthy, nothing is written.',
  build(world) {
    const { service, repository, inputs } = shop(world, { pinned: true })
    return { service, inputs: { ...inputs, images: `web=${repository.uri}:v1` } }
  },
  expect: { outcome: 'unchanged', exitCode: 0 }
}
