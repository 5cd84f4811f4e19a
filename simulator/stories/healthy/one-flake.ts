import { shop } from '../shop.js'
import { deployed, type Story } from '../story.js'

export const oneFlake: Story = {
  name: 'one-flake',
  title: 'One new task dies once; the deployment is good',
  about:
    'The very first start exits with code 1 after 20 seconds (a database connection that was not there yet). Its replacement and all others work.',
  build(world) {
    return shop(world, { image: [{ exits: { code: 1, after: 20 } }, {}] })
  },
  expect: deployed
}
