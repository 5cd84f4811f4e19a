import { shop } from '../shop.js'
import { rolledBack, type Story } from '../story.js'

export const endsByItself: Story = {
  name: 'ends-by-itself',
  title: 'The application does its work and exits with code 0',
  about:
    'A job was deployed as a service. Exit code 0 is no success here: the essential container is gone, and the task ' +
    'with it.',
  build(world) {
    return shop(world, { image: { exits: { code: 0, after: 5 } } })
  },
  expect: rolledBack('container-exit')
}
