import type { Counts } from '../domain/counts.js'
import type { Observation } from '../domain/observation.js'
import type { ReasonCode } from '../domain/outcome.js'
import type { Deployment, Task } from '../domain/service.js'
import { blockedBy, type Blocked } from './stuck.js'
import { isOurs, rememberTasks } from './task-memory.js'
import type { TaskHealth } from './task-health.js'
import { isWhole } from './whole.js'

/** The deployment that is judged, and what stood before it. */
export interface Subject {
  deploymentId: string
  taskDefinition: string
  /** When the deployment was asked for, epoch milliseconds. */
  since: number
  /** How far the clock of this machine is ahead of ECS's, as its first answer showed, milliseconds. */
  aheadMs?: number
  /** Essential containers of the revision that have a health check. */
  healthChecked?: readonly string[]
  /** All essential containers of the revision; absent: not known. */
  essential?: readonly string[]
  /** Going back to an old revision may find its tasks alive, started by an earlier deployment: they count too. */
  adoptsTasks?: boolean
  /** The deployment that was PRIMARY before; absent when there was none. */
  previous?: { deploymentId: string; taskDefinition: string }
}

/** A task of the judged deployment that was stopped, or is bound to be, for a reason which is not benign. */
export interface FailedTask {
  arn: string
  code: ReasonCode
  task: Task
  /** The last thing that was wrong with it while it ran. */
  lastWords?: TaskHealth
  /** What the service event said of its failed health check, where the target itself was not seen. */
  heard?: string
  /** How long it had been healthy before, in milliseconds; absent when it never was. */
  healthyForMs?: number
  /** ECS says that a health check failed, and nothing that was read says how yet: `code` is the least of it. */
  unsure?: true
  /** A second task would fail for the same reason. */
  hopeless?: true
}

/** A container that is started again and again within one task, under its restart policy. */
export interface Restarts {
  task: Task
  container: string
  /** The runtime ids that were seen: one for each start. */
  ids: string[]
}

/** Everything the judge remembers between two looks. Plain data; a new one comes from `remember`. */
export interface Memory {
  failed: Map<string, FailedTask>
  /** Failed tasks counted since the deployment last had more healthy tasks than ever before. */
  failedSinceGain: number
  /** Restarts in place of containers whose task was never healthy, counted likewise. */
  restartsSinceGain: number
  restarts: Map<string, Restarts>
  /** Running tasks that ECS is bound to replace: unhealthy past their grace period, and none was ever healthy. */
  doomed: FailedTask[]
  bestHealthy: number
  /** The most tasks that were wanted: scaling in makes no failure of what was tolerated before. */
  mostDesired: number
  /** Task ARN -> when it was seen healthy first and last. */
  healthySpans: Map<string, { first: number; last: number }>
  lastWords: Map<string, TaskHealth>
  /** Task ARN -> since when it is seen unhealthy, without a break. */
  unhealthySince: Map<string, number>
  /** ARNs of our tasks, as far as they were ever seen. */
  started: Set<string>
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
  /** The counts of the rollout as last seen, and since when they have not moved. */
  standing: string
  standingSince: number
  /** What ECS last said that keeps it from going on; gone when a task started after it. */
  blocked?: Blocked
}

/** The memory before the first look. */
export function freshMemory(): Memory {
  return {
    failed: new Map(),
    failedSinceGain: 0,
    restartsSinceGain: 0,
    restarts: new Map(),
    doomed: [],
    bestHealthy: 0,
    mostDesired: 0,
    healthySpans: new Map(),
    lastWords: new Map(),
    unhealthySince: new Map(),
    started: new Set(),
    seen: false,
    sick: false,
    counts: { desired: 0, pending: 0, running: 0, healthy: 0, failed: 0 },
    whyNot: [],
    draining: 0,
    standing: '',
    standingSince: 0
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
    restarts: new Map(before.restarts),
    healthySpans: new Map(before.healthySpans),
    lastWords: new Map(before.lastWords),
    unhealthySince: new Map(before.unhealthySince),
    started: new Set(before.started),
    mostDesired: Math.max(before.mostDesired, seen.service.desired),
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
    // A task that failed and was replaced between two looks breaks the bake like one that is seen missing.
    const died = memory.failed.size > before.failed.size
    memory.healthySince = died ? seen.at : (before.healthySince ?? seen.at)
    // Whole means every task: one whose container check has not spoken counts now that ECS has completed.
    if (ours) memory.counts.healthy = Math.max(memory.counts.healthy, seen.service.desired)
  } else delete memory.healthySince
  rememberStanding(subject, before, memory, seen)
  return memory
}

/** Whether anything moved: tasks of either side, or what is wanted; and what ECS says keeps it from moving. */
function rememberStanding(subject: Subject, before: Memory, memory: Memory, seen: Observation): void {
  const { service } = seen
  const others = service.deployments.filter((d) => d.id !== subject.deploymentId)
  const sum = (pick: (d: Deployment) => number) => others.reduce((n, d) => n + pick(d), 0)
  const standing = [
    memory.counts.desired,
    memory.counts.pending,
    memory.counts.running,
    sum((d) => d.running),
    sum((d) => d.pending),
    memory.started.size,
    service.minimumHealthyPercent ?? '',
    service.maximumPercent ?? ''
  ].join(' ')
  memory.standing = standing
  memory.standingSince = standing === before.standing ? before.standingSince : seen.at

  const said = service.events
    .filter((e) => e.at >= subject.since)
    .map((e) => blockedBy(e))
    .find((b) => b !== undefined)
  const blocked = said ?? before.blocked
  const startedLater = (seen.tasks ?? []).some(
    (t) => isOurs(subject, t) && !memory.failed.has(t.arn) && (t.createdAt ?? 0) > (blocked?.at ?? Infinity)
  )
  if (blocked && !startedLater) memory.blocked = blocked
  else delete memory.blocked
}
