import { shop } from '../shop.js'
import { deployed, onFirstDeployment, type Story } from '../story.js'

export const scaleOut: Story = {
  name: 'scale-out',
  title: 'Auto scaling adds two tasks during the deployment',
  about: 'Two tasks become four in the middle of it. All four must be healthy before it counts.',
  build(world) {
    const scene = shop(world)
    onFirstDeployment(world, scene.service, () => {
      world.clock.after(50_000, () => world.ecs.scale(scene.service, 4))
    })
    return scene
  },
  expect: deployed
}
