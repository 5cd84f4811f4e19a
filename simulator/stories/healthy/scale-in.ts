import { shop } from '../shop.js'
import { deployed, onFirstDeployment, type Story } from '../story.js'

export const scaleIn: Story = {
  name: 'scale-in',
  title: 'Auto scaling takes two of four tasks away during the deployment',
  about:
    'New tasks are stopped because fewer are wanted, not because they are bad. Two tasks of the new revision remain.',
  build(world) {
    const scene = shop(world, { service: { desiredCount: 4 } })
    onFirstDeployment(world, scene.service, () => {
      world.clock.after(75_000, () => world.ecs.scale(scene.service, 2))
    })
    return scene
  },
  expect: deployed
}
