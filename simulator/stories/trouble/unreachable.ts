import { shop } from '../shop.js'
import { red, type Story } from '../story.js'

export const unreachable: Story = {
  name: 'unreachable',
  title: 'The network to AWS breaks and stays broken',
  about:
    'From the second minute on every connection is reset. The deployment may be well or not: that cannot be told from ' +
    'here.',
  build(world) {
    const from = world.clock.now() + 60_000
    return { ...shop(world), faults: [{ fault: { kind: 'connection-reset' }, after: from }] }
  },
  expect: red('inconclusive', 'aws-unreachable')
}
