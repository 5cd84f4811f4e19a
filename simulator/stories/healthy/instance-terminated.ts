import { shop } from '../shop.js'
import { deployed, onFirstDeployment, type Story } from '../story.js'

export const instanceTerminated: Story = {
  name: 'instance-terminated',
  title: 'An EC2 instance is terminated during the deployment',
  about:
    'Old and new tasks on it die together. There is room on the other instance, and the deployment goes on there.',
  build(world) {
    const scene = shop(world, { ec2: true })
    const { instanceId } = world.ecs.containerInstance('shop')
    onFirstDeployment(world, scene.service, () => {
      world.clock.after(60_000, () => world.ecs.loseHost(instanceId))
    })
    return scene
  },
  expect: deployed
}
