import { shop } from '../shop.js'
import { deployed, onFirstDeployment, type Story } from '../story.js'

export const personStopsATask: Story = {
  name: 'person-stops-a-task',
  title: 'A person stops a new task by hand in the middle of the deployment',
  about: 'The console says "Task stopped by user". ECS starts another one; the image is not to blame.',
  build(world) {
    const scene = shop(world)
    onFirstDeployment(world, scene.service, () => {
      world.clock.after(90_000, () => {
        const task = scene.service.tasks.find((t) => t.deploymentId === scene.service.primary.id)
        if (task) world.ecs.stopTask(task.arn)
      })
    })
    return scene
  },
  expect: deployed
}
