import type { Balancer, Subnet } from '../domain/surroundings.js'
import type { Surroundings } from '../ports.js'
import type { Facts } from './facts.js'
import { known, unknown, type Known } from './known.js'
import { each, type FactReader, type Reading } from './reader.js'

/** A shared load balancer may have dozens of listeners; the rules of more than these are not read. */
const mostListeners = 10

type Behind = Pick<Facts, 'balancers' | 'listeners' | 'rules' | 'balancerSubnets'>

/** The load balancers in front of the target groups, what their listeners do, and where they stand. */
export function behind(
  groups: Promise<Facts['groups']>,
  around: Surroundings,
  read: FactReader
): Reading<Behind> {
  const arns = groups.then(balancersOf)
  const balancers = arns.then(async (found): Promise<Facts['balancers']> => {
    if (!found.known || found.value.length === 0) return found.known ? known([]) : found
    return await read.read('elasticloadbalancing:DescribeLoadBalancers', around.balancers, found.value)
  })
  const listeners = arns.then((found) =>
    each(found.known ? found.value : [], (arn) =>
      read.read('elasticloadbalancing:DescribeListeners', around.listeners, arn)
    )
  )
  return {
    balancers,
    listeners,
    rules: Promise.all([groups, listeners]).then(([known, seen]) => rulesOf(known, seen, around, read)),
    balancerSubnets: balancers.then((found) => subnetsOf(found, around, read))
  }
}

/** Whose target groups these are; or why nobody knows. */
function balancersOf(groups: Facts['groups']): Known<string[]> {
  if (!groups.known) return groups
  const arns = [...new Set(groups.value.flatMap((g) => g.loadBalancers ?? []))]
  const silent = arns.length === 0 && groups.value.some((g) => g.loadBalancers === undefined)
  return silent ? unknown('the target group does not say which load balancers it has') : known(arns)
}

/** The rules of the listeners, when a group gets its requests by none of their default actions. */
async function rulesOf(
  groups: Facts['groups'],
  listeners: Facts['listeners'],
  around: Surroundings,
  read: FactReader
): Promise<Facts['rules']> {
  // Those of a network load balancer have no rules.
  const all = [...listeners]
    .filter(([arn]) => !isNetwork(arn))
    .flatMap(([, found]) => (found.known ? found.value : []))
  const byDefault =
    !groups.known || groups.value.every(({ arn }) => all.some((l) => l.targetGroups.includes(arn)))
  if (byDefault) return new Map()
  const arns = all.map((l) => l.arn).slice(0, mostListeners)
  return await each(arns, (arn) => read.read('elasticloadbalancing:DescribeRules', around.rules, arn))
}

/** True for the ARN of a network load balancer: those know no HTTP. */
export function isNetwork(balancerArn: string): boolean {
  return /[:/]loadbalancer\/net\//.test(balancerArn)
}

async function subnetsOf(
  balancers: Known<Balancer[]>,
  around: Surroundings,
  read: FactReader
): Promise<Known<Subnet[]>> {
  if (!balancers.known) return balancers
  const ids = [...new Set(balancers.value.flatMap((b) => b.zones.flatMap((z) => z.subnet ?? [])))]
  if (ids.length === 0) return known([])
  return await read.read('ec2:DescribeSubnets', around.subnets, ids)
}
