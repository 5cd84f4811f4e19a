import { taskId } from '../domain/arn.js'
import { sayDuration } from '../domain/duration.js'
import type { TaskLog } from '../domain/observation.js'
import type { ReasonCode } from '../domain/outcome.js'
import type { Container, Task } from '../domain/service.js'
import type { FailedTask, Memory } from './memory.js'
import { culprit } from './names.js'
import type { TaskHealth } from './task-health.js'

/** One reason why tasks failed, and the tasks that it is seen in. */
export interface Finding {
  code: ReasonCode
  tasks: FailedTask[]
}

/** What stands nearer to the root comes first: a failing health check can come from an exit, not the other way. */
const rootFirst: ReasonCode[] = [
  'image-platform-mismatch',
  'image-not-found',
  'secret-missing',
  'secret-denied',
  'log-group-missing',
  'container-exec-format',
  'container-oom',
  'container-exit',
  'container-killed',
  'container-health-check'
]

/** The reasons that were found, the root first: permanent ones, then what most tasks share, then what lies deeper. */
export function findings(memory: Memory, logs: readonly TaskLog[]): Finding[] {
  const byCode = new Map<ReasonCode, FailedTask[]>()
  for (const task of [...memory.failed.values(), ...memory.doomed]) {
    const code = deeper(task, memory, logs)
    byCode.set(code, [...(byCode.get(code) ?? []), task])
  }
  const rank = (code: ReasonCode) => (rootFirst.includes(code) ? rootFirst.indexOf(code) : rootFirst.length)
  const known = (code: ReasonCode) => Number(code !== 'unknown')
  return [...byCode]
    .map(([code, tasks]) => ({ code, tasks }))
    .sort(
      (a, b) =>
        known(b.code) - known(a.code) ||
        Number(hasHopeless(b)) - Number(hasHopeless(a)) ||
        b.tasks.length - a.tasks.length ||
        rank(a.code) - rank(b.code) ||
        (a.code < b.code ? -1 : 1)
    )
}

/** True when another try cannot help at least one of its tasks. */
export function hasHopeless({ tasks }: Finding): boolean {
  return tasks.some((t) => t.hopeless === true)
}

/** What lies behind the code that ECS's words give: the wrong processor, or a container that keeps ending. */
function deeper({ arn, code, task }: FailedTask, memory: Memory, logs: readonly TaskLog[]): ReasonCode {
  const name = culprit(task)?.name
  const format = logs.some(
    (l) =>
      l.container === name &&
      l.lines.some((line) => /exec format error|cannot execute binary file/i.test(line))
  )
  if (format && (code === 'container-exit' || code === 'unknown')) return 'container-exec-format'
  const restarts = [...memory.restarts.values()].some((r) => r.task.arn === arn && r.ids.length > 1)
  return restarts && /^elb-|health-check$/.test(code) ? 'container-exit' : code
}

/** One failed task as proof: `task 0123… stopped after 31s: reason; container app exited with code 1`. */
export function sayFailure(failure: { task: Task; lastWords?: TaskHealth }): string {
  return `${sayEnd(failure.task)}: ${sayWhy(failure)}`
}

/** Failed tasks as proof; one that says the same as the one before is not quoted again. */
export function sayFailures(failures: readonly FailedTask[]): string[] {
  return failures.map((failure, i) => {
    const before = failures[i - 1]
    const same = before !== undefined && sayWhy(before) === sayWhy(failure)
    return same ? `${sayEnd(failure.task)}: the same` : sayFailure(failure)
  })
}

function sayEnd({ arn, desiredStatus, lastStatus, startedAt, endedAt }: Task): string {
  const stopped = desiredStatus === 'STOPPED' || lastStatus === 'STOPPED'
  const ran =
    startedAt !== undefined && endedAt !== undefined ? ` after ${sayDuration(endedAt - startedAt)}` : ''
  return `task ${taskId(arn)} ${stopped ? 'stopped' : 'runs'}${ran}`
}

function sayWhy({ task, lastWords }: { task: Task; lastWords?: TaskHealth }): string {
  const reason = (task.stoppedReason ?? task.stopCode ?? '').replace(
    /arn:[^\s)]*:targetgroup\/([^/\s]+)\/[0-9a-f]+/g,
    '$1'
  )
  // ECS often gives the task's reason to its container too.
  const parts = [reason, ...task.containers.map((c) => sayContainer(c, task.stoppedReason))]
  if (lastWords && !parts.some((p) => p.includes('exited with code'))) parts.push(lastWords.why)
  return parts.filter((p) => p !== '').join('; ') || 'ECS gives no reason'
}

function sayContainer(container: Container, said?: string): string {
  const exit =
    container.exitCode === undefined
      ? ''
      : `container ${container.name} exited with code ${container.exitCode}`
  if (container.reason === undefined || container.reason === said) return exit
  return exit === '' ? `container ${container.name}: ${container.reason}` : `${exit} (${container.reason})`
}
