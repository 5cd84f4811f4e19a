import { shop } from '../shop.js'
import { red, type Story } from '../story.js'

export const refused: Story = {
  name: 'refused',
  title: 'The image tag does not exist',
  about:
    'A typing mistake in the tag. The repository has no such image, so the run ends before anything is written.',
  build(world) {
    const { service, repository, inputs } = shop(world)
    return { service, inputs: { ...inputs, images: `web=${repository.uri}:v22` } }
  },
  expect: red('refused', 'image-not-found')
}
