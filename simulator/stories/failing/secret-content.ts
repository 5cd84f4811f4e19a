import { shop } from '../shop.js'
import { rolledBack, type Story } from '../story.js'

export const secretContent: Story = {
  name: 'secret-content',
  title: 'A secret is not the JSON that the revision expects',
  about: 'The definition asks for a key of a JSON object; the secret is a plain word.',
  build(world) {
    return shop(world, { image: { fails: 'secret-content' } })
  },
  expect: rolledBack('secret-content')
}
