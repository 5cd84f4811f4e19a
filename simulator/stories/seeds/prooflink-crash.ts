import { proofLinkService } from '../../index.js'
import { rolledBack, type Story } from '../story.js'

export const proofLinkCrash: Story = {
  name: 'prooflink-crash',
  title: 'prooflink-service gets an image that exits 1 half a minute after its start',
  about:
    'Every new task gets healthy first, so ECS takes the old one away; then it exits with code 1, again and again. Two ' +
    'such tasks are one more than is tolerated: the old revision is put back and watched until it is healthy.',
  world: { region: 'ap-northeast-1' },
  build(world) {
    const { service, cluster, repository, containerName } = proofLinkService(world)
    repository.push({
      tags: ['release-12'],
      behaviour: {
        prints: ['listening on 3000', { line: 'Error: connect ECONNREFUSED 10.0.11.7:5432', at: 'exit' }],
        exits: { code: 1, after: 30 }
      }
    })
    const inputs = {
      environment: 'staging',
      cluster,
      service: service.name,
      images: `${containerName}=${repository.uri}:release-12`
    }
    return { service, inputs }
  },
  expect: rolledBack('container-exit')
}
