import type { Observation } from '../../src/domain/observation.js'
import type { Deployment, Service, Target, Task } from '../../src/domain/service.js'
import type { Policy } from '../../src/judge/policy.js'
import { freshMemory, remember, type Memory, type Subject } from '../../src/judge/memory.js'
import { judge, type Verdict } from '../../src/judge/verdict.js'

/** Builders of what the judge sees; every test says only what matters to it. */
export const start = Date.UTC(2026, 5, 1, 9)
const arn = (kind: string, name: string) => `arn:aws:ecs:eu-west-1:111122223333:${kind}/${name}`
export const oldRevision = arn('task-definition', 'web:1')
export const newRevision = arn('task-definition', 'web:2')
export const group = 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web-tg/0123456789abcdef'

export const subject: Subject = {
  deploymentId: 'ecs-svc/2',
  taskDefinition: newRevision,
  since: start,
  previous: { deploymentId: 'ecs-svc/1', taskDefinition: oldRevision }
}
export const policy: Policy = { maxFailedTasks: 'auto', bakeMs: 60_000, deadline: start + 1_800_000 }

export function deployment(change: Partial<Deployment> = {}): Deployment {
  return {
    id: 'ecs-svc/2',
    status: 'PRIMARY',
    taskDefinition: newRevision,
    desired: 1,
    pending: 0,
    running: 1,
    failed: 0,
    rolloutState: 'COMPLETED',
    createdAt: start,
    updatedAt: start,
    ...change
  }
}

export const oldDeployment = (change: Partial<Deployment> = {}) =>
  deployment({
    id: 'ecs-svc/1',
    status: 'ACTIVE',
    taskDefinition: oldRevision,
    createdAt: start - 9e6,
    updatedAt: start - 9e6,
    ...change
  })

export function service(change: Partial<Service> = {}): Service {
  const deployments = change.deployments ?? [deployment()]
  return {
    arn: arn('service', 'main/web'),
    name: 'web',
    clusterArn: arn('cluster', 'main'),
    status: 'ACTIVE',
    controller: 'ECS',
    strategy: 'ROLLING',
    scheduling: 'REPLICA',
    taskDefinition: newRevision,
    desired: 1,
    running: 1,
    pending: 0,
    deployments,
    events: [],
    loadBalancers: [],
    gracePeriodMs: 0,
    breaker: { enable: false, rollback: false },
    ...change
  }
}

export function task(id: string, change: Partial<Task> = {}): Task {
  return {
    arn: arn('task', `main/${id}`),
    startedBy: 'ecs-svc/2',
    taskDefinition: newRevision,
    lastStatus: 'RUNNING',
    desiredStatus: 'RUNNING',
    startedAt: start,
    addresses: [`10.0.0.${id}`],
    containers: [],
    ...change
  }
}

export const dead = (id: string, stopCode: string, stoppedReason: string, change: Partial<Task> = {}) =>
  task(id, {
    lastStatus: 'STOPPED',
    desiredStatus: 'STOPPED',
    stopCode,
    stoppedReason,
    endedAt: start + 30_000,
    stoppedAt: start + 30_000,
    ...change
  })

export const exited = (id: string, exitCode = 1) =>
  dead(id, 'EssentialContainerExited', 'Essential container in task exited', {
    containers: [{ name: 'app', lastStatus: 'STOPPED', exitCode, addresses: [], bindings: [] }]
  })

export const lb = [{ targetGroupArn: group, containerName: 'app', containerPort: 80 }]
export const target = (id: string, state: string, change: Partial<Target> = {}): Target => ({
  id: `10.0.0.${id}`,
  port: 80,
  state,
  ...change
})

export function look(seconds: number, change: Partial<Observation> = {}): Observation {
  return {
    at: start + seconds * 1000,
    service: service(),
    tasks: [],
    targets: new Map(),
    unreadableTargetGroups: [],
    tasksReadable: true,
    ...change
  }
}

/** The verdict after a sequence of looks, and the memory they left. */
export function after(
  looks: Observation[],
  change: Partial<Policy> = {},
  about: Subject = subject
): { verdict: Verdict; memory: Memory; seen: Observation } {
  let memory = freshMemory()
  let verdict: Verdict = { state: 'waiting', what: 'nothing seen' }
  for (const seen of looks) {
    memory = remember(about, memory, seen)
    verdict = judge({ ...policy, ...change }, about, memory, seen)
  }
  return { verdict, memory, seen: looks.at(-1) ?? look(0) }
}
