/** Looking up what an ELBv2 call names, with AWS's refusals. */
import { AwsError } from '../../world/errors.js'
import type { Listener, Rule } from '../../world/elb/listeners.js'
import type { LoadBalancer, TargetGroup } from '../../world/elb/load-balancers.js'
import type { SimulatedWorld } from '../../world/world.js'

/** What every list operation may be asked. */
export interface Pages {
  Marker?: string
  PageSize?: number
}

export function groupOf(world: SimulatedWorld, arn: string): TargetGroup {
  const found = world.elb.groups.get(arn)
  if (found === undefined) throw new AwsError('TargetGroupNotFound', 'One or more target groups not found')
  return found
}

/** The target group of a name. */
export function groupNamed(world: SimulatedWorld, name: string): TargetGroup {
  const found = [...world.elb.groups.values()].find((g) => g.name === name)
  if (found === undefined) throw new AwsError('TargetGroupNotFound', 'One or more target groups not found')
  return found
}

export function balancerOf(world: SimulatedWorld, arn: string): LoadBalancer {
  const found = [...world.elb.balancers.values()].find((b) => b.arn === arn)
  if (found === undefined) throw new AwsError('LoadBalancerNotFound', 'One or more load balancers not found')
  return found
}

/** The load balancer of a name. */
export function balancerNamed(world: SimulatedWorld, name: string): LoadBalancer {
  const found = world.elb.balancers.get(name)
  if (found === undefined) throw new AwsError('LoadBalancerNotFound', `Load balancers '[${name}]' not found`)
  return found
}

export function listenerOf(world: SimulatedWorld, arn: string): Listener {
  const found = world.elb.listeners.find((l) => l.arn === arn)
  if (found === undefined) throw new AwsError('ListenerNotFound', 'One or more listeners not found')
  return found
}

export function ruleOf(world: SimulatedWorld, arn: string): Rule {
  const found = world.elb.listeners.flatMap((l) => l.rules).find((r) => r.arn === arn)
  if (found === undefined) throw new AwsError('RuleNotFound', 'One or more rules not found')
  return found
}

/** A parameter that does not fit. */
export function invalid(text: string): AwsError {
  return new AwsError('ValidationError', text)
}
