import { shop } from '../shop.js'
import { deployed, onFirstDeployment, type Story } from '../story.js'

export const spotInterruption: Story = {
  name: 'spot-interruption',
  title: 'Spot capacity is taken away from new tasks in the middle of the deployment',
  about:
    'New tasks on FARGATE_SPOT are interrupted again and again soon after their start, and replaced. That says nothing about the image.',
  build(world) {
    const scene = shop(world, {
      service: { capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }] }
    })
    onFirstDeployment(world, scene.service, () => {
      for (const seconds of [20, 55, 70, 130, 150]) world.clock.after(seconds * 1000, interrupt)
    })
    const interrupt = (): void => {
      const fresh = scene.service.tasks.filter(
        (task) => task.deploymentId === scene.service.primary.id && task.desiredStatus === 'RUNNING'
      )
      const task = fresh.at(-1)
      if (task !== undefined) world.ecs.interruptSpot(task.arn)
    }
    return scene
  },
  expect: deployed
}
