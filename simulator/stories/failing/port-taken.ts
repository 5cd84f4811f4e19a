import { shop } from '../shop.js'
import { rolledBack, type Story } from '../story.js'

export const portTaken: Story = {
  name: 'port-taken',
  title: 'The host port of the new tasks is taken by the old ones',
  about:
    'A fixed host port on EC2 instances, and an old task on each of them: no place is left for a new task. Going back ' +
    'by StopServiceDeployment needs none: the old tasks serve on.',
  build(world) {
    const { service, inputs } = shop(world, { ec2: true, hostPort: 8080 })
    return { service, inputs: { ...inputs, timeout: '10m' } }
  },
  expect: rolledBack('port-conflict')
}
