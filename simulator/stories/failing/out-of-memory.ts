import { shop } from '../shop.js'
import { rolledBack, type Story } from '../story.js'

export const outOfMemory: Story = {
  name: 'out-of-memory',
  title: 'The application is killed for memory while it loads its data',
  about:
    'Exit code 137, and the reason on the container says OutOfMemoryError. More memory or less data; another try ' +
    'helps nobody.',
  build(world) {
    return shop(world, { image: { oom: { after: 20 } } })
  },
  expect: rolledBack('container-oom')
}
