import { portsOf } from '../../domain/task-definition.js'
import { error, gravest, ok, warning, type Answer, type Check } from '../check.js'
import type { Facts } from '../facts.js'
import { rawContainers, textOf } from '../needs.js'

/** The container and the port that the load balancer sends requests to, in the definition. */
export const containerPort: Check = {
  name: 'container-port',
  area: 'load balancer',
  question: 'Has the task definition the container and the port that the service registers?',
  reads: ['ecs:DescribeServices', 'ecs:DescribeTaskDefinition'],
  worst: 'error',
  source: 'ECS API, Service.loadBalancers: containerName and containerPort must be in the task definition',
  look(facts) {
    return gravest(
      facts.service.loadBalancers.map((lb) => registered(facts, lb)),
      'The service stands behind no load balancer.'
    )
  }
}

function registered(
  { definition, running }: Facts,
  { containerName, containerPort: port }: Facts['service']['loadBalancers'][number]
): Answer {
  const names = rawContainers(definition).map((c) => textOf(c, 'name') ?? '')
  if (!names.includes(containerName))
    return error(
      `The load balancer sends to container ${containerName}, which the task definition has not.`,
      [`it has ${names.join(', ')}`],
      `Name a container ${containerName}, or give the service's load balancer another container.`
    )
  const mapped = portsOf(definition, containerName)
  if (mapped === 'ranges' || mapped.includes(port)) return ok(`${containerName}:${port} is mapped.`)
  const says = `The load balancer sends to port ${port} of container ${containerName}, which the task definition does not map.`
  const evidence = [`it maps ${mapped.join(', ') || 'none'}`]
  const fix = `Map port ${port} in container ${containerName} (portMappings), or give the service's load balancer another port.`
  const before = portsOf(running, containerName)
  // A definition that runs so is one that ECS has taken.
  return before !== 'ranges' && before.includes(port)
    ? error(says, evidence, fix)
    : warning(says, evidence, fix)
}
