import { shop } from '../shop.js'
import { rolledBack, type Story } from '../story.js'

export const killed: Story = {
  name: 'killed',
  title: 'The application is killed from outside, without a word about memory',
  about: 'Exit code 137 alone: something sent SIGKILL. It cannot be told from the code what did.',
  build(world) {
    return shop(world, { image: { exits: { code: 137, after: 12 } } })
  },
  expect: rolledBack('container-killed')
}
