import { shop } from '../shop.js'
import { rolledBack, type Story } from '../story.js'

export const noRoom: Story = {
  name: 'no-room',
  title: 'The EC2 instances have no room for a new task',
  about:
    'Two instances, full of old tasks; the deployment wants the new ones first, and no instance has the memory. A new ' +
    'deployment of the old revision would need room too, so ECS is asked to go back: it keeps the old tasks.',
  build(world) {
    const { service, inputs } = shop(world, { ec2: true, memory: '1900', service: { desiredCount: 4 } })
    return { service, inputs: { ...inputs, timeout: '10m' } }
  },
  expect: rolledBack('capacity')
}
