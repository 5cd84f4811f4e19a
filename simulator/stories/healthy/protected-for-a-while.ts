import { shop } from '../shop.js'
import { deployed, onFirstDeployment, type Story } from '../story.js'

export const protectedForAWhile: Story = {
  name: 'protected-for-a-while',
  title: 'An old task protects itself for four minutes',
  about:
    'It works on something that must not be cut off. The deployment cannot stop it and says so; when the protection ' +
    'ends, it goes on.',
  build(world) {
    const scene = shop(world)
    onFirstDeployment(world, scene.service, () => {
      const old = scene.service.tasks.find((t) => t.deploymentId !== scene.service.primary.id)
      if (old) world.ecs.protect(old.arn, 4)
    })
    return scene
  },
  expect: deployed
}
