import { proofLinkService } from '../../index.js'
import { rolledBack, type Story } from '../story.js'

export const prooflinkStrictCheck: Story = {
  name: 'prooflink-strict-check',
  title: 'prooflink-service is checked every five seconds from its start, and starts in forty',
  about:
    'Mistake five: two failed checks are enough, and there is no grace period. The image is good and never gets the ' +
    'time to show it.',
  world: { region: 'ap-northeast-1' },
  build(world) {
    const { service, cluster, repository, containerName } = proofLinkService(world, {
      targetGroup: { intervalSeconds: 5, timeoutSeconds: 2, unhealthyThreshold: 2 },
      service: { gracePeriodSeconds: 0 }
    })
    repository.push({ tags: ['release-12'], behaviour: { healthyAfter: 40 } })
    const images = `${containerName}=${repository.uri}:release-12`
    return { service, inputs: { environment: 'staging', cluster, service: service.name, images } }
  },
  expect: rolledBack('elb-health-unreachable')
}
