import type { Ports, ServiceName, Surroundings } from '../ports.js'
import { behind } from './behind.js'
import type { About, Facts } from './facts.js'
import { imagesOf } from './images.js'
import { identityOf } from './identity-facts.js'
import { known } from './known.js'
import { logKey, logNeeds } from './needs.js'
import { groupsOf, networkOf } from './network.js'
import { each, FactReader, whole, type Reading } from './reader.js'
import { straysOf } from './strays.js'

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
      logGroups: logGroupsOf(around, about, read),
      ...identityOf(around, about, read)
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

function logGroupsOf(
  around: Surroundings,
  { definition, region }: About,
  read: FactReader
): Promise<Facts['logGroups']> {
  const logs = logNeeds(definition).filter((need) => !need.creates)
  return each(
    logs.map((l) => logKey(l, region)),
    (key) => {
      const need = logs.find((l) => logKey(l, region) === key)
      return read.exists('logs:DescribeLogStreams', around.logGroup, need?.group ?? key, need?.region)
    }
  )
}
