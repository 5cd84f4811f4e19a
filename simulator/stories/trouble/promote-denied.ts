import { shop } from '../shop.js'
import { red, type Story } from '../story.js'

export const promoteDenied: Story = {
  name: 'promote-denied',
  title: 'Copying to production is denied in the middle of a layer: nothing of the service is touched',
  about:
    'The role may begin an upload to the repository of production, and then not send a part of it. Nothing is tagged or ' +
    'registered; the run says which permission is missing, and that the service was not touched.',
  build(world) {
    const { inputs, ...scene } = shop(world)
    const staging = world.ecr.repository('shop-web-staging')
    staging.push({ tags: ['staging-0d1f3a9'] })
    return {
      ...scene,
      inputs: { ...inputs, images: `web=${staging.uri}:staging-0d1f3a9`, promote: 'true' },
      faults: [{ operation: 'UploadLayerPart', fromCall: 2, fault: { kind: 'access-denied' } }]
    }
  },
  expect: {
    ...red('inconclusive', 'aws-denied', /UploadLayerPart.*The service was not touched/s),
    copiesOnly: true
  }
}
