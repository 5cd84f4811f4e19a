import { targetGroupName } from '../../domain/arn.js'
import { portsOf } from '../../domain/task-definition.js'
import { ok, unknowable, warning, type Check } from '../check.js'
import type { Facts } from '../facts.js'
import { serviceCommand, serviceConsole } from '../fixes.js'
import { rawContainers, textOf } from '../needs.js'

/** The first container with a port: whom a load balancer would send to. */
export function firstPort({
  definition
}: Pick<Facts, 'definition'>): { name: string; port: number } | undefined {
  for (const container of rawContainers(definition)) {
    const name = textOf(container, 'name') ?? ''
    const ports = portsOf(definition, name)
    const port = ports === 'ranges' ? undefined : ports[0]
    if (port !== undefined && port > 0) return { name, port }
  }
  return undefined
}

/** A service that nobody registered, and a target group that waits for it. */
export const registered: Check = {
  name: 'registered',
  area: 'load balancer',
  question: 'Is the service registered with the target group that waits for targets on its port?',
  reads: [
    'elasticloadbalancing:DescribeTargetGroups',
    'elasticloadbalancing:DescribeTargetHealth',
    'ec2:DescribeSubnets'
  ],
  worst: 'warning',
  source:
    'A runbook for 503: the service was made without its target group, so no target was ever registered',
  look(facts) {
    const { service, strays } = facts
    if (service.loadBalancers.length > 0) return ok('The service registers its tasks.')
    const of = firstPort(facts)
    if (!of) return ok('No container has a port: nothing is to be registered.')
    if (!strays.known) return unknowable(strays.why)
    const group = strays.value[0]
    if (!group) return ok('No empty target group waits for this port.')
    const name = targetGroupName(group.arn)
    return warning(
      `Service ${service.name} has no load balancer attached, and target group ${name} has no targets.`,
      strays.value.map(
        (g) =>
          `${targetGroupName(g.arn)} takes ip targets on port ${g.trafficPort ?? '?'}, has a load balancer and no targets; container ${of.name} has port ${of.port}`
      ),
      {
        todo: `Attach ${name} to service ${service.name}, if the two belong together.`,
        console: serviceConsole(service, 'Update service → Load balancing'),
        command: serviceCommand(
          service,
          `--load-balancers targetGroupArn=${group.arn},containerName=${of.name},containerPort=${of.port} --health-check-grace-period-seconds 60`
        )
      }
    )
  }
}
