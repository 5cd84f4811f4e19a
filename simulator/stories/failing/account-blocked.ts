import { shop } from '../shop.js'
import { rolledBack, type Story } from '../story.js'

export const accountBlocked: Story = {
  name: 'account-blocked',
  title: 'The account is blocked',
  about: 'An unpaid bill, perhaps: AWS places no task any more and says so in an event only.',
  build(world) {
    const { service, inputs } = shop(world, { image: { fails: 'account-blocked' } })
    return { service, inputs: { ...inputs, timeout: '10m' } }
  },
  expect: rolledBack('account-blocked')
}
