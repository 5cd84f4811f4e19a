import { revisionName } from '../domain/arn.js'
import type { Observation } from '../domain/observation.js'
import type { ReasonCode } from '../domain/outcome.js'
import { sayDuration } from '../domain/duration.js'
import { plural } from '../domain/plural.js'
import { primaryOf, type Deployment } from '../domain/service.js'
import { ownDeployment, type Memory, type Subject } from './memory.js'
import { longestProofMs, tolerance, type Policy } from './policy.js'
import { stuck } from './stuck.js'

/** What the evidence says now, with the numbers that made it. */
export type Verdict =
  | { state: 'waiting'; what: string }
  | { state: 'healthy'; since: number; bakeLeftMs: number }
  | { state: 'failing'; because: Because; detail: string; code?: ReasonCode }
  | { state: 'superseded'; by: Deployment }
  | { state: 'inconclusive'; what: string; code: ReasonCode }

/** Why it is failing: what kind of evidence decided. */
export type Because =
  | 'loop'
  | 'permanent'
  | 'ecs-failed'
  /** ECS has begun to put the old revision back; it is watched, never raced. */
  | 'ecs-rolling-back'
  | 'deadline'
  /** Nothing can move any more: said with its own code. */
  | 'stuck'
  /** A CloudWatch alarm went to ALARM. */
  | 'alarm'

/** How long a deployment that ECS completed may take past the deadline to be whole again, milliseconds. */
const settleMs = 5 * 60_000

/** Longer than DescribeServices has been seen to answer from before a write. */
const staleMs = 60_000

/** Judges what is remembered and was just seen. Pure; `seen.at` is now. */
export function judge(policy: Policy, subject: Subject, memory: Memory, seen: Observation): Verdict {
  const { service } = seen
  if (service.status !== 'ACTIVE')
    return { state: 'inconclusive', what: `the service is ${service.status}`, code: 'unknown' }
  const lost = whoTookOver(subject, memory, seen)
  if (lost) return lost
  const primary = primaryOf(service)
  if (primary?.id !== subject.deploymentId)
    return overdue(policy, subject, memory, seen) ?? waiting('ECS to show the deployment')
  if (memory.ecsFailed !== undefined)
    return { state: 'failing', because: 'ecs-failed', detail: memory.ecsFailed }

  const loop = replacementLoop(policy, memory, seen)
  if (loop) return loop
  const alarm = (seen.alarms ?? []).find(
    (a) => a.state === 'ALARM' && policy.alarms?.includes(a.name) === true
  )
  if (alarm) {
    const detail = `alarm ${alarm.name} is in ALARM${alarm.reason === undefined ? '' : `: ${alarm.reason}`}`
    return { state: 'failing', because: 'alarm', code: 'alarm', detail }
  }
  if (memory.healthySince !== undefined) {
    const bakeLeftMs = Math.max(0, memory.healthySince + proofMs(policy, memory, seen) - seen.at)
    if (bakeLeftMs > 0 && policy.end !== undefined && seen.at >= policy.end)
      return {
        state: 'inconclusive',
        what: `it is healthy, but the time of the run was over ${sayDuration(bakeLeftMs)} before its bake time was`,
        code: 'stuck'
      }
    return { state: 'healthy', since: memory.healthySince, bakeLeftMs }
  }
  const late = overdue(policy, subject, memory, seen)
  if (late) return late
  const blocked = stuck(policy, subject, memory, seen)
  if (!blocked) return waiting(whatFor(subject, memory, seen))
  const { desired, running, healthy } = memory.counts
  // Undoing a revision whose tasks are all healthy would be the greater risk (promise 2).
  return healthy >= desired && running >= desired
    ? {
        state: 'inconclusive',
        what: `all ${desired} new tasks are healthy, but ECS cannot complete the deployment: ${blocked.detail}`,
        code: blocked.code
      }
    : { state: 'failing', because: 'stuck', ...blocked }
}

/**
 * How long all must stay healthy. A task that was healthy and then died shows how long that proves nothing: those after
 * it must outlive it, as far as the deadline allows. Nothing more is asked where no bake time is.
 */
function proofMs(policy: Policy, memory: Memory, seen: Observation): number {
  if (policy.bakeMs === 0 || seen.at >= policy.deadline) return policy.bakeMs
  const lives = [...memory.failed.values()].flatMap(({ healthyForMs, task }) => {
    const ended = task.endedAt ?? task.stoppedAt
    if (healthyForMs === undefined || task.startedAt === undefined || ended === undefined) return []
    return [ended - task.startedAt]
  })
  return Math.max(policy.bakeMs, Math.min(longestProofMs, Math.max(0, ...lives)))
}

function waiting(what: string): Verdict {
  return { state: 'waiting', what }
}

/** Failed tasks beyond what is tolerated while no new healthy ground is gained, or one that cannot be helped. */
function replacementLoop(policy: Policy, memory: Memory, seen: Observation): Verdict | undefined {
  const failed = [...memory.failed.values()]
  const hopeless = failed.find((f) => f.hopeless === true)
  if (hopeless && memory.failedSinceGain > 0)
    return { state: 'failing', because: 'permanent', detail: `${hopeless.code}: another try cannot help` }
  const tolerated = tolerance(policy.maxFailedTasks, seen.service, memory.mostDesired)
  // Without permission to see the tasks, ECS's own counter of the deployment must do.
  const counted = Math.max(primaryOf(seen.service)?.failed ?? 0, seen.rollout?.breaker?.failureCount ?? 0)
  if (!seen.tasksReadable && counted > tolerated) {
    const detail = `ECS counts ${plural(counted, 'failed task')}, more than the ${tolerated} tolerated`
    return { state: 'failing', because: 'loop', detail }
  }
  const { failedSinceGain, restartsSinceGain, doomed, counts } = memory
  if (failedSinceGain + restartsSinceGain + doomed.length <= tolerated) return undefined
  const what = [
    failedSinceGain > 0 ? plural(failedSinceGain, 'failed task') : '',
    doomed.length > 0 ? `${plural(doomed.length, 'task')} unhealthy past the grace period` : '',
    restartsSinceGain > 0 ? `${plural(restartsSinceGain, 'restart')} in place after a first one` : ''
  ].filter((t) => t !== '')
  const detail = `${what.join(' and ')}, more than the ${tolerated} tolerated; ${counts.healthy} of ${counts.desired} healthy`
  return { state: 'failing', because: 'loop', detail }
}

/**
 * When another deployment is PRIMARY: either ECS puts the old one back (it says so by the state of our
 * deployment, or promotes the deployment that stood before), or somebody else's took over.
 */
function whoTookOver(subject: Subject, memory: Memory, seen: Observation): Verdict | undefined {
  const { service } = seen
  const primary = primaryOf(service)
  if (!primary || primary.id === subject.deploymentId) return undefined
  if (isStale(primary, subject, memory, seen)) return undefined
  const own = ownDeployment(subject, seen)
  const promoted = primary.id === subject.previous?.deploymentId
  const saysSo = /rolling back/i.test(primary.rolloutStateReason ?? '')
  const failedEvent = service.events.find(
    (e) => e.message.includes(`(deployment ${subject.deploymentId})`) && /deployment failed/i.test(e.message)
  )
  const backToOld = primary.taskDefinition === subject.previous?.taskDefinition
  const ended = own?.rolloutState === 'FAILED' || memory.ecsFailed !== undefined || failedEvent !== undefined
  // That ours FAILED is not enough: a person's fix may be what came after.
  if (promoted || (backToOld && (saysSo || ended)) || (saysSo && ended)) {
    const detail = own?.rolloutStateReason ?? failedEvent?.message ?? primary.rolloutStateReason ?? ''
    return { state: 'failing', because: 'ecs-rolling-back', detail: memory.ecsFailed ?? detail }
  }
  return { state: 'superseded', by: primary }
}

/**
 * A stale answer shows the time before our deployment; it must not be read as a take-over. ECS gives the
 * deployment that it promotes again a new createdAt; an old one, or one just after the start, is staleness,
 * unless it stays so for longer than any answer is stale.
 */
function isStale(primary: Deployment, subject: Subject, memory: Memory, seen: Observation): boolean {
  if (ownDeployment(subject, seen) || primary.id !== subject.previous?.deploymentId) return false
  if (memory.ecsFailed !== undefined || /rolling back/i.test(primary.rolloutStateReason ?? '')) return false
  const touched = Math.max(primary.createdAt ?? 0, primary.updatedAt ?? 0)
  return touched < subject.since && seen.at - (memory.missingSince ?? seen.at) < staleMs
}

/** Past the deadline nothing more is waited for. */
function overdue(policy: Policy, subject: Subject, memory: Memory, seen: Observation): Verdict | undefined {
  if (seen.at < policy.deadline) return undefined
  const what = whatFor(subject, memory, seen)
  const { desired, running, healthy } = memory.counts
  if (memory.zeroSince !== undefined)
    return {
      state: 'inconclusive',
      what: 'the service was scaled to 0 tasks, so nothing could be shown healthy',
      code: 'stuck'
    }
  const isPrimary = primaryOf(seen.service)?.id === subject.deploymentId
  if (isPrimary && memory.completed !== undefined) {
    // ECS has completed it: a replacement after a Spot interruption, say, may still come round.
    const { end = Infinity } = policy
    const unwell = memory.sick || memory.failed.size > 0
    const settled = Math.min(policy.deadline + policy.bakeMs + settleMs, end)
    // One that may have to be undone leaves half of what is kept for that.
    if (seen.at < (unwell ? Math.min(settled, (policy.deadline + end) / 2) : settled)) return undefined
    // What we cannot read or do not know is no reason to undo it.
    if (!unwell)
      return {
        state: 'inconclusive',
        what: `ECS has completed the deployment, but it could not be shown healthy: still waiting for ${what}`,
        code: 'stuck'
      }
  }
  // Undoing a revision whose tasks are all healthy would be the greater risk (promise 2).
  if (isPrimary && healthy >= desired && running >= desired) {
    if (seen.at < (policy.end ?? policy.deadline)) return undefined
    return {
      state: 'inconclusive',
      what: `all ${desired} new tasks are healthy, but ECS has not completed the deployment`,
      code: 'stuck'
    }
  }
  return { state: 'failing', because: 'deadline', detail: `still waiting for ${what}` }
}

/** In words, what keeps the deployment from being healthy right now. */
export function whatFor(subject: Subject, memory: Memory, seen: Observation): string {
  const { desired, running, healthy } = memory.counts
  if (seen.service.desired === 0) return 'tasks: the service is scaled to 0'
  if (running < desired) return `${plural(desired - running, 'more task')} to run`
  if (healthy < desired)
    return `${plural(desired - healthy, 'more task')} to be healthy${memory.whyNot.length > 0 ? ` (${memory.whyNot.join('; ')})` : ''}`
  const old = seen.service.deployments.filter((d) => d.id !== subject.deploymentId && d.running > 0)
  if (old.length > 0)
    return `${plural(sum(old), 'old task')} of ${revisionName(old[0]?.taskDefinition ?? '')} to stop`
  if (memory.draining > 0) return `${plural(memory.draining, 'old task')} to drain`
  return 'ECS to call the deployment completed'
}

const sum = (deployments: Deployment[]) => deployments.reduce((n, d) => n + d.running, 0)
