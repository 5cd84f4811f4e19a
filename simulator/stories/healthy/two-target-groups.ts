import { shop } from '../shop.js'
import { deployed, type Story } from '../story.js'

export const twoTargetGroups: Story = {
  name: 'two-target-groups',
  title: 'A good image behind two target groups',
  about: 'Each task is a target on port 8080 of one group and on port 9090 of another; both must be healthy.',
  build(world) {
    return shop(world, { targetGroups: 2 })
  },
  expect: deployed
}
