import { shop } from '../shop.js'
import { deployed, type Story } from '../story.js'

export const throttled: Story = {
  name: 'throttled',
  title: 'AWS throttles every third kind of request',
  about:
    'Somebody else in the account polls hard: DescribeServices, DescribeTasks and DescribeTargetHealth are refused ' +
    'again and again with "Rate exceeded".',
  build(world) {
    const throttle = (operation: string, fromCall: number, calls: number) =>
      ({ fault: { kind: 'throttle' }, operation, fromCall, calls }) as const
    return {
      ...shop(world),
      faults: [
        throttle('DescribeServices', 3, 4),
        throttle('UpdateService', 1, 2),
        throttle('DescribeTasks', 2, 3),
        throttle('DescribeTargetHealth', 2, 5)
      ]
    }
  },
  expect: deployed
}
