import { shop } from '../shop.js'
import { red, type Story } from '../story.js'

export const busyRefused: Story = {
  name: 'busy-refused',
  title: 'Another deployment is in progress, and the workflow says refuse',
  about:
    'Somebody forced a new deployment a minute ago. With `busy: refuse` the run ends at once, and nothing is written.',
  build(world) {
    const { service, inputs } = shop(world)
    world.ecs.updateService(service, { forceNewDeployment: true })
    world.clock.advanceBy(60_000)
    return { service, inputs: { ...inputs, busy: 'refuse' } }
  },
  expect: red('refused', 'busy')
}
