import { shop } from '../shop.js'
import { rolledBack, type Story } from '../story.js'

export const deadline: Story = {
  name: 'deadline',
  title: 'The new tasks neither run nor die until the deadline',
  about:
    'The image takes an hour to pull. No task fails, none starts, ECS waits without end; after ten minutes the run ' +
    'has waited long enough, and nothing says why.',
  build(world) {
    const { service, inputs } = shop(world, { image: { pullSeconds: 3600 } })
    return { service, inputs: { ...inputs, timeout: '10m' } }
  },
  expect: rolledBack('stuck')
}
