import type { SecurityGroup } from '../domain/surroundings.js'
import type { Surroundings } from '../ports.js'
import type { About, Facts } from './facts.js'
import { ask, known, unknown, type Known } from './known.js'
import type { FactReader, Reading } from './reader.js'

type NetworkFacts = Pick<Facts, 'subnets' | 'routeTables' | 'natGateways' | 'endpoints'>

/** The subnets of the tasks, and the ways out of their VPC. */
export function networkOf(around: Surroundings, { service }: About, read: FactReader): Reading<NetworkFacts> {
  const ids = service.network?.subnets ?? []
  const subnets: Promise<Facts['subnets']> =
    ids.length === 0
      ? Promise.resolve(unknown('the service has no awsvpc network'))
      : read.read('ec2:DescribeSubnets', around.subnets, ids)
  const inVpc = async <T>(look: (vpc: string) => Promise<Known<T>>): Promise<Known<T>> => {
    const found = await subnets
    if (!found.known) return found
    const vpc = found.value.find((s) => s.vpc !== undefined)?.vpc
    return vpc === undefined ? unknown('ec2:DescribeSubnets did not name the VPC') : await look(vpc)
  }
  const routeTables = inVpc((vpc) => read.read('ec2:DescribeRouteTables', around.routeTables, vpc))
  return {
    subnets,
    routeTables,
    natGateways: routeTables.then((tables) => natGatewaysOf(tables, around, read)),
    endpoints: inVpc((vpc) => read.read('ec2:DescribeVpcEndpoints', around.endpoints, vpc))
  }
}

async function natGatewaysOf(
  tables: Facts['routeTables'],
  around: Surroundings,
  read: FactReader
): Promise<Facts['natGateways']> {
  if (!tables.known) return tables
  const ways = new Set(tables.value.flatMap((t) => t.routes.map((r) => r.via)))
  const nats = [...ways].filter((via) => via.startsWith('nat-'))
  return nats.length === 0 ? known([]) : await read.read('ec2:DescribeNatGateways', around.natGateways, nats)
}

/**
 * The security groups of tasks and load balancers, and those of endpoints, when there are any, in a request of their own:
 * nobody waits for the endpoints who does not need them.
 */
export async function groupsOf(
  around: Surroundings,
  { service }: About,
  balancers: Promise<Facts['balancers']>,
  endpoints: Promise<Facts['endpoints']>,
  read: FactReader
): Promise<Facts['securityGroups']> {
  const near = balancers.then(async (found) => {
    const theirs = found.known ? found.value.flatMap((b) => b.securityGroups) : []
    return await described([...(service.network?.securityGroups ?? []), ...theirs], around, read)
  })
  const doors = Promise.all([near, endpoints]).then(async ([first, found]) => {
    const ids = found.known ? found.value.flatMap((e) => e.groups) : []
    return await described(first.known ? ids.filter((id) => !first.value.has(id)) : ids, around, read)
  })
  const [first, more] = await Promise.all([near, doors])
  // A group that is not there admits whatever is asked of it: nothing is concluded from it.
  return more.known ? ask(first, (groups) => new Map([...groups, ...more.value])) : first
}

async function described(
  ids: readonly string[],
  around: Surroundings,
  read: FactReader
): Promise<Known<Map<string, SecurityGroup>>> {
  if (ids.length === 0) return known(new Map<string, SecurityGroup>())
  const found = await read.read('ec2:DescribeSecurityGroups', around.securityGroups, [...new Set(ids)])
  return ask(found, (list) => new Map(list.map((g): [string, SecurityGroup] => [g.id, g])))
}
