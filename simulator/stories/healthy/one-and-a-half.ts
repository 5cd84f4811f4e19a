import { shop } from '../shop.js'
import { deployed, type Story } from '../story.js'

export const oneAndAHalf: Story = {
  name: 'one-and-a-half',
  title: 'Three tasks at most while two are wanted',
  about: 'Maximum 150 percent of two tasks: there is room for one new task at a time.',
  build(world) {
    return shop(world, { service: { maximumPercent: 150 } })
  },
  expect: deployed
}
