import { proofLinkService } from '../index.js'
import { rolledBack, type Story } from './story.js'

export const proofLinkCrash: Story = {
  name: 'prooflink-crash',
  title: 'prooflink-service gets an image that exits 1 half a minute after its start',
  about:
    'Every new task reaches RUNNING, so nothing slows the scheduler down: it starts task after task, and each of them ' +
    'exits with code 1 after 30 seconds. The old task serves all the while; the old revision is put back.',
  world: { region: 'ap-northeast-1' },
  build(world) {
    const { service, cluster, repository, containerName } = proofLinkService(world)
    repository.push({ tags: ['release-12'], behaviour: { exits: { code: 1, after: 30 } } })
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
