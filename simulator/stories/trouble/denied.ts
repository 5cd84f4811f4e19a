import { shop } from '../shop.js'
import { red, type Story } from '../story.js'

export const denied: Story = {
  name: 'denied',
  title: 'The role may not look at the service any more',
  about:
    'Somebody edits the policy while the deployment runs: DescribeServices is denied from then on. Nobody knows how ' +
    'it went, so nothing is undone and nothing is green.',
  build(world) {
    return {
      ...shop(world),
      faults: [{ fault: { kind: 'access-denied' }, operation: 'DescribeServices', fromCall: 5 }]
    }
  },
  expect: red('inconclusive', 'aws-denied')
}
