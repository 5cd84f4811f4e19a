import { shop } from '../shop.js'
import { deployed, type Story } from '../story.js'

export const staleReads: Story = {
  name: 'stale-reads',
  title: 'DescribeServices answers as of before the update for twenty seconds',
  about:
    'ECS is eventually consistent: the deployment that UpdateService returned is not in the list yet. That is neither ' +
    'success nor somebody else.',
  build(world) {
    return { ...shop(world), faults: [{ fault: { kind: 'stale', seconds: 20 } }] }
  },
  expect: deployed
}
