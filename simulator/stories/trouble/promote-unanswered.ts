import { shop } from '../shop.js'
import { red, type Story } from '../story.js'

export const promoteUnanswered: Story = {
  name: 'promote-unanswered',
  title: 'ECR never answers when a layer is to be uploaded: the run ends in its time all the same',
  about:
    'Every attempt to begin an upload meets silence. Copying may take half of the time that the run has, whatever the ' +
    'patience with each request is; then the run is refused, and the service is as it was.',
  build(world) {
    const { inputs, ...scene } = shop(world)
    const staging = world.ecr.repository('shop-web-staging')
    staging.push({ tags: ['staging-0d1f3a9'] })
    return {
      ...scene,
      inputs: { ...inputs, images: `web=${staging.uri}:staging-0d1f3a9`, promote: 'true', timeout: '6m' },
      faults: [{ operation: 'InitiateLayerUpload', fault: { kind: 'silence' } }]
    }
  },
  expect: { ...red('refused', 'stuck', /was not in \S+shop-web within (2m 5\ds|3m 0\ds)/), copiesOnly: true }
}
