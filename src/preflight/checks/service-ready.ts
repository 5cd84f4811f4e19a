import { primaryOf } from '../../domain/service.js'
import { error, ok, type Check } from '../check.js'

/** A service that cannot take a rolling deployment at all. */
export const serviceReady: Check = {
  name: 'service-ready',
  area: 'service',
  question: 'Is the service ACTIVE, with the rolling deployment controller of ECS?',
  reads: ['ecs:DescribeServices'],
  worst: 'error',
  source: 'ECS API: Service.status, deploymentController, deploymentConfiguration.strategy',
  look({ service, purpose }) {
    const { name, status, controller, strategy } = service
    if (status !== 'ACTIVE')
      return error(
        `Service ${name} is ${status}, not ACTIVE.`,
        [`status ${status}`],
        `Create the service ${name} again, or name another one.`
      )
    const other = controller === 'ECS' ? strategy : controller
    if (other !== 'ROLLING' && purpose === 'diagnose') return ok(`${name} is ACTIVE; ${other} deploys it.`)
    if (other !== 'ROLLING')
      return error(
        `Service ${name} is deployed by ${other}, not by rolling deployments of ECS.`,
        [`deployment controller ${controller}, strategy ${strategy}`],
        'Deploy this service with the tool of its controller.'
      )
    if (!primaryOf(service))
      return error(
        `Service ${name} shows no PRIMARY deployment, so nothing can be compared or restored.`,
        [`${service.deployments.length} deployments`],
        `Look at the service in the console: ECS → Clusters → Services → ${name} → Deployments.`
      )
    return ok(`${name} is ACTIVE and rolls.`)
  }
}
