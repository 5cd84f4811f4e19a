import { shop } from '../shop.js'
import { rolledBack, type Story } from '../story.js'

export const secretMissing: Story = {
  name: 'secret-missing',
  title: 'A secret that the new revision names does not exist',
  about:
    'Its ARN has a typing mistake. Every task stops before its container starts, and another try cannot help.',
  build(world) {
    return shop(world, { image: { fails: 'secret-missing' } })
  },
  expect: rolledBack('secret-missing')
}
