import { shop } from '../shop.js'
import { rolledBack, type Story } from '../story.js'

export const pullDenied: Story = {
  name: 'pull-denied',
  title: 'The execution role may not pull the image',
  about: 'The registry answers 403 Forbidden. The image is there; the role of the task may not have it.',
  build(world) {
    return shop(world, { image: { fails: 'pull-forbidden' } })
  },
  expect: rolledBack('image-pull-denied')
}
