import type { Balancer, SecurityGroup, Subnet } from '../domain/surroundings.js'
import type { Ports, ServiceName, Surroundings } from '../ports.js'
import type { About, Facts } from './facts.js'
import { ask, known, unknown, type Known } from './known.js'
import { logNeeds, roleNeeds, secretNeeds } from './needs.js'
import { FactReader } from './reader.js'
import { straysOf } from './strays.js'
import { simulatedFor } from './simulation.js'

/** How long all of the looking may take, milliseconds. */
export const limitMs = 5000

/** Reads everything that the checks may ask about, side by side. Throws only the signal's reason. */
export async function gather(
  ports: Ports,
  name: ServiceName,
  about: About,
  signal?: AbortSignal
): Promise<Facts> {
  const { surroundings: around = {} } = ports
  await around.prepare?.()
  const read = new FactReader(ports.clock, limitMs, signal)
  const quick = around.quick ?? ports
  try {
    const [tasks, alarms, balancing, network, definition] = await Promise.all([
      tasksOf(quick, name, read),
      alarmsOf(quick, about, read),
      balancingOf(quick, around, about, read),
      networkOf(around, about, read),
      definitionOf(around, about, read)
    ])
    const [securityGroups, strays] = await Promise.all([
      groupsOf(around, about, balancing, network, read),
      straysOf(around, quick, about, network.subnets, read)
    ])
    signal?.throwIfAborted()
    return {
      ...about,
      now: ports.clock.now(),
      tasks,
      alarms,
      ...balancing,
      ...network,
      ...definition,
      securityGroups,
      strays
    }
  } finally {
    read.end()
  }
}

type Quick = Pick<Ports, 'containers' | 'targets' | 'alarms'>

async function tasksOf({ containers }: Quick, name: ServiceName, read: FactReader): Promise<Facts['tasks']> {
  return await read.read('ecs:DescribeTasks', async () => {
    const arns = await containers.taskArns(name, 'RUNNING')
    return arns.length === 0 ? [] : await containers.tasks(name.cluster, arns.slice(0, 100))
  })
}

async function alarmsOf({ alarms }: Quick, { service }: About, read: FactReader): Promise<Facts['alarms']> {
  const names = service.alarms?.enable === true ? service.alarms.names : []
  if (names.length === 0) return known([])
  return await read.read('cloudwatch:DescribeAlarms', alarms && (() => alarms.states(names)))
}

type Balancing = Pick<
  Facts,
  'groups' | 'targets' | 'attributes' | 'balancers' | 'listeners' | 'balancerSubnets'
>

async function balancingOf(
  { targets }: Quick,
  around: Surroundings,
  { service }: About,
  read: FactReader
): Promise<Balancing> {
  const arns = service.loadBalancers.flatMap((l) => l.targetGroupArn ?? [])
  const describe = targets.describe?.bind(targets)
  const [groups, health, attributes] = await Promise.all([
    arns.length === 0
      ? known([])
      : read.read('elasticloadbalancing:DescribeTargetGroups', describe && (() => describe(arns))),
    each(arns, (arn) => read.read('elasticloadbalancing:DescribeTargetHealth', () => targets.health(arn))),
    each(arns, (arn) =>
      read.read('elasticloadbalancing:DescribeTargetGroupAttributes', around.attributes, arn)
    )
  ])
  return { groups, targets: health, attributes, ...(await behind(groups, around, read)) }
}

/** The load balancers in front of the target groups. */
async function behind(
  groups: Facts['groups'],
  around: Surroundings,
  read: FactReader
): Promise<Pick<Balancing, 'balancers' | 'listeners' | 'balancerSubnets'>> {
  const none = { listeners: new Map<string, never>() }
  if (!groups.known) return { ...none, balancers: groups, balancerSubnets: groups }
  const arns = [...new Set(groups.value.flatMap((g) => g.loadBalancers ?? []))]
  if (arns.length === 0) {
    const silent = groups.value.some((g) => g.loadBalancers === undefined)
    const nothing = silent ? unknown('the target group does not say which load balancers it has') : known([])
    return { ...none, balancers: nothing, balancerSubnets: nothing }
  }
  const [balancers, listeners] = await Promise.all([
    read.read('elasticloadbalancing:DescribeLoadBalancers', around.balancers, arns),
    each(arns, (arn) => read.read('elasticloadbalancing:DescribeListeners', around.listeners, arn))
  ])
  return { balancers, listeners, balancerSubnets: await subnetsOfBalancers(balancers, around, read) }
}

async function subnetsOfBalancers(
  balancers: Known<Balancer[]>,
  around: Surroundings,
  read: FactReader
): Promise<Known<Subnet[]>> {
  if (!balancers.known) return balancers
  const ids = [...new Set(balancers.value.flatMap((b) => b.zones.flatMap((z) => z.subnet ?? [])))]
  if (ids.length === 0) return known([])
  return await read.read('ec2:DescribeSubnets', around.subnets, ids)
}

type NetworkFacts = Pick<Facts, 'subnets' | 'routeTables' | 'natGateways' | 'endpoints'>

async function networkOf(around: Surroundings, { service }: About, read: FactReader): Promise<NetworkFacts> {
  const ids = service.network?.subnets ?? []
  if (ids.length === 0) {
    const none = unknown('the service has no awsvpc network')
    return { subnets: none, routeTables: none, natGateways: none, endpoints: none }
  }
  const subnets = await read.read('ec2:DescribeSubnets', around.subnets, ids)
  const vpc = subnets.known ? subnets.value.find((s) => s.vpc !== undefined)?.vpc : undefined
  if (vpc === undefined) {
    const none = subnets.known ? unknown('ec2:DescribeSubnets did not name the VPC') : subnets
    return { subnets, routeTables: none, natGateways: none, endpoints: none }
  }
  const [routeTables, endpoints] = await Promise.all([
    read.read('ec2:DescribeRouteTables', around.routeTables, vpc),
    read.read('ec2:DescribeVpcEndpoints', around.endpoints, vpc)
  ])
  const nats = routeTables.known
    ? [...new Set(routeTables.value.flatMap((t) => t.routes.map((r) => r.via)))].filter((v) =>
        v.startsWith('nat-')
      )
    : []
  const natGateways =
    nats.length === 0 ? known([]) : await read.read('ec2:DescribeNatGateways', around.natGateways, nats)
  return { subnets, routeTables, natGateways, endpoints }
}

/** The security groups of tasks, load balancers and endpoints, in one request. */
async function groupsOf(
  around: Surroundings,
  { service }: About,
  { balancers }: Balancing,
  { endpoints }: NetworkFacts,
  read: FactReader
): Promise<Facts['securityGroups']> {
  const ids = [
    ...(service.network?.securityGroups ?? []),
    ...(balancers.known ? balancers.value.flatMap((b) => b.securityGroups) : []),
    ...(endpoints.known ? endpoints.value.flatMap((e) => e.groups) : [])
  ]
  if (ids.length === 0) return known(new Map())
  const found = await read.read('ec2:DescribeSecurityGroups', around.securityGroups, [...new Set(ids)])
  return ask(found, (list) => new Map(list.map((g): [string, SecurityGroup] => [g.id, g])))
}

type DefinitionFacts = Pick<Facts, 'logGroups' | 'secrets' | 'roles' | 'simulated'>

async function definitionOf(
  around: Surroundings,
  { definition, region }: About,
  read: FactReader
): Promise<DefinitionFacts> {
  const logs = logNeeds(definition).filter((need) => !need.creates)
  const secrets = secretNeeds(definition)
  const names = [...new Set(secrets.filter((s) => s.kind === 'parameter').map((s) => s.id))]
  const [logGroups, fromManager, parameters, roles, simulated] = await Promise.all([
    each(
      logs.map((l) => l.group),
      (group) => {
        const where = logs.find((l) => l.group === group)?.region
        return read.exists('logs:DescribeLogStreams', around.logGroup, group, where)
      }
    ),
    each(
      secrets.filter((s) => s.kind === 'secret').map((s) => s.id),
      (id) => read.exists('secretsmanager:DescribeSecret', around.secret, id)
    ),
    names.length === 0 ? known([]) : read.read('ssm:DescribeParameters', around.parameters, names, region),
    each(
      roleNeeds(definition).map((r) => r.arn),
      (arn) => read.read('iam:GetRole', around.role, arn)
    ),
    simulatedFor(around, definition, read)
  ])
  const found = names.map((id): [string, Known<boolean>] => [
    id,
    ask(parameters, (there) => there.includes(id))
  ])
  return { logGroups, secrets: new Map([...fromManager, ...found]), roles, simulated }
}

async function each<T>(
  keys: string[],
  look: (key: string) => Promise<Known<T>>
): Promise<ReadonlyMap<string, Known<T>>> {
  return new Map(
    await Promise.all(
      [...new Set(keys)].map(async (key): Promise<[string, Known<T>]> => [key, await look(key)])
    )
  )
}
