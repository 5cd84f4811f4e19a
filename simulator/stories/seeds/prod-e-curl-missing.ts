import { prodEService } from '../../index.js'
import { rolledBack, type Story } from '../story.js'

export const prodECurlMissing: Story = {
  name: 'prod-e-curl-missing',
  title: 'prod-e-service gets an image without curl, and its container health check calls curl',
  about:
    'The application works and its target is healthy, but the health check command of the task definition cannot ' +
    'run in this image: each new task turns UNHEALTHY and is replaced, again and again. The old revision comes back.',
  world: { account: '043309339649', region: 'us-west-2' },
  build(world) {
    const { service, cluster, repository, containerName } = prodEService(world, {
      containerHealthCheck: 'curl'
    })
    repository.push({ tags: ['2.5.0-slim'], lacks: ['curl'] })
    const inputs = {
      environment: 'production',
      cluster,
      service: service.name,
      images: `${containerName}=${repository.uri}:2.5.0-slim`
    }
    return { service, inputs }
  },
  expect: rolledBack('container-health-check')
}
