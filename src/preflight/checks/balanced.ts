import { targetGroupName } from '../../domain/arn.js'
import { error, gravest, ok, unknowable, warning, type Answer, type Check } from '../check.js'
import { of, type Facts } from '../facts.js'

/** True when a target of this group is healthy now: whatever is between load balancer and tasks works. */
export function healthyNow(facts: Facts, targetGroupArn: string): boolean {
  const targets = of(facts.targets, targetGroupArn)
  return targets.known && targets.value.some((t) => t.state === 'healthy')
}

/** A target group that no listener sends requests to. */
export const balanced: Check = {
  name: 'target-group-in-use',
  area: 'load balancer',
  question: 'Is the target group of the service attached to a load balancer that has a listener for it?',
  reads: ['elasticloadbalancing:DescribeTargetGroups', 'elasticloadbalancing:DescribeListeners'],
  worst: 'error',
  source:
    'Target.NotInUse in the ELB user guides: without a listener no check is sent, and no target gets healthy',
  look(facts) {
    const arns = facts.service.loadBalancers.flatMap((l) => l.targetGroupArn ?? [])
    return gravest(
      arns.map((arn) => inUse(facts, arn)),
      'The service stands behind no load balancer.'
    )
  }
}

function inUse(facts: Facts, arn: string): Answer {
  const { groups, listeners } = facts
  if (!groups.known) return unknowable(groups.why)
  const name = targetGroupName(arn)
  const group = groups.value.find((g) => g.arn === arn)
  if (group?.loadBalancers === undefined) return unknowable(`ELB does not say who uses ${name}`)
  if (group.loadBalancers.length === 0) {
    const says = `Target group ${name} is attached to no load balancer: its targets stay unused.`
    const fix = {
      todo: `Add a listener, or a rule of a listener, that forwards to ${name}.`,
      console: `EC2 → Load balancers → Listeners and rules → Forward to ${name}`,
      command: `aws elbv2 create-listener --load-balancer-arn LOAD_BALANCER --protocol HTTP --port 80 --default-actions Type=forward,TargetGroupArn=${arn}`
    }
    const evidence = [`${name} names no load balancer`]
    return healthyNow(facts, arn)
      ? warning(says, [...evidence, 'and yet a target of it is healthy'], fix)
      : error(says, evidence, fix, 'target-not-in-use')
  }
  const seen = group.loadBalancers.map((lb) => of(listeners, lb))
  const ways = seen.flatMap((l) => (l.known ? l.value.filter((x) => x.targetGroups.includes(arn)) : []))
  return ok(
    `${name} is attached to a load balancer.`,
    ways.map((l) => `listener ${l.protocol ?? ''} ${l.port ?? ''} forwards to ${name}`)
  )
}
