import { targetGroupName } from '../domain/arn.js'
import { isRolling, type Service, type Target } from '../domain/service.js'
import { plural } from '../domain/plural.js'
import { isNetwork } from './behind.js'
import { of, type Facts } from './facts.js'

/** What those see who ask the load balancer: its own code, and why. */
export interface Seen {
  /** Absent: no code of the load balancer's own, but what targets answer, or no connection at all. */
  code?: '502' | '503' | '504'
  why: string
}

/**
 * Which error the load balancer answers, by its targets (Application Load Balancers user guide): 503 without a target,
 * 504 when targets do not answer in time, 502 when they refuse or break the connection. Where no target is healthy it
 * sends requests to all of them. A network load balancer has no codes: connections fail. Undefined when clients get their
 * answers, or nobody knows.
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
    const group = facts.groups.known ? facts.groups.value.find((g) => g.arn === arn) : undefined
    const name = targetGroupName(arn)
    const healthy = targets.value.some((t) => t.state === 'healthy')
    const shut = healthy ? undefined : noDoor(facts, name, group?.loadBalancers)
    const seen = shut ?? ofGroup(name, targets.value, service)
    if (!seen) continue
    const network = group?.loadBalancers?.length !== 0 && group?.loadBalancers?.every(isNetwork) === true
    return network ? { why: `connections fail: ${seen.why}` } : seen
  }
  return undefined
}

/** No request comes as far as the targets. */
function noDoor(facts: Facts, name: string, balancers: readonly string[] | undefined): Seen | undefined {
  if (balancers?.length === 0) return { why: `no load balancer sends requests to ${name}` }
  const shut = balancers?.find((arn) => {
    const listeners = of(facts.listeners, arn)
    return listeners.known && listeners.value.length === 0
  })
  return shut === undefined
    ? undefined
    : { why: `load balancer ${shut.split('/').at(-2) ?? shut} has no listener, so nobody can connect` }
}

function ofGroup(name: string, targets: readonly Target[], service: Service): Seen | undefined {
  const { desired } = service
  const here = targets.filter((t) => !/^(draining|unused)$/.test(t.state))
  const healthy = here.filter((t) => t.state === 'healthy')
  if (here.length === 0)
    return targets.some((t) => t.state === 'unused')
      ? { code: '503', why: `every target of ${name} is unused` }
      : { code: '503', why: `no target is registered in ${name}` }
  if (healthy.length >= desired) return undefined
  // A deployment may go below the count that is wanted, down to its lower bound.
  const floor = Math.ceil((desired * (service.minimumHealthyPercent ?? 100)) / 100)
  if (healthy.length > 0 && isRolling(service) && healthy.length >= floor) return undefined
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
