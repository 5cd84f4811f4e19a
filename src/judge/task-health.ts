import { targetGroupName } from '../domain/arn.js'
import type { Observation } from '../domain/observation.js'
import type { Container, LoadBalancer, Service, Target, Task } from '../domain/service.js'
import { unprovenHealthyMs } from './policy.js'

/** Health of one running task, and in words what it still waits for or what is wrong. */
export interface TaskHealth {
  state: 'starting' | 'healthy' | 'unhealthy' | 'unproven'
  why: string
  /** The target that keeps it from being healthy. */
  target?: { group: string; groupArn: string; containerPort: number; target?: Target }
}

/** True for a task that ECS wants to run and that does run. */
export function isRunning(task: Task): boolean {
  return task.lastStatus === 'RUNNING' && task.desiredStatus === 'RUNNING'
}

/**
 * How healthy a task is, by everything that was read: its containers' health checks, each of its targets,
 * and, where neither exists, 40 s of running (ECS's own rule). `unproven` means that a part could not be
 * read for lack of permission and nothing else speaks against it. `checked` names the essential containers
 * with a health check of their own, which ECS wants HEALTHY; absent: not known. One that has not spoken is
 * not held against a `completed` deployment.
 */
export function healthOf(
  task: Task,
  seen: Observation,
  checked?: readonly string[],
  completed = false
): TaskHealth {
  if (!isRunning(task)) return { state: 'starting', why: task.lastStatus }
  const sick = sickContainer(task, checked)
  if (task.healthStatus === 'UNHEALTHY' || sick)
    return { state: 'unhealthy', why: `container ${sick?.name ?? 'health'} is UNHEALTHY` }

  let unread = false
  for (const entry of withTargetGroup(seen.service)) {
    const targets = seen.targets?.get(entry.targetGroupArn)
    if (!targets) {
      if (!seen.unreadableTargetGroups.includes(entry.targetGroupArn))
        return { state: 'starting', why: `health of ${targetGroupName(entry.targetGroupArn)} not known yet` }
      unread = true
      continue
    }
    const found = healthOfTarget(task, entry, targets, seen)
    if (found) return found
  }
  const untold = task.containers.find(
    (c) => checked?.includes(c.name) === true && c.healthStatus !== 'HEALTHY'
  )
  if (untold && !completed) return { state: 'starting', why: `container ${untold.name} is not HEALTHY yet` }
  if (unread) return { state: 'unproven', why: 'target health could not be read' }
  if (task.healthStatus === 'HEALTHY' || withTargetGroup(seen.service).length > 0)
    return { state: 'healthy', why: '' }
  const ran = seen.at - (task.startedAt ?? seen.at)
  return ran >= unprovenHealthyMs
    ? { state: 'healthy', why: '' }
    : { state: 'starting', why: 'running under 40s' }
}

/** An UNHEALTHY container that makes its task so: one that is not essential does not (ECS documentation). */
export function sickContainer(task: Task, checked?: readonly string[]): Container | undefined {
  return task.containers.find(
    (c) => c.healthStatus === 'UNHEALTHY' && (checked === undefined || checked.includes(c.name))
  )
}

/** The load balancer entries of a service that have a target group. */
export function withTargetGroup(service: Service): (LoadBalancer & { targetGroupArn: string })[] {
  return service.loadBalancers.flatMap((l) =>
    l.targetGroupArn === undefined ? [] : [{ ...l, targetGroupArn: l.targetGroupArn }]
  )
}

function healthOfTarget(
  task: Task,
  entry: LoadBalancer & { targetGroupArn: string },
  targets: Target[],
  seen: Observation
): TaskHealth | undefined {
  const group = targetGroupName(entry.targetGroupArn)
  const target = targetOf(task, entry, targets, seen)
  const where = {
    group,
    groupArn: entry.targetGroupArn,
    containerPort: entry.containerPort,
    ...(target ? { target } : {})
  }
  if (!target) return { state: 'starting', why: `not registered in ${group}`, target: where }
  if (target.state === 'healthy') return undefined
  const why = `target ${target.state} in ${group}${target.description === undefined ? '' : `: ${target.description}`}`
  return { state: target.state === 'unhealthy' ? 'unhealthy' : 'starting', why, target: where }
}

/**
 * The registered target of a task: by address and container port for `ip` targets, by instance and host
 * port for `instance` targets. A target that still drains is taken only when there is no other.
 */
function targetOf(task: Task, entry: LoadBalancer, targets: Target[], seen: Observation): Target | undefined {
  const container = task.containers.find((c) => c.name === entry.containerName)
  const addresses = new Set([...task.addresses, ...(container?.addresses ?? [])])
  const instance =
    task.containerInstanceArn === undefined ? undefined : seen.instances?.get(task.containerInstanceArn)
  const hostPorts = (container?.bindings ?? [])
    .filter((b) => b.containerPort === entry.containerPort)
    .map((b) => b.hostPort)
  const mine = targets.filter((t) =>
    addresses.has(t.id)
      ? t.port === undefined || t.port === entry.containerPort
      : t.id === instance && t.port !== undefined && hostPorts.includes(t.port)
  )
  return mine.find((t) => t.state !== 'draining') ?? mine[0]
}
