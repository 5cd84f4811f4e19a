import { shop } from '../shop.js'
import { rolledBack, type Story } from '../story.js'

export const errorsLater: Story = {
  name: 'errors-later',
  title: 'The new tasks are healthy for a minute, then answer 500',
  about: 'A login that is good for a minute only. Until then all is green, and ECS calls it completed.',
  build(world) {
    return shop(world, { image: { turns: { after: 70, into: { status: 500 } } } })
  },
  expect: rolledBack('flapping', /500/)
}
