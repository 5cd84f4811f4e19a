import { shop } from '../shop.js'
import { rolledBack, type Story } from '../story.js'

export const noCapacity: Story = {
  name: 'no-capacity',
  title: 'Fargate has no capacity in this zone',
  about:
    'No task of the new revision can be placed. That may pass, so it is waited for; at the deadline it is the reason.',
  build(world) {
    const { service, inputs } = shop(world, { image: { fails: 'no-capacity' } })
    return { service, inputs: { ...inputs, timeout: '10m' } }
  },
  expect: rolledBack('capacity')
}
