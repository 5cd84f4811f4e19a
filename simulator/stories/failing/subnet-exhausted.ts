import { shop } from '../shop.js'
import { rolledBack, type Story } from '../story.js'

export const subnetExhausted: Story = {
  name: 'subnet-exhausted',
  title: 'The subnet has no free address left',
  about: 'Each task needs one. Old tasks hold theirs, and there is none for the new ones.',
  build(world) {
    return shop(world, { image: { fails: 'subnet-full' } })
  },
  expect: rolledBack('subnet-exhausted')
}
