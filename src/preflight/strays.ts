import type { TargetGroup } from '../domain/service.js'
import type { Ports, Surroundings } from '../ports.js'
import { firstPort } from './checks/registered.js'
import type { About, Facts } from './facts.js'
import { known } from './known.js'
import { networkMode } from './needs.js'
import type { FactReader } from './reader.js'

/** More target groups than this are not asked for their targets. */
const most = 5

/**
 * Target groups that wait for a service like this: behind a load balancer, for ip targets on its port, in its VPC, and
 * empty. Looked for only when the service registers with none.
 */
export async function straysOf(
  around: Surroundings,
  { targets }: Pick<Ports, 'targets'>,
  about: About,
  subnets: Facts['subnets'],
  read: FactReader
): Promise<Facts['strays']> {
  const port = firstPort(about)?.port
  if (
    about.service.loadBalancers.length > 0 ||
    port === undefined ||
    networkMode(about.definition) !== 'awsvpc'
  )
    return known([])
  const groups = await read.read('elasticloadbalancing:DescribeTargetGroups', around.targetGroups)
  if (!groups.known) return groups
  const vpcs = subnets.known ? subnets.value.flatMap((s) => s.vpc ?? []) : []
  const fitting = groups.value
    .filter((g) => g.targetType === 'ip' && g.trafficPort === port && (g.loadBalancers ?? []).length > 0)
    .filter((g) => g.vpc === undefined || vpcs.length === 0 || vpcs.includes(g.vpc))
    .slice(0, most)
  const empty = await Promise.all(
    fitting.map(async (group): Promise<TargetGroup[]> => {
      const health = await read.read('elasticloadbalancing:DescribeTargetHealth', () =>
        targets.health(group.arn)
      )
      return health.known && health.value.length === 0 ? [group] : []
    })
  )
  return known(empty.flat())
}
