import { shop } from '../shop.js'
import { rolledBack, type Story } from '../story.js'

export const hangsLater: Story = {
  name: 'hangs-later',
  title: 'The new tasks are healthy for a minute, then answer nothing any more',
  about:
    'A pool of connections runs dry. The deployment is complete by then; every new task hangs in its turn, and ECS ' +
    'replaces it without a word about failure.',
  build(world) {
    return shop(world, { image: { turns: { after: 70, into: 'timeout' } } })
  },
  expect: rolledBack('flapping', /times out/)
}
