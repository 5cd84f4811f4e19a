import type { RouteTable, Subnet } from '../domain/surroundings.js'
import type { Facts } from './facts.js'
import { internet, passesAny } from './paths.js'

/** Whether packets of a subnet get to a place; `broken`: something on the way is gone, not only never built. */
export type WayOut =
  { open: true } | { open: false; says: string; broken: boolean } | { open: 'unknown'; why: string }

/** The route table that a subnet uses; undefined when it was not described. */
export function tableOf(tables: readonly RouteTable[], subnet: Subnet): RouteTable | undefined {
  return tables.find((t) => t.subnets.includes(subnet.id)) ?? tables.find((t) => t.main)
}

/** The way from a subnet to an AWS service (`ecr.api`, `s3`, …) or, without a name, to the internet; TCP 443. */
export function wayOut(facts: Facts, subnet: Subnet, service?: string): WayOut {
  const { routeTables, endpoints, securityGroups } = facts
  const { network } = facts.service
  if (!network) return { open: 'unknown', why: 'the service has no awsvpc network' }
  if (subnet.cidr === undefined) return { open: 'unknown', why: `${subnet.id} shows no IPv4 addresses` }
  if (!routeTables.known) return { open: 'unknown', why: routeTables.why }
  const table = tableOf(routeTables.value, subnet)
  if (!table) return { open: 'unknown', why: `no route table of ${subnet.id} was shown` }
  const doors = endpoints.known
    ? endpoints.value.filter(
        (e) =>
          service !== undefined && e.service.endsWith(`.${service}`) && /^available$/i.test(e.state ?? '')
      )
    : []
  // With private DNS every task of the VPC is led to the endpoint, also where another way would be open.
  const door = doors.find((e) => !/^gateway/i.test(e.type) && e.privateDns)
  if (door) {
    if (!securityGroups.known) return { open: 'unknown', why: securityGroups.why }
    const from = { groups: network.securityGroups, cidrs: [subnet.cidr] }
    const admitted = passesAny(door.groups, securityGroups.value, 'ingress', 443, from)
    if (admitted !== 'no') return { open: true }
    return {
      open: false,
      broken: false,
      says: `endpoint ${door.id} (${door.service}) lets nobody in on TCP 443 from ${network.securityGroups.join(', ')}`
    }
  }
  if (securityGroups.known) {
    const out = passesAny(network.securityGroups, securityGroups.value, 'egress', 443, internet)
    if (out === 'no')
      return {
        open: false,
        broken: false,
        says: `${network.securityGroups.join(', ')} has no egress rule for TCP 443`
      }
  }
  if (doors.some((e) => /^gateway/i.test(e.type) && e.routeTables.includes(table.id))) return { open: true }
  const way = toInternet(facts, subnet, table, network.publicIp)
  // An endpoint that was not shown may be the way.
  if (way.open === false && service !== undefined && !endpoints.known)
    return { open: 'unknown', why: endpoints.why }
  if (way.open === false && doors.some((e) => !/^gateway/i.test(e.type)))
    return { open: 'unknown', why: 'an endpoint without private DNS may be reached by a zone of your own' }
  return way
}

function toInternet(facts: Facts, subnet: Subnet, table: RouteTable, publicIp: boolean): WayOut {
  const others = table.routes.filter((r) => r.via !== 'local' && !r.to.startsWith('pl-') && r.to !== '')
  const route = others.find((r) => r.to === '0.0.0.0/0')
  if (!route) {
    // Half of the internet, or a network with endpoints of its own, may lie behind some other route.
    if (others.length > 0) return { open: 'unknown', why: `${table.id} has routes that cannot be judged` }
    return { open: false, broken: false, says: `${table.id} of ${subnet.id} has no route to the internet` }
  }
  if (route.state === 'blackhole')
    return {
      open: false,
      broken: true,
      says: `the route 0.0.0.0/0 of ${table.id} leads nowhere (${route.via} is gone)`
    }
  if (route.via.startsWith('igw-'))
    return publicIp
      ? { open: true }
      : {
          open: false,
          broken: false,
          says: `${subnet.id} is public (it goes out by ${route.via}), and the tasks have no public address`
        }
  if (!route.via.startsWith('nat-')) return { open: true }
  const nat = facts.natGateways.known ? facts.natGateways.value.find((n) => n.id === route.via) : undefined
  if (nat?.state === undefined) return { open: 'unknown', why: `the state of ${route.via} is not known` }
  return /^(failed|deleting|deleted)$/.test(nat.state)
    ? { open: false, broken: true, says: `NAT gateway ${nat.id} is ${nat.state}` }
    : { open: true }
}
