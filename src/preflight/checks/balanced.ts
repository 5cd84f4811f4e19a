import { targetGroupName } from '../../domain/arn.js'
import { error, gravest, ok, unknowable, warning, type Answer, type Check } from '../check.js'
import { of, type Facts } from '../facts.js'
import { sayListener, waysTo, type Way } from '../ways.js'

/** True when a target of this group is healthy now: whatever is between load balancer and tasks works. */
export function healthyNow(facts: Facts, targetGroupArn: string): boolean {
  const targets = of(facts.targets, targetGroupArn)
  return targets.known && targets.value.some((t) => t.state === 'healthy')
}

/** A target group that no listener and no rule sends requests to. */
export const balanced: Check = {
  name: 'target-group-in-use',
  area: 'load balancer',
  question: 'Does a listener, or a rule of one that is reached, send requests to the target group?',
  reads: [
    'elasticloadbalancing:DescribeTargetGroups',
    'elasticloadbalancing:DescribeListeners',
    'elasticloadbalancing:DescribeRules'
  ],
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
  const { groups } = facts
  if (!groups.known) return unknowable(groups.why)
  const name = targetGroupName(arn)
  const group = groups.value.find((g) => g.arn === arn)
  if (group?.loadBalancers === undefined) return unknowable(`ELB does not say who uses ${name}`)
  if (group.loadBalancers.length === 0) {
    const says = `Target group ${name} is attached to no load balancer: its targets stay unused.`
    const evidence = [`${name} names no load balancer`]
    return healthyNow(facts, arn)
      ? warning(says, [...evidence, 'and yet a target of it is healthy'], attach(arn, 'LOAD_BALANCER'))
      : error(says, evidence, attach(arn, 'LOAD_BALANCER'), 'target-not-in-use')
  }
  const { ways, listeners, unread } = waysTo(facts, group.loadBalancers, arn)
  const open = ways.filter((w) => w.before === undefined)
  const evidence = ways.map((w) => sayWay(w, name))
  if (open.length > 0) return ok(`${name} gets requests from a load balancer.`, evidence)
  const shadowed = ways[0]
  if (shadowed && unread === undefined) return neverReached(shadowed, name, evidence)
  // ELB names a load balancer only for a group that some listener or rule of it forwards to.
  if (ways.length > 0 || unread !== undefined) return ok(`${name} is attached to a load balancer.`, evidence)
  return noWay(facts, arn, listeners)
}

function sayWay({ listener, rule, before }: Way, name: string): string {
  const where = sayListener(listener)
  if (!rule) return `${where} forwards to ${name}`
  const when = rule.says === '' ? 'every request' : rule.says
  const behind = before === undefined ? '' : `, behind rule ${before} that takes the same requests`
  return `rule ${rule.priority} of ${where} (${when}) forwards to ${name}${behind}`
}

function neverReached({ listener, rule, before }: Way, name: string, evidence: string[]): Answer {
  const which = `Rule ${rule?.priority ?? ''} of ${sayListener(listener)}`
  return warning(
    `${which} forwards to ${name} and is never reached: rule ${before ?? ''} takes its requests first.`,
    evidence,
    {
      todo: `Give the rule a priority below ${before ?? ''}, or narrow the rule before it.`,
      console: 'EC2 → Load balancers → Listeners and rules → Reprioritize rules',
      command: `aws elbv2 set-rule-priorities --rule-priorities RuleArn=${rule?.arn ?? ''},Priority=PRIORITY`
    }
  )
}

/** Attached by ELB's word, and yet no listener or rule was shown that forwards to it. */
function noWay(facts: Facts, arn: string, listeners: number): Answer {
  const name = targetGroupName(arn)
  const balancer = facts.groups.known
    ? (facts.groups.value.find((g) => g.arn === arn)?.loadBalancers?.[0] ?? '')
    : ''
  const which = `load balancer ${balancer.split('/').at(-2) ?? balancer}`
  const says =
    listeners === 0
      ? `Target group ${name} gets no requests: ${which} has no listener.`
      : `Target group ${name} gets no requests: no listener and no rule of ${which} forwards to it.`
  const evidence = [`${listeners} listeners of ${which}, none of which forwards to ${name}`]
  const targets = of(facts.targets, arn)
  const unused = targets.known && targets.value.some((t) => t.state === 'unused')
  if (unused)
    return error(says, [...evidence, 'its targets are unused'], attach(arn, balancer), 'target-not-in-use')
  // Two words of ELB against each other; what a healthy target says counts for more.
  return healthyNow(facts, arn)
    ? ok(`A target of ${name} is healthy now.`, evidence)
    : warning(says, evidence, attach(arn, balancer))
}

function attach(arn: string, balancer: string): { todo: string; console: string; command: string } {
  const name = targetGroupName(arn)
  return {
    todo: `Add a listener, or a rule of a listener, that forwards to ${name}.`,
    console: `EC2 → Load balancers → Listeners and rules → Forward to ${name}`,
    command: `aws elbv2 create-listener --load-balancer-arn ${balancer} --protocol HTTP --port 80 --default-actions Type=forward,TargetGroupArn=${arn}`
  }
}
