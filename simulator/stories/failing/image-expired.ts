import { shop } from '../shop.js'
import { onFirstDeployment, rolledBack, type Story } from '../story.js'

export const imageExpired: Story = {
  name: 'image-expired',
  title: 'The image is gone when the tasks come to pull it',
  about:
    'It was there when the plan was made. Then somebody deleted it: each task waits out seven pull attempts and stops ' +
    'with CannotPullContainerError, and no further try can help.',
  build(world) {
    const scene = shop(world)
    onFirstDeployment(world, scene.service, () => scene.repository.expire(scene.digest))
    return scene
  },
  expect: rolledBack('image-not-found')
}
