import { targetGroupName } from '../domain/arn.js'
import type { Balancer, SecurityGroup } from '../domain/surroundings.js'
import { of, type Facts } from './facts.js'
import type { Known } from './known.js'
import { known, unknown } from './known.js'
import type { Side } from './paths.js'

/** One way from a load balancer to the tasks: both sides, and the ports that must be open. */
export interface WayIn {
  balancer: Balancer
  group: string
  groupArn: string
  /** The port of the application, and that of the health check when it is another. */
  ports: number[]
  from: Side
  to: Side
  groups: ReadonlyMap<string, SecurityGroup>
  /** A target is healthy now: the way is open, whatever the rules look like. */
  proven: boolean
}

/** The ways that can be judged by security groups; or why they cannot. */
export function waysIn(facts: Facts): Known<WayIn[]> {
  const { service, groups, balancers, securityGroups, subnets, balancerSubnets } = facts
  if (service.loadBalancers.length === 0) return known([])
  if (service.network === undefined) return unknown('the tasks share the addresses of their instances')
  if (!groups.known) return groups
  if (!balancers.known) return balancers
  if (!securityGroups.known) return securityGroups
  const cidrs = (list: Facts['subnets'], ids: readonly (string | undefined)[]) =>
    list.known ? list.value.filter((s) => ids.includes(s.id)).flatMap((s) => s.cidr ?? []) : []
  const to: Side = {
    groups: service.network.securityGroups,
    cidrs: cidrs(subnets, service.network.subnets)
  }
  const ways = service.loadBalancers.flatMap(({ targetGroupArn, containerPort }) => {
    const group = groups.value.find((g) => g.arn === targetGroupArn)
    if (targetGroupArn === undefined || !group || group.addressType === 'ipv6') return []
    const health =
      group.port === undefined || group.port === 'traffic-port' ? containerPort : Number(group.port)
    const targets = of(facts.targets, targetGroupArn)
    return balancers.value
      .filter((b) => group.loadBalancers?.includes(b.arn) === true && b.securityGroups.length > 0)
      .map((balancer) => ({
        balancer,
        group: targetGroupName(targetGroupArn),
        groupArn: targetGroupArn,
        // A network load balancer may pass clients on as they are, and not by TCP: its own are the checks alone.
        ports: [...new Set(balancer.type === 'network' ? [health] : [containerPort, health])].filter(
          (p) => p > 0
        ),
        from: {
          groups: balancer.securityGroups,
          cidrs: cidrs(
            balancerSubnets,
            balancer.zones.map((z) => z.subnet)
          )
        },
        to,
        groups: securityGroups.value,
        proven: targets.known && targets.value.some((t) => t.state === 'healthy')
      }))
  })
  return known(ways)
}

/** `name (sg-…)` of each security group. */
export function named(ids: readonly string[], groups: ReadonlyMap<string, SecurityGroup>): string {
  return ids.map((id) => (groups.get(id) ? `${groups.get(id)?.name ?? ''} (${id})` : id)).join(', ')
}
