import { proofLinkService } from '../../index.js'
import { red, type Story } from '../story.js'

export const prooflinkPublicSubnet: Story = {
  name: 'prooflink-public-subnet',
  title: 'prooflink-service stands in a public subnet without a public address',
  about:
    'Mistake one of its document: an internet gateway helps only those who have an address of their own. The tasks ' +
    'cannot fetch the registry login, no revision ever worked, and a new image changes nothing of that.',
  world: { region: 'ap-northeast-1' },
  build(world) {
    const { service, cluster, repository, containerName } = proofLinkService(world, {
      mistake: 'public-subnet'
    })
    repository.push({ tags: ['release-12'] })
    world.clock.advanceBy(15 * 60_000)
    const images = `${containerName}=${repository.uri}:release-12`
    return { service, inputs: { environment: 'staging', cluster, service: service.name, images } }
  },
  expect: red('refused', 'image-pull-network')
}
