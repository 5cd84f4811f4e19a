import { shop } from '../shop.js'
import { deployed, onFirstDeployment, type Story } from '../story.js'

export const oldTaskCrashes: Story = {
  name: 'old-task-crashes',
  title: 'A task of the old revision crashes while the new ones start',
  about:
    'ECS replaces it by one of its own revision. That failure belongs to the old deployment and says nothing of ours.',
  build(world) {
    const scene = shop(world)
    onFirstDeployment(world, scene.service, () => {
      world.clock.after(20_000, () => {
        const old = scene.service.tasks.find((t) => t.deploymentId !== scene.service.primary.id)
        if (old) world.ecs.misbehave(old.arn, { exits: { code: 1, after: 0 } })
      })
    })
    return scene
  },
  expect: deployed
}
