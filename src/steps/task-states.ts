import { taskId } from '../domain/arn.js'
import type { HappeningBody, TaskState } from '../domain/events.js'
import type { Observation } from '../domain/observation.js'
import type { Task } from '../domain/service.js'
import type { Memory, Subject } from '../judge/memory.js'
import { healthOf, isRunning } from '../judge/task-health.js'
import { isOurs } from '../judge/task-memory.js'

type TaskSeen = Extract<HappeningBody, { code: 'task-seen' }>
type Stage = Pick<TaskSeen, 'state' | 'since' | 'reasonCode'>

/** A task that goes to and fro between healthy and unhealthy is told so many times; the rest is in the counts. */
const mostChanges = 12

/** Which state each task of a deployment came into, and when: what the picture of the rollout is drawn from. */
export class TaskStates {
  /** Task ARN -> what was told of it, in order. */
  private readonly told = new Map<string, TaskState[]>()

  constructor(private readonly subject: Subject) {}

  /** What changed since the last look. A task that came further than one state between two looks tells each. */
  changes(memory: Memory, seen: Observation): TaskSeen[] {
    return (seen.tasks ?? [])
      .filter((task) => isOurs(this.subject, task) && !this.isPast(task))
      .flatMap((task) =>
        this.stages(task, memory, seen)
          .flatMap((stage) => (this.isNew(task, stage) ? [stage] : []))
          .map((stage) => ({
            code: 'task-seen' as const,
            task: taskId(task.arn),
            taskDefinition: this.subject.taskDefinition,
            ...stage
          }))
      )
  }

  private isNew({ arn }: Task, { state }: Stage): boolean {
    const told = this.told.get(arn) ?? []
    const isEnd = state === 'failed' || state === 'stopped'
    const isBeginning = state === 'starting' || state === 'running'
    if (told.at(-1) === state || (isBeginning && told.includes(state))) return false
    if (told.length >= mostChanges && !isEnd) return false
    this.told.set(arn, [...told, state])
    return true
  }

  /** A deployment that is promoted again brings its own past along: what was stopped, or is on its way there. */
  private isPast({ arn, createdAt, desiredStatus, stoppedAt }: Task): boolean {
    const { since, adoptsTasks } = this.subject
    const older = adoptsTasks === true && (createdAt ?? since) < since
    const leaves = older && desiredStatus === 'STOPPED' && !this.told.has(arn)
    return leaves || (stoppedAt !== undefined && stoppedAt < since)
  }

  private stages(task: Task, memory: Memory, seen: Observation): Stage[] {
    const { createdAt, startedAt, endedAt, stoppedAt } = task
    const ahead = this.subject.aheadMs ?? 0
    const here = (at: number | undefined): number =>
      at === undefined ? seen.at : Math.min(at + ahead, seen.at)
    const begun: Stage[] = [
      { state: 'starting', since: here(createdAt) },
      ...(startedAt === undefined ? [] : [{ state: 'running' as const, since: here(startedAt) }])
    ]
    const failed = memory.failed.get(task.arn)
    const end = here(endedAt ?? stoppedAt)
    if (failed) return [...begun, { state: 'failed', since: end, reasonCode: failed.code }]
    if (task.lastStatus === 'STOPPED' || task.desiredStatus === 'STOPPED')
      return [...begun, { state: 'stopped', since: end }]
    if (!isRunning(task)) return begun
    const health = healthOf(task, seen, this.subject.healthChecked, memory.completed !== undefined)
    if (health.state === 'starting') return begun
    return [...begun, { state: health.state === 'unhealthy' ? 'unhealthy' : 'healthy', since: seen.at }]
  }
}
