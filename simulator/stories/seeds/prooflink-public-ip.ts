import { proofLinkService } from '../../index.js'
import { red, type Story } from '../story.js'

export const prooflinkPublicIp: Story = {
  name: 'prooflink-public-ip',
  title: 'prooflink-service has a public address in a private subnet, and no NAT gateway',
  about:
    'Mistake two: the address is of no use where no internet gateway is in the route table. The registry cannot be ' +
    'reached.',
  world: { region: 'ap-northeast-1' },
  build(world) {
    const { service, cluster, repository, containerName } = proofLinkService(world, {
      mistake: 'public-ip-instead-of-nat'
    })
    repository.push({ tags: ['release-12'] })
    world.clock.advanceBy(15 * 60_000)
    const images = `${containerName}=${repository.uri}:release-12`
    return { service, inputs: { environment: 'staging', cluster, service: service.name, images } }
  },
  expect: red('refused', 'image-pull-network')
}
