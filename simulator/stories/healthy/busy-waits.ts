import { shop } from '../shop.js'
import { deployed, type Story } from '../story.js'

export const busyWaits: Story = {
  name: 'busy-waits',
  title: 'Another deployment is still in progress when the run starts',
  about: 'Somebody forced a new deployment a minute ago. It is waited for, then ours begins.',
  build(world) {
    const scene = shop(world)
    world.ecs.updateService(scene.service, { forceNewDeployment: true })
    world.clock.advanceBy(60_000)
    return scene
  },
  expect: deployed
}
