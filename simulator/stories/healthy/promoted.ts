import { shop } from '../shop.js'
import { deployed, type Story } from '../story.js'

export const promoted: Story = {
  name: 'promoted',
  title: 'Built once for staging, copied to production and deployed there',
  about:
    'Staging runs an index of two platforms from its own repository. With promote: true production gets the same digest: ' +
    'layers, manifests and at last the index are copied into its repository before the tag is put and the service changes.',
  build(world) {
    const scene = shop(world)
    const staging = world.ecr.repository('shop-web-staging')
    staging.push({ tags: ['staging-0d1f3a9'], form: 'index' })
    const { inputs } = scene
    return { ...scene, inputs: { ...inputs, images: `web=${staging.uri}:staging-0d1f3a9`, promote: 'true' } }
  },
  expect: deployed
}
