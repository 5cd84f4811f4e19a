import { shop } from '../shop.js'
import { rolledBack, type Story } from '../story.js'

export const logGroupMissing: Story = {
  name: 'log-group-missing',
  title: 'The log group of the new revision does not exist',
  about:
    'Somebody renamed it. The log driver fails before the container starts, and another try cannot help.',
  build(world) {
    return shop(world, { image: { fails: 'log-group-missing' } })
  },
  expect: rolledBack('log-group-missing')
}
