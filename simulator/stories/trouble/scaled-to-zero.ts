import { shop } from '../shop.js'
import { onFirstDeployment, type Story } from '../story.js'

export const scaledToZero: Story = {
  name: 'scaled-to-zero',
  title: 'Somebody scales the service to 0 in the middle of the deployment',
  about:
    'ECS completes the deployment, 0 of 0 tasks run, and every simple check is satisfied. Nothing serves, so nothing ' +
    'was shown healthy, and nothing is known to be bad either.',
  build(world) {
    const { service, inputs } = shop(world)
    onFirstDeployment(world, service, () => {
      world.clock.after(40_000, () => world.ecs.scale(service, 0))
    })
    return { service, inputs: { ...inputs, timeout: '10m' } }
  },
  expect: { outcome: 'inconclusive', reasonCode: 'stuck', exitCode: 1 }
}
