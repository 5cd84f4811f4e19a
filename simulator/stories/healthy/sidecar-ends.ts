import { shop } from '../shop.js'
import { deployed, type Story } from '../story.js'

export const sidecarEnds: Story = {
  name: 'sidecar-ends',
  title: 'A container that is not essential ends by itself',
  about:
    'The migration container of each task exits with 0 after a few seconds, as it should. The task goes on.',
  build(world) {
    const job = world.ecr.repository('shop-migrate')
    const image = job.push({ tags: ['v1'], behaviour: { exits: { code: 0, after: 8 } } })
    return shop(world, { sidecars: [{ name: 'migrate', image: image.uri, essential: false }] })
  },
  expect: deployed
}
