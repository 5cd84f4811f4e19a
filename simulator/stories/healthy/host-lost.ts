import { shop } from '../shop.js'
import { deployed, onFirstDeployment, type Story } from '../story.js'

export const hostLost: Story = {
  name: 'host-lost',
  title: 'The host under a new Fargate task fails',
  about:
    'Its containers are gone with exit code 137 and the stop code says InfrastructureHealth: nobody killed it for ' +
    'being bad.',
  build(world) {
    const scene = shop(world)
    onFirstDeployment(world, scene.service, () => {
      world.clock.after(70_000, () => {
        const task = scene.service.tasks.find((t) => t.deploymentId === scene.service.primary.id)
        if (task) world.ecs.loseHost(task.arn)
      })
    })
    return scene
  },
  expect: deployed
}
