import { prodEService } from '../../index.js'
import { deployed, type Story } from '../story.js'

export const prodEGood: Story = {
  name: 'prod-e-good',
  title: 'prod-e-service gets a good image',
  about:
    'One Fargate task behind an ALB, with a container health check that asks /health by node. The new image starts, ' +
    'its container turns HEALTHY, its target turns healthy, the old task drains, and all stays well for the bake time.',
  world: { account: '043309339649', region: 'us-west-2' },
  build(world) {
    const { service, cluster, repository, containerName } = prodEService(world)
    repository.push({ tags: ['2.4.0'], behaviour: { healthyAfter: 8 } })
    const inputs = {
      environment: 'production',
      cluster,
      service: service.name,
      images: `${containerName}=${repository.uri}:2.4.0`
    }
    return { service, inputs }
  },
  expect: deployed
}
