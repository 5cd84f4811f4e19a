import { shop } from '../shop.js'
import { rolledBack, type Story } from '../story.js'

export const pullRateLimit: Story = {
  name: 'pull-rate-limit',
  title: 'Docker Hub has had enough of this address',
  about: 'toomanyrequests: the anonymous pull limit is reached. A base image in ECR would not meet it.',
  build(world) {
    return shop(world, { image: { fails: 'rate-limit' } })
  },
  expect: rolledBack('image-pull-rate-limit')
}
