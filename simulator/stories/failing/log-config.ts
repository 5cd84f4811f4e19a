import { shop } from '../shop.js'
import { rolledBack, type Story } from '../story.js'

export const logConfig: Story = {
  name: 'log-config',
  title: 'The log driver has an option that does not exist',
  about: 'A typing mistake in logConfiguration.options. The container never starts.',
  build(world) {
    return shop(world, { image: { fails: 'log-config' } })
  },
  expect: rolledBack('log-config')
}
