import { proofLinkService } from '../../index.js'
import { deployed, type Story } from '../story.js'

export const prooflink503: Story = {
  name: 'prooflink-503',
  title: 'prooflink-service was made without its target group: 503, and ECS sees nothing wrong',
  about:
    'The load balancer has no target to send requests to and answers 503. The service knows of no target group, so ' +
    'for ECS its tasks are healthy after forty seconds, and a deployment completes. Green says no more than ECS can ' +
    'know; why the site answers 503 is for a look at the target group.',
  world: { region: 'ap-northeast-1' },
  build(world) {
    const { service, cluster, repository, containerName } = proofLinkService(world, {
      mistake: 'no-target-group'
    })
    repository.push({ tags: ['release-12'] })
    world.clock.advanceBy(15 * 60_000)
    const images = `${containerName}=${repository.uri}:release-12`
    return { service, inputs: { environment: 'staging', cluster, service: service.name, images } }
  },
  expect: deployed
}
