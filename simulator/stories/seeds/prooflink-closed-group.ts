import { proofLinkService } from '../../index.js'
import { red, type Story } from '../story.js'

export const prooflinkClosedGroup: Story = {
  name: 'prooflink-closed-group',
  title: "prooflink-service's security group lets nobody in on port 3000",
  about:
    'Mistake four: the rule that lets the load balancer in is missing. The application runs and answers itself; every ' +
    'check of the load balancer times out.',
  world: { region: 'ap-northeast-1' },
  build(world) {
    const { service, cluster, repository, containerName } = proofLinkService(world, {
      mistake: 'no-ingress-rule'
    })
    repository.push({ tags: ['release-12'] })
    world.clock.advanceBy(15 * 60_000)
    const images = `${containerName}=${repository.uri}:release-12`
    return { service, inputs: { environment: 'staging', cluster, service: service.name, images } }
  },
  expect: red('refused', 'elb-health-timeout')
}
