import { targetGroupName } from '../domain/arn.js'
import type { Target } from '../domain/service.js'
import { plural } from '../domain/plural.js'
import { of, type Facts } from './facts.js'

/** What those see who ask the load balancer: its own code, and why. */
export interface Seen {
  code?: '502' | '503' | '504'
  why: string
}

/**
 * Which error the load balancer answers, by its targets (Application Load Balancers user guide): 503 without a target,
 * 504 when targets do not answer in time, 502 when they refuse or break the connection. Where no target is healthy it
 * sends requests to all of them. Undefined when clients get their answers, or nobody knows.
 */
export function seenByClients(facts: Facts): Seen | undefined {
  const { service, strays } = facts
  const stray = strays.known ? strays.value[0] : undefined
  if (service.loadBalancers.length === 0)
    return stray && { code: '503', why: `no target is registered in ${targetGroupName(stray.arn)}` }
  for (const { targetGroupArn: arn } of service.loadBalancers) {
    if (arn === undefined) continue
    const targets = of(facts.targets, arn)
    if (!targets.known) continue
    const seen = ofGroup(targetGroupName(arn), targets.value, service.desired)
    if (seen) return seen
  }
  return undefined
}

function ofGroup(name: string, targets: readonly Target[], desired: number): Seen | undefined {
  const here = targets.filter((t) => !/^(draining|unused)$/.test(t.state))
  const healthy = here.filter((t) => t.state === 'healthy')
  if (here.length === 0)
    return targets.some((t) => t.state === 'unused')
      ? { code: '503', why: `every target of ${name} is unused` }
      : { code: '503', why: `no target is registered in ${name}` }
  if (healthy.length >= desired) return undefined
  if (healthy.length > 0)
    return {
      code: '504',
      why: `only ${healthy.length} of ${plural(desired, 'target')} of ${name} are healthy, and what they cannot bear times out`
    }
  const sick = here.filter((t) => t.state.startsWith('unhealthy'))
  if (sick.length === 0) return { code: '503', why: `no target of ${name} is healthy yet` }
  const reason = (text: string) => sick.some((t) => t.reason === text)
  if (reason('Target.Timeout')) return { code: '504', why: `the targets of ${name} do not answer in time` }
  if (reason('Target.FailedHealthChecks'))
    return { code: '502', why: `the targets of ${name} refuse the connection` }
  return {
    why: `the targets of ${name} answer ${sick[0]?.description ?? 'with another code'}, and clients get what they answer`
  }
}
