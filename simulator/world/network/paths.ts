/** Which packets get through, and if not what is missing. Pure: nothing here changes anything (facts G). */
import type { GroupRule } from '../api/ec2.js'
import { block, contains } from './cidr.js'
import type { Network } from './network.js'
import type { Place, Route, RouteTable, SecurityGroup, Subnet } from './parts.js'

/** Why a packet does not arrive. */
export interface Blocked {
  kind:
    | 'no-address'
    | 'other-vpc'
    | 'egress-rule'
    | 'ingress-rule'
    | 'endpoint-ingress-rule'
    | 'no-route'
    | 'blackhole'
    | 'no-public-ip'
    | 'nat-not-available'
    | 'nat-without-internet'
  /** The part that would have to be changed. */
  resource: string
  /** What is missing, in a sentence. */
  says: string
}

/** The ids of S3's and DynamoDB's prefix lists. */
export const prefixLists: Readonly<Record<string, string>> = { s3: 'pl-68a54001', dynamodb: 'pl-00a54069' }

/** Where AWS's public addresses are taken to be. */
const publicAddress = '52.94.133.131'

interface Side {
  ip: string
  groups: readonly SecurityGroup[]
  /** The prefix list that the address is in. */
  prefixList?: string | undefined
}

/** Whether a rule lets TCP to a port through to or from the other side. */
function admits(rule: GroupRule, port: number, other: Side): boolean {
  const protocol = rule.protocol ?? (rule.port === undefined ? '-1' : 'tcp')
  if (protocol !== '-1' && protocol !== 'tcp') return false
  if (protocol === 'tcp' && rule.port !== undefined)
    if (port < rule.port || port > (rule.toPort ?? rule.port)) return false
  if (rule.cidr !== undefined) return contains(rule.cidr, other.ip)
  if (rule.prefixList !== undefined) return rule.prefixList === other.prefixList
  return rule.group !== undefined && other.groups.some((g) => g.id === rule.group?.id)
}

const list = (groups: readonly SecurityGroup[]): string => groups.map((g) => `${g.name} (${g.id})`).join(', ')

function egress(from: Place, port: number, to: Side, whom: string): Blocked | undefined {
  // A load balancer without security groups is not filtered; everything else has at least one.
  if (from.groups.length === 0) return undefined
  if (from.groups.some((g) => g.egress.some((rule) => admits(rule, port, to)))) return undefined
  return {
    kind: 'egress-rule',
    resource: from.groups[0]!.id,
    says: `${list(from.groups)} has no egress rule for TCP ${port} to ${whom}`
  }
}

function ingress(from: Side, port: number, to: Place, whom: string): Blocked | undefined {
  if (to.groups.length === 0) return undefined
  if (to.groups.some((g) => g.ingress.some((rule) => admits(rule, port, from)))) return undefined
  return {
    kind: 'ingress-rule',
    resource: to.groups[0]!.id,
    says: `${list(to.groups)} has no ingress rule for TCP ${port} from ${whom}`
  }
}

/**
 * The way from one network interface to another in the VPC: egress of one side, ingress of the other. Network ACLs
 * are the default ones, which let everything through, and peerings are not played.
 */
export function pathBetween(from: Place, to: Place, port: number): Blocked | undefined {
  if (from.subnet.vpc !== to.subnet.vpc)
    return {
      kind: 'other-vpc',
      resource: to.subnet.vpc.id,
      says: `${to.ip} is in ${to.subnet.vpc.id}, ${from.ip} is in ${from.subnet.vpc.id}`
    }
  const toGroups = to.groups.length === 0 ? to.ip : list(to.groups)
  const fromGroups = from.groups.length === 0 ? from.ip : list(from.groups)
  return egress(from, port, to, toGroups) ?? ingress(from, port, to, fromGroups)
}

/** From a load balancer's nodes to a target: the first node whose way is blocked decides. */
export function pathToTarget(nodes: readonly Place[], target: Place, port: number): Blocked | undefined {
  for (const node of nodes) {
    const blocked = pathBetween(node, target, port)
    if (blocked !== undefined) return blocked
  }
  return undefined
}

/** From a network interface to an AWS service (`ecr.api`, `s3`, …) or, without a name, to the internet; port 443. */
export function pathOut(network: Network, from: Place, service?: string): Blocked | undefined {
  const { vpc } = from.subnet
  const whom = service ?? 'the internet'
  const endpoints = [...network.vpcEndpoints.values()].filter(
    (e) => e.vpc === vpc && e.service === service && e.state === 'available'
  )
  const direct = endpoints.find((e) => e.type === 'Interface' && e.privateDns)
  // Private DNS leads every task of the VPC to the endpoint, also where another way would be open.
  if (direct !== undefined) {
    const [node] = direct.places
    if (node === undefined) return undefined
    const blocked = pathBetween(from, node, 443)
    return blocked?.kind === 'ingress-rule' ? { ...blocked, kind: 'endpoint-ingress-rule' } : blocked
  }
  const table = network.routeTableOf(from.subnet)
  const gateway = endpoints.find((e) => e.type === 'Gateway' && e.routeTables.includes(table))
  const prefixList = service === undefined ? undefined : prefixLists[service]
  const closed = egress(from, 443, { ip: publicAddress, groups: [], prefixList }, whom)
  if (closed !== undefined) return closed
  return gateway === undefined ? pathToInternet(network, from, table) : undefined
}

function pathToInternet(network: Network, from: Place, table: RouteTable): Blocked | undefined {
  const route = routeTo(table, publicAddress)
  const { subnet } = from
  if (route === undefined)
    return {
      kind: 'no-route',
      resource: table.id,
      says: `${table.id} of ${subnet.id} has no route to the internet`
    }
  if (routeState(network, route) === 'blackhole')
    return {
      kind: 'blackhole',
      resource: table.id,
      says: `the route ${route.destination} of ${table.id} leads nowhere (${route.target})`
    }
  if (route.target.startsWith('igw-')) {
    if (from.publicIp !== undefined) return undefined
    return {
      kind: 'no-public-ip',
      resource: subnet.id,
      says: `${subnet.id} goes out by ${route.target}, and ${from.ip} has no public address`
    }
  }
  const nat = network.natGateways.get(route.target)
  // Transit gateways, appliances and the like: somebody else's egress, taken to work.
  if (nat === undefined) return undefined
  if (nat.state !== 'available')
    return { kind: 'nat-not-available', resource: nat.id, says: `${nat.id} is ${nat.state}` }
  const outer = routeTo(network.routeTableOf(nat.place.subnet), publicAddress)
  if (outer?.target.startsWith('igw-') !== true || routeState(network, outer) === 'blackhole')
    return {
      kind: 'nat-without-internet',
      resource: nat.id,
      says: `${nat.id} stands in ${nat.place.subnet.id}, which has no route to an internet gateway`
    }
  return undefined
}

/** The most specific route to an address. */
function routeTo(table: RouteTable, ip: string): Route | undefined {
  return [...table.routes.values()]
    .filter((r) => /^[\d.]+\/\d+$/.test(r.destination) && contains(r.destination, ip))
    .sort((a, b) => block(b.destination).prefix - block(a.destination).prefix)[0]
}

/** `blackhole` when what the route leads to is gone. */
export function routeState(network: Network, route: Route): 'active' | 'blackhole' {
  if (route.target === 'blackhole') return 'blackhole'
  if (route.target.startsWith('igw-'))
    return network.internetGateways.get(route.target)?.attached === true ? 'active' : 'blackhole'
  if (route.target.startsWith('nat-')) {
    const state = network.natGateways.get(route.target)?.state
    return state === undefined || state === 'deleted' ? 'blackhole' : 'active'
  }
  return 'active'
}

/** Whether a subnet's packets go out by an internet gateway. */
export function isPublic(network: Network, subnet: Subnet): boolean {
  return routeTo(network.routeTableOf(subnet), publicAddress)?.target.startsWith('igw-') === true
}
