import type { Observation } from '../domain/observation.js'
import type { ReasonCode } from '../domain/outcome.js'
import type { Task } from '../domain/service.js'
import type { FailedTask, Memory, Subject } from './memory.js'
import { isHopeless } from './permanent.js'
import { doomedAfterMs, unprovenHealthyMs, unreadChecksMs } from './policy.js'
import { readStop } from './stop-reason.js'
import { healthOf, isRunning, type TaskHealth } from './task-health.js'

/** True for a task that counts for the judged deployment. */
export function isOurs(subject: Subject, task: Task): boolean {
  if (task.startedBy === subject.deploymentId) return true
  return subject.adoptsTasks === true && task.taskDefinition === subject.taskDefinition
}

/** Adds what one look shows of our tasks to a memory that may be changed. */
export function rememberTasks(subject: Subject, memory: Memory, ours: Task[], seen: Observation): void {
  for (const task of ours) memory.started.add(task.arn)
  const healthy = rememberHealth(subject, memory, ours.filter(isRunning), seen)
  memory.draining = (seen.tasks ?? []).filter((t) => !isOurs(subject, t) && t.lastStatus !== 'STOPPED').length
  let failedNow = 0
  for (const task of ours) {
    if (task.desiredStatus !== 'STOPPED' && task.lastStatus !== 'STOPPED') continue
    // A deployment that is promoted again brings its own past along.
    if (task.stoppedAt !== undefined && task.stoppedAt < subject.since) continue
    const meaning = readStop(task)
    if (meaning.kind !== 'failed') continue
    if (!memory.failed.has(task.arn)) failedNow += 1
    memory.failed.set(task.arn, failedTask(subject, memory, task, meaning.code, seen))
  }
  const restartedNow = rememberRestarts(subject, memory, ours)
  // Ground is gained when more tasks are healthy than ever before; failures before that were overcome.
  if (healthy > memory.bestHealthy) {
    memory.bestHealthy = healthy
    memory.failedSinceGain = 0
    memory.restartsSinceGain = 0
  }
  memory.failedSinceGain += failedNow
  memory.restartsSinceGain += restartedNow
  memory.doomed = doomedTasks(subject, memory, ours, seen)
  memory.counts = { ...memory.counts, healthy }
}

/** The health of the running ones; gives how many are healthy. */
function rememberHealth(subject: Subject, memory: Memory, running: Task[], seen: Observation): number {
  let healthy = 0
  const whyNot = new Set<string>()
  memory.sick = false
  for (const task of running) {
    const health = healthOf(task, seen, subject.healthChecked)
    if (health.state === 'starting' || health.state === 'unhealthy') whyNot.add(health.why)
    if (health.state !== 'unhealthy') memory.unhealthySince.delete(task.arn)
    if (health.state === 'healthy' || health.state === 'unproven') {
      healthy += 1
      const first = memory.healthySpans.get(task.arn)?.first ?? seen.at
      memory.healthySpans.set(task.arn, { first, last: seen.at })
    } else if (health.state === 'unhealthy') {
      memory.sick = true
      memory.lastWords.set(task.arn, health)
      if (!memory.unhealthySince.has(task.arn)) memory.unhealthySince.set(task.arn, seen.at)
    }
  }
  memory.whyNot = [...whyNot].slice(0, 2)
  return healthy
}

/**
 * Starts of a container within the same task; one whose task was healthy before may be meant to end. The first restart
 * of a container is what its restartPolicy is for, and does not count (promise 2).
 */
function rememberRestarts(subject: Subject, memory: Memory, ours: Task[]): number {
  let restarts = 0
  for (const task of ours) {
    if (memory.healthySpans.has(task.arn)) continue
    for (const { name, runtimeId } of task.containers) {
      if (runtimeId === undefined || subject.essential?.includes(name) === false) continue
      const key = `${task.arn} ${name}`
      const ids = memory.restarts.get(key)?.ids ?? []
      if (ids.length > 1 && !ids.includes(runtimeId)) restarts += 1
      memory.restarts.set(key, {
        task,
        container: name,
        ids: ids.includes(runtimeId) ? ids : [...ids, runtimeId]
      })
    }
  }
  return restarts
}

/**
 * Running tasks that ECS is bound to replace. Only where every running task of ours gives the same bad answer
 * past its grace period, for longer than the target group needs to be sure, and none was ever healthy: a task
 * that is still starting, one that recovers, or one that is well makes the others a flake.
 */
function doomedTasks(subject: Subject, memory: Memory, ours: Task[], seen: Observation): FailedTask[] {
  if (subject.adoptsTasks === true || memory.bestHealthy > 0) return []
  const running = ours.filter(isRunning)
  const doomed = running.flatMap((task): FailedTask[] => {
    const health = memory.lastWords.get(task.arn)
    const since = memory.unhealthySince.get(task.arn)
    const code = health && codeOfHealth(health)
    if (since === undefined || code === undefined || task.startedAt === undefined) return []
    const began = task.startedAt + (subject.aheadMs ?? 0)
    const graceEnds = began + Math.max(seen.service.gracePeriodMs, checksMs(health, seen))
    if (seen.at - Math.max(since, graceEnds) < doomedAfterMs) return []
    return [{ arn: task.arn, code, task, ...(health ? { lastWords: health } : {}) }]
  })
  const same = new Set(doomed.map((d) => d.code)).size === 1
  return same && doomed.length === running.length ? doomed : []
}

/** How long the target group takes from a task's start until an unhealthy answer is sure. */
export function checksMs(health: TaskHealth | undefined, seen: Observation): number {
  const arn = health?.target?.groupArn
  if (arn === undefined) return 0
  const group = seen.targetGroups?.get(arn)
  if (group?.intervalMs === undefined || group.unhealthyThreshold === undefined) return unreadChecksMs
  return group.intervalMs * group.unhealthyThreshold
}

/** The code of an unhealthy running task; undefined for what says nothing about the task itself. */
function codeOfHealth(health: TaskHealth): ReasonCode | undefined {
  const reason = health.target?.target?.reason
  if (!health.target) return 'container-health-check'
  const known = ['Target.ResponseCodeMismatch', 'Target.Timeout', 'Target.FailedHealthChecks']
  return reason !== undefined && known.includes(reason) ? codeOfTarget(reason, '') : undefined
}

/** How long a task was healthy; one whose container ended by itself was so until then, whenever it was last seen. */
function healthySpan(subject: Subject, memory: Memory, task: Task): number | undefined {
  const span = memory.healthySpans.get(task.arn)
  if (span === undefined) return undefined
  const exited = task.stopCode === 'EssentialContainerExited' && task.endedAt !== undefined
  const until = exited ? (task.endedAt ?? 0) + (subject.aheadMs ?? 0) : span.last
  return Math.max(until, span.last) - span.first
}

function failedTask(
  subject: Subject,
  memory: Memory,
  task: Task,
  code: ReasonCode,
  seen: Observation
): FailedTask {
  const lastWords = memory.lastWords.get(task.arn)
  const healthyForMs = healthySpan(subject, memory, task)
  const failed: FailedTask = {
    arn: task.arn,
    code,
    task,
    ...(isHopeless(code, task) ? { hopeless: true as const } : {}),
    ...(lastWords ? { lastWords } : {}),
    ...(healthyForMs === undefined ? {} : { healthyForMs })
  }
  if (code !== 'elb-health-unreachable') return failed
  // ECS says only that ELB checks failed; the target's own reason, or the service event, says how.
  const target = lastWords?.target?.target
  if (target) return { ...failed, code: codeOfTarget(target.reason, target.description ?? '') }
  // What was known once stays known when the event that told it is gone.
  const heard = eventOf(task, seen) ?? memory.failed.get(task.arn)?.heard
  return heard === undefined
    ? { ...failed, unsure: true }
    : { ...failed, heard, code: codeOfTarget(undefined, heard) }
}

/** The service event about the failed health check of a task's target. */
function eventOf(task: Task, seen: Observation): string | undefined {
  const id = task.arn.slice(task.arn.lastIndexOf('/') + 1)
  const instance = seen.instances?.get(task.containerInstanceArn ?? '')
  const ports = task.containers.flatMap((c) => c.bindings.map((b) => b.hostPort))
  return seen.service.events.find(
    ({ message }) =>
      message.includes('unhealthy in') &&
      (message.includes(`(task ${id})`) ||
        // The wording of tasks on EC2 instances.
        (message.includes(`(instance ${instance ?? ''})`) &&
          ports.some((port) => message.includes(`(port ${port})`))))
  )?.message
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
 * True when most failed tasks had been healthy before they died: for longer than a mere start-up, or at all once
 * ECS had completed the deployment.
 */
export function isFlapping(memory: Memory): boolean {
  const failed = [...memory.failed.values()]
  const flapped = failed.filter(
    (f) =>
      (f.healthyForMs ?? 0) > unprovenHealthyMs ||
      (f.healthyForMs !== undefined && (f.task.stoppedAt ?? 0) > (memory.completed ?? Infinity))
  )
  return flapped.length * 2 > failed.length
}
