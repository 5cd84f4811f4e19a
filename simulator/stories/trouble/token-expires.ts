import { shop } from '../shop.js'
import { red, type Story } from '../story.js'

export const tokenExpires: Story = {
  name: 'token-expires',
  title: 'The session of the role ends before the deployment does',
  about:
    'The credentials were good for the first minute. After that AWS answers every request with "token expired".',
  build(world) {
    const from = world.clock.now() + 60_000
    return { ...shop(world), faults: [{ fault: { kind: 'expired-token' }, after: from }] }
  },
  expect: red('inconclusive', 'aws-expired')
}
