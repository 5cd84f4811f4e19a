import { shop } from '../shop.js'
import { rolledBack, type Story } from '../story.js'

export const memoryLeak: Story = {
  name: 'memory-leak',
  title: 'The new tasks are healthy for a minute, then killed for memory',
  about:
    'Each new task gets healthy, so the old ones go and ECS forgets the failures before; then its memory is full. ECS ' +
    'would go on replacing them for ever.',
  build(world) {
    return shop(world, { image: { oom: { after: 70 } } })
  },
  expect: rolledBack('flapping', /memory/)
}
