import type { Counts } from '../domain/counts.js'
import type { Observation } from '../domain/observation.js'
import type { ReasonCode } from '../domain/outcome.js'
import { primaryOf, type Deployment, type Task } from '../domain/service.js'
import { unprovenHealthyMs } from './policy.js'
import { readStop } from './stop-reason.js'
import { healthOf, isRunning, withTargetGroup, type TaskHealth } from './task-health.js'

/** The deployment that is judged, and what stood before it. */
export interface Subject {
  deploymentId: string
  taskDefinition: string
  /** When the deployment was asked for, epoch milliseconds. */
  since: number
  /** Essential containers of the revision that have a health check. */
  healthChecked?: readonly string[]
  /** Going back to an old revision may find its tasks alive, started by an earlier deployment: they count too. */
  adoptsTasks?: boolean
  /** The deployment that was PRIMARY before; absent when there was none. */
  previous?: { deploymentId: string; taskDefinition: string }
}

/** A task of the judged deployment that was stopped for a reason which is not benign. */
export interface FailedTask {
  arn: string
  code: ReasonCode
  task: Task
  /** The last thing that was wrong with it while it ran. */
  lastWords?: TaskHealth
  /** How long it had been healthy before, in milliseconds; absent when it never was. */
  healthyForMs?: number
}

/** Everything the judge remembers between two looks. Plain data; a new one comes from `remember`. */
export interface Memory {
  failed: Map<string, FailedTask>
  /** Failed tasks counted since the deployment last had more healthy tasks than ever before. */
  failedSinceGain: number
  bestHealthy: number
  /** Task ARN -> when it was seen healthy first and last. */
  healthySpans: Map<string, { first: number; last: number }>
  lastWords: Map<string, TaskHealth>
  /** Since when the whole deployment has been complete and healthy, epoch milliseconds. */
  healthySince?: number
  /** True once our deployment was in a list: from then on its absence means something. */
  seen: boolean
  /** When ECS first called our deployment COMPLETED. */
  completed?: number
  /** A task of ours was positively unhealthy at the last look that read them. */
  sick: boolean
  /** Since when our deployment is missing from the list. */
  missingSince?: number
  /** ECS itself said that our deployment FAILED. */
  ecsFailed?: string
  /** Since when the service has been wanted at 0 tasks. */
  zeroSince?: number
  counts: Counts
  /** Why running tasks are not healthy, in words, by the last look that read them. */
  whyNot: string[]
  /** How many tasks of other deployments were still being drained or stopped then. */
  draining: number
}

/** The memory before the first look. */
export function freshMemory(): Memory {
  return {
    failed: new Map(),
    failedSinceGain: 0,
    bestHealthy: 0,
    healthySpans: new Map(),
    lastWords: new Map(),
    seen: false,
    sick: false,
    counts: { desired: 0, pending: 0, running: 0, healthy: 0, failed: 0 },
    whyNot: [],
    draining: 0
  }
}

/** Our deployment in what was seen, whatever its status. */
export function ownDeployment(subject: Subject, seen: Observation): Deployment | undefined {
  return seen.service.deployments.find((d) => d.id === subject.deploymentId)
}

/**
 * Adds one look to the memory. Pure: the given memory is left as it was. Each task counts once, however
 * often it is seen, and stays counted when AWS forgets it.
 */
export function remember(subject: Subject, before: Memory, seen: Observation): Memory {
  const own = ownDeployment(subject, seen)
  const memory: Memory = {
    ...before,
    failed: new Map(before.failed),
    healthySpans: new Map(before.healthySpans),
    lastWords: new Map(before.lastWords),
    seen: before.seen || own !== undefined
  }
  if (own?.rolloutState === 'FAILED') memory.ecsFailed = own.rolloutStateReason ?? 'rolloutState FAILED'
  if (own?.rolloutState === 'COMPLETED') memory.completed = before.completed ?? seen.at
  if (own) delete memory.missingSince
  else memory.missingSince = before.missingSince ?? seen.at
  if (seen.service.desired === 0) memory.zeroSince = before.zeroSince ?? seen.at
  else delete memory.zeroSince

  const ours = seen.tasks?.filter((t) => t.startedBy === subject.deploymentId)
  if (ours) rememberTasks(subject, memory, ours, seen)
  memory.counts = {
    desired: own?.desired ?? seen.service.desired,
    pending: own?.pending ?? 0,
    running: own?.running ?? 0,
    healthy: ours ? memory.counts.healthy : Math.min(before.counts.healthy, own?.running ?? 0),
    failed: memory.failed.size
  }
  if (isWhole(subject, memory, seen)) {
    memory.healthySince = before.healthySince ?? seen.at
    // Whole means every task: one whose container check has not spoken counts now that ECS has completed.
    if (ours) memory.counts.healthy = Math.max(memory.counts.healthy, seen.service.desired)
  } else delete memory.healthySince
  return memory
}

function isOurs(subject: Subject, task: Task): boolean {
  if (task.startedBy === subject.deploymentId) return true
  return subject.adoptsTasks === true && task.taskDefinition === subject.taskDefinition
}

function rememberTasks(subject: Subject, memory: Memory, ours: Task[], seen: Observation): void {
  let healthy = 0
  const whyNot = new Set<string>()
  memory.sick = false
  for (const task of ours.filter(isRunning)) {
    const health = healthOf(task, seen, subject.healthChecked)
    if (health.state === 'starting' || health.state === 'unhealthy') whyNot.add(health.why)
    if (health.state === 'healthy' || health.state === 'unproven') {
      healthy += 1
      const first = memory.healthySpans.get(task.arn)?.first ?? seen.at
      memory.healthySpans.set(task.arn, { first, last: seen.at })
    } else if (health.state === 'unhealthy') {
      memory.sick = true
      memory.lastWords.set(task.arn, health)
    }
  }
  memory.whyNot = [...whyNot].slice(0, 2)
  memory.draining = (seen.tasks ?? []).filter((t) => !isOurs(subject, t) && t.lastStatus !== 'STOPPED').length
  let failedNow = 0
  for (const task of ours) {
    if (task.desiredStatus !== 'STOPPED' && task.lastStatus !== 'STOPPED') continue
    // A deployment that is promoted again brings its own past along.
    if (task.stoppedAt !== undefined && task.stoppedAt < subject.since) continue
    const meaning = readStop(task)
    if (meaning.kind !== 'failed') continue
    if (!memory.failed.has(task.arn)) failedNow += 1
    memory.failed.set(task.arn, failedTask(memory, task, meaning.code, seen))
  }
  // Ground is gained when more tasks are healthy than ever before; failures before that were overcome.
  if (healthy > memory.bestHealthy) {
    memory.bestHealthy = healthy
    memory.failedSinceGain = 0
  }
  memory.failedSinceGain += failedNow
  memory.counts = { ...memory.counts, healthy }
}

function failedTask(memory: Memory, task: Task, code: ReasonCode, seen: Observation): FailedTask {
  const lastWords = memory.lastWords.get(task.arn)
  const span = memory.healthySpans.get(task.arn)
  return {
    arn: task.arn,
    code: code === 'elb-health-unreachable' ? elbCode(task, lastWords, seen) : code,
    task,
    ...(lastWords ? { lastWords } : {}),
    ...(span === undefined ? {} : { healthyForMs: span.last - span.first })
  }
}

/** ECS says only that ELB checks failed; the target's own reason, or the service event, says how. */
function elbCode(task: Task, lastWords: TaskHealth | undefined, seen: Observation): ReasonCode {
  const id = task.arn.slice(task.arn.lastIndexOf('/') + 1)
  const event = seen.service.events.find(
    (e) => e.message.includes(`(task ${id})`) && e.message.includes('unhealthy in')
  )
  return codeOfTarget(
    lastWords?.target?.target?.reason,
    lastWords?.target?.target?.description ?? event?.message ?? ''
  )
}

/** The code of a target's reason, by ELB's reason code first and its sentence where that is missing. */
export function codeOfTarget(reason: string | undefined, description: string): ReasonCode {
  switch (reason) {
    case 'Target.ResponseCodeMismatch':
      return 'elb-health-code'
    case 'Target.Timeout':
      return 'elb-health-timeout'
    case 'Target.FailedHealthChecks':
      return 'elb-health-unreachable'
    case 'Target.NotInUse':
      return 'target-not-in-use'
    case 'Target.NotRegistered':
      return 'target-not-registered'
    default:
      if (/with these codes/i.test(description)) return 'elb-health-code'
      if (/timed out/i.test(description)) return 'elb-health-timeout'
      return 'elb-health-unreachable'
  }
}

/**
 * True when our deployment is PRIMARY and COMPLETED, every wanted task runs, and nothing that was read
 * speaks against their health. A look that read no tasks keeps a health that was established before.
 */
function isWhole(subject: Subject, memory: Memory, seen: Observation): boolean {
  const primary = primaryOf(seen.service)
  if (primary?.id !== subject.deploymentId || !isCompleted(primary, seen)) return false
  const { desired } = seen.service
  if (!(desired > 0 && primary.desired === desired && primary.running === desired)) return false
  if (seen.service.running < desired) return false
  if (!seen.tasksReadable) return targetsAllow(seen, desired)
  if (!seen.tasks) return memory.healthySince !== undefined
  // ECS has called it completed, so a container check that has not spoken is not held against it.
  const ours = seen.tasks
    .filter((t) => isOurs(subject, t) && isRunning(t))
    .map((t) => healthOf(t, seen).state)
  const good = ours.filter((state) => state === 'healthy' || state === 'unproven')
  return good.length >= desired && !ours.includes('unhealthy')
}

/** Without sight of the tasks, enough healthy targets in each readable group must do. */
function targetsAllow(seen: Observation, desired: number): boolean {
  return withTargetGroup(seen.service).every((entry) => {
    const targets = seen.targets?.get(entry.targetGroupArn)
    return !targets || targets.filter((t) => t.state === 'healthy').length >= desired
  })
}

/** rolloutState is absent behind a Classic Load Balancer; then one settled deployment is the sign (SDK documentation). */
function isCompleted(primary: Deployment, seen: Observation): boolean {
  if (primary.rolloutState !== undefined) return primary.rolloutState === 'COMPLETED'
  const classic = seen.service.loadBalancers.some((l) => l.classicName !== undefined)
  return classic && seen.service.deployments.length === 1 && seen.service.pending === 0
}

/** True when most failed tasks had been healthy for longer than a mere start-up before they died. */
export function isFlapping(memory: Memory): boolean {
  const failed = [...memory.failed.values()]
  const flapped = failed.filter((f) => (f.healthyForMs ?? 0) > unprovenHealthyMs)
  return flapped.length * 2 > failed.length
}
