import { shop } from '../shop.js'
import { deployed, type Story } from '../story.js'

export const ec2Instances: Story = {
  name: 'ec2-instances',
  title: 'A good image on EC2 instances, with instance targets and dynamic host ports',
  about:
    'The target is the instance and the host port that Docker picked, so a task is found by its bindings, not by its address.',
  build(world) {
    return shop(world, { ec2: true })
  },
  expect: deployed
}
