import { shop } from '../shop.js'
import { red, type Story } from '../story.js'

export const promoteSourceLost: Story = {
  name: 'promote-source-lost',
  title: 'The image vanishes from staging while it is copied to production',
  about:
    "The second layer that is asked for is gone: staging's lifecycle policy was faster. What has arrived in production " +
    'stays there without a name, no tag and no revision names half an image, and the service runs on.',
  build(world) {
    const { inputs, ...scene } = shop(world)
    const staging = world.ecr.repository('shop-web-staging')
    staging.push({ tags: ['staging-0d1f3a9'], form: 'index' })
    const code = 'LayersNotFoundException'
    const message = 'The specified layers could not be found.'
    return {
      ...scene,
      inputs: { ...inputs, images: `web=${staging.uri}:staging-0d1f3a9`, promote: 'true' },
      faults: [
        {
          operation: 'GetDownloadUrlForLayer',
          fromCall: 3,
          fault: { kind: 'error', code, message, status: 400 }
        }
      ]
    }
  },
  expect: {
    ...red('refused', 'image-not-found', /cannot be copied: LayersNotFoundException/),
    copiesOnly: true
  }
}
