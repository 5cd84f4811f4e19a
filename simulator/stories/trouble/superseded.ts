import { shop } from '../shop.js'
import { onFirstDeployment, type Story } from '../story.js'

export const superseded: Story = {
  name: 'superseded',
  title: 'Somebody else deploys 45 seconds later',
  about:
    'A newer deployment takes over while ours is under way. What serves is theirs to answer for; it is not rolled back over.',
  build(world) {
    const scene = shop(world)
    const theirs = scene.repository.push({ tags: ['hotfix'] })
    onFirstDeployment(world, scene.service, () => {
      world.clock.after(45_000, () => {
        const { containerDefinitions } = scene.taskDefinition.raw as { containerDefinitions: object[] }
        const revision = world.ecs.taskDefinition({
          ...scene.taskDefinition.raw,
          family: 'shop-web',
          containerDefinitions: containerDefinitions.map((container) => ({ ...container, image: theirs.uri }))
        })
        world.ecs.updateService(scene.service, { taskDefinition: revision.arn })
      })
    })
    return scene
  },
  expect: { outcome: 'superseded', reasonCode: 'superseded', exitCode: 1 }
}
