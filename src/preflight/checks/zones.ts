import { error, ok, unknowable, warning, type Check } from '../check.js'
import { healthyNow } from './balanced.js'

/** Tasks in zones that the load balancer does not serve are never asked. */
export const zones: Check = {
  name: 'zones',
  area: 'load balancer',
  question: 'Is the load balancer enabled in every zone that tasks are put in?',
  reads: [
    'elasticloadbalancing:DescribeTargetGroups',
    'elasticloadbalancing:DescribeLoadBalancers',
    'ec2:DescribeSubnets'
  ],
  worst: 'error',
  source: 'Target.NotInUse in the ELB user guides: a target in a zone that is not enabled gets no requests',
  look(facts) {
    const { balancers, subnets, service } = facts
    if (service.loadBalancers.length === 0) return ok('The service stands behind no load balancer.')
    if (service.network === undefined) return ok('The tasks stand where their instances are.')
    if (!balancers.known) return unknowable(balancers.why)
    if (!subnets.known) return unknowable(subnets.why)
    const served = [...new Set(balancers.value.flatMap((b) => b.zones.map((z) => z.zone)))]
    const placed = subnets.value.flatMap((s) => (s.zone === undefined ? [] : [{ id: s.id, zone: s.zone }]))
    if (served.length === 0 || placed.length < service.network.subnets.length)
      return unknowable('not every zone of subnets and load balancer was named')
    const outside = placed.filter((s) => !served.includes(s.zone))
    const shown = `${balancers.value.map((b) => b.name).join(', ')} serves ${served.join(', ')}`
    if (outside.length === 0) return ok(`${shown}.`)
    const evidence = [shown, ...outside.map((s) => `${s.id} is in ${s.zone}`)]
    const fix = {
      todo: `Enable ${[...new Set(outside.map((s) => s.zone))].join(', ')} on the load balancer, or put tasks only in zones that it serves.`,
      console: 'EC2 → Load balancers → Network mapping → Edit subnets'
    }
    const healthy = service.loadBalancers.some(
      (l) => l.targetGroupArn !== undefined && healthyNow(facts, l.targetGroupArn)
    )
    return outside.length === placed.length && !healthy
      ? error(
          'The load balancer serves none of the zones that tasks are put in.',
          evidence,
          fix,
          'target-not-in-use'
        )
      : warning('The load balancer does not serve every zone that tasks are put in.', evidence, fix)
  }
}
