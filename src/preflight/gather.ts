import type { Ports, ServiceName, Surroundings } from '../ports.js'
import { behind } from './behind.js'
import type { About, Facts } from './facts.js'
import { imagesOf } from './images.js'
import { ask, known, type Known } from './known.js'
import { logNeeds, roleNeeds, secretNeeds } from './needs.js'
import { groupsOf, networkOf } from './network.js'
import { each, FactReader, whole, type Reading } from './reader.js'
import { straysOf } from './strays.js'
import { simulatedFor } from './simulation.js'

/** How long all of the looking may take, milliseconds. */
export const limitMs = 5000

/**
 * Reads everything that the checks may ask about, side by side: each question waits only for the answers that it is made
 * from, so that one which is never answered darkens nothing else. Throws only the signal's reason.
 */
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
    const tasks = tasksOf(quick, name, 'RUNNING', read)
    const network = networkOf(around, about, read)
    const balancing = balancingOf(quick, around, about, read)
    const facts = await whole({
      tasks,
      stopped: tasksOf(quick, name, 'STOPPED', read),
      images: imagesOf(ports, about, tasks, read),
      alarms: alarmsOf(quick, about, read),
      ...balancing,
      ...network,
      securityGroups: groupsOf(around, about, balancing.balancers, network.endpoints, read),
      strays: network.subnets.then((subnets) => straysOf(around, quick, about, subnets, read)),
      ...definitionOf(around, about, read)
    })
    signal?.throwIfAborted()
    return { ...about, now: ports.clock.now(), ...facts }
  } finally {
    read.end()
  }
}

type Quick = Pick<Ports, 'containers' | 'targets' | 'alarms'>

async function tasksOf(
  { containers }: Quick,
  name: ServiceName,
  status: 'RUNNING' | 'STOPPED',
  read: FactReader
): Promise<Facts['tasks']> {
  const arns = await read.read('ecs:ListTasks', () => containers.taskArns(name, status))
  if (!arns.known || arns.value.length === 0) return arns.known ? known([]) : arns
  return await read.read('ecs:DescribeTasks', () =>
    containers.tasks(name.cluster, arns.value.slice(0, mostTasks))
  )
}

/** One request of DescribeTasks. */
const mostTasks = 100

async function alarmsOf({ alarms }: Quick, { service }: About, read: FactReader): Promise<Facts['alarms']> {
  const names = service.alarms?.enable === true ? service.alarms.names : []
  if (names.length === 0) return known([])
  return await read.read('cloudwatch:DescribeAlarms', alarms && (() => alarms.states(names)))
}

type Balancing = 'groups' | 'targets' | 'attributes' | 'balancers' | 'listeners' | 'rules' | 'balancerSubnets'

function balancingOf(
  { targets }: Quick,
  around: Surroundings,
  { service }: About,
  read: FactReader
): Reading<Pick<Facts, Balancing>> {
  const arns = service.loadBalancers.flatMap((l) => l.targetGroupArn ?? [])
  const describe = targets.describe?.bind(targets)
  const groups: Promise<Facts['groups']> =
    arns.length === 0
      ? Promise.resolve(known([]))
      : read.read('elasticloadbalancing:DescribeTargetGroups', describe && (() => describe(arns)))
  return {
    groups,
    targets: each(arns, (arn) =>
      read.read('elasticloadbalancing:DescribeTargetHealth', () => targets.health(arn))
    ),
    attributes: each(arns, (arn) =>
      read.read('elasticloadbalancing:DescribeTargetGroupAttributes', around.attributes, arn)
    ),
    ...behind(groups, around, read)
  }
}

function definitionOf(
  around: Surroundings,
  { definition, region }: About,
  read: FactReader
): Reading<Pick<Facts, 'logGroups' | 'secrets' | 'roles' | 'simulated'>> {
  const logs = logNeeds(definition).filter((need) => !need.creates)
  const secrets = secretNeeds(definition)
  const names = [...new Set(secrets.filter((s) => s.kind === 'parameter').map((s) => s.id))]
  const parameters =
    names.length === 0
      ? Promise.resolve(known([]))
      : read.read('ssm:DescribeParameters', around.parameters, names, region)
  const fromManager = each(
    secrets.filter((s) => s.kind === 'secret').map((s) => s.id),
    (id) => read.exists('secretsmanager:DescribeSecret', around.secret, id)
  )
  const fromSystems = parameters.then((there) =>
    names.map((id): [string, Known<boolean>] => [id, ask(there, (all) => all.includes(id))])
  )
  return {
    logGroups: each(
      logs.map((l) => l.group),
      (group) => {
        const where = logs.find((l) => l.group === group)?.region
        return read.exists('logs:DescribeLogStreams', around.logGroup, group, where)
      }
    ),
    secrets: Promise.all([fromManager, fromSystems]).then(([a, b]) => new Map([...a, ...b])),
    roles: each(
      roleNeeds(definition).map((r) => r.arn),
      (arn) => read.read('iam:GetRole', around.role, arn)
    ),
    simulated: simulatedFor(around, definition, read)
  }
}
