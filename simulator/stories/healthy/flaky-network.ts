import { shop } from '../shop.js'
import { deployed, type Story } from '../story.js'

export const flakyNetwork: Story = {
  name: 'flaky-network',
  title: 'Connections are reset and AWS answers 500 now and then',
  about:
    'A proxy between the runner and AWS drops connections, and twice AWS itself has an internal error. Nothing of ' +
    'that is news about the service.',
  build(world) {
    return {
      ...shop(world),
      faults: [
        { fault: { kind: 'connection-reset' }, operation: 'DescribeServices', fromCall: 4, calls: 2 },
        { fault: { kind: 'connection-reset' }, operation: 'ListTasks', fromCall: 2, calls: 1 },
        { fault: { kind: 'server-error' }, operation: 'DescribeTasks', fromCall: 3, calls: 2 },
        { fault: { kind: 'server-error' }, operation: 'DescribeServices', fromCall: 9, calls: 1 }
      ]
    }
  },
  expect: deployed
}
