import { shop } from '../shop.js'
import { red, type Story } from '../story.js'

export const leftAsItIs: Story = {
  name: 'left-as-it-is',
  title: 'The new tasks crash, and the workflow says leave',
  about:
    'With `on-failure: leave` the bad deployment stays for somebody to look at. ECS keeps trying, the old tasks keep ' +
    'serving.',
  build(world) {
    const { service, inputs } = shop(world, { image: { exits: { code: 1, after: 2 } } })
    return { service, inputs: { ...inputs, 'on-failure': 'leave' } }
  },
  expect: red('failed', 'container-exit')
}
