import { shop } from '../shop.js'
import { rolledBack, type Story } from '../story.js'

export const secretDenied: Story = {
  name: 'secret-denied',
  title: 'The execution role may not read a secret',
  about: 'AccessDeniedException from Secrets Manager, with the name of the role in it.',
  build(world) {
    return shop(world, { image: { fails: 'secret-denied' } })
  },
  expect: rolledBack('secret-denied')
}
