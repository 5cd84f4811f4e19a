import { shop } from '../shop.js'
import { deployed, type Story } from '../story.js'

export const replacementFlapsOnce: Story = {
  name: 'replacement-flaps-once',
  title: 'One new task turns unhealthy once, after it was healthy',
  about:
    'The first start answers 500 from its ninetieth second on, is replaced, and its replacement is well: one failed ' +
    'task is tolerated.',
  build(world) {
    return shop(world, { image: [{ turns: { after: 90, into: { status: 500 } } }, {}] })
  },
  expect: deployed
}
