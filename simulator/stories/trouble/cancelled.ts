import { shop } from '../shop.js'
import { red, type Story } from '../story.js'

export const cancelled: Story = {
  name: 'cancelled',
  title: 'Somebody cancels the run in the middle of the deployment',
  about:
    'A minute after its start, with new tasks half way up. The runner gives seconds; what was begun is undone, and ' +
    'the post step watches it.',
  cancelAt: 60_000,
  build(world) {
    return shop(world)
  },
  expect: red('cancelled', 'cancelled')
}
