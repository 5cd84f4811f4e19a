import { taskId } from '../domain/arn.js'
import { sayDuration } from '../domain/duration.js'
import type { Observation } from '../domain/observation.js'
import type { ReasonCode } from '../domain/outcome.js'
import { plural } from '../domain/plural.js'
import type { Container, Task } from '../domain/service.js'
import type { JsonObject } from '../domain/task-definition.js'
import type { FailedTask, Memory, Subject } from './memory.js'
import { codeOfTarget, isFlapping } from './task-memory.js'
import { isPermanent, readStartText } from './stop-reason.js'
import { healthOf, isRunning, type TaskHealth } from './task-health.js'
import type { Verdict } from './verdict.js'
import { describeFailure, describeTarget, startFix, startSentence, type Told } from './words.js'

/** Why a deployment fails: the code, one sentence, the proof, and what to do. */
export interface Cause extends Told {
  evidence: string[]
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
  'container-killed'
]

/**
 * Explains a failing verdict from the failed tasks, and where there are none from what the running ones
 * wait for. `definition` is the new revision, for the names in the fix.
 */
export function explain(
  verdict: Extract<Verdict, { state: 'failing' }>,
  subject: Subject,
  memory: Memory,
  seen: Observation,
  definition: JsonObject
): Cause {
  const failed = [...memory.failed.values()]
  const cause =
    failed.length > 0 ? fromFailedTasks(failed, memory, seen, definition) : fromState(subject, seen)
  if (cause) return { ...cause, evidence: [...cause.evidence, sayVerdict(verdict)] }
  if (verdict.because === 'loop')
    return {
      code: 'unknown',
      sentence: 'tasks fail again and again, for a reason that the role may not read',
      evidence: [sayVerdict(verdict), ...eventTexts(subject, seen)],
      fix: 'Let the role call ecs:ListTasks and ecs:DescribeTasks, and look at the stopped tasks in the ECS console.'
    }
  const ecs = verdict.because === 'ecs-failed' || verdict.because === 'ecs-rolling-back'
  if (!ecs) return { ...stuck(verdict.detail), evidence: eventTexts(subject, seen) }
  const code: ReasonCode = /alarm/i.test(verdict.detail) ? 'alarm' : 'circuit-breaker'
  return {
    code,
    sentence:
      code === 'alarm'
        ? 'a deployment alarm of the service ended it'
        : "the service's circuit breaker ended it",
    evidence: [sayVerdict(verdict), ...eventTexts(subject, seen)],
    fix: 'Look at the stopped tasks and events of the service in the ECS console.'
  }
}

function sayVerdict(verdict: Extract<Verdict, { state: 'failing' }>): string {
  const saysEcs = !verdict.because.startsWith('ecs') || verdict.detail.startsWith('ECS')
  return saysEcs ? verdict.detail : `ECS: ${verdict.detail}`
}

function stuck(detail: string): Told {
  return {
    code: 'stuck',
    sentence: `no progress until the deadline: ${detail}`,
    fix: 'Look at the events of the service; if the start is only slow, raise timeout.'
  }
}

function fromFailedTasks(
  failed: FailedTask[],
  memory: Memory,
  seen: Observation,
  definition: JsonObject
): Cause | undefined {
  const known = failed.filter((f) => f.code !== 'unknown')
  const codes = (known.length > 0 ? known : failed).map((f) => f.code)
  const count = (code: ReasonCode) => codes.filter((c) => c === code).length
  const rank = (code: ReasonCode) => (rootFirst.includes(code) ? rootFirst.indexOf(code) : rootFirst.length)
  const code = [...new Set(codes)].sort(
    (a, b) => Number(isPermanent(b)) - Number(isPermanent(a)) || count(b) - count(a) || rank(a) - rank(b)
  )[0]
  const example = failed.filter((f) => f.code === code).at(-1)
  if (code === undefined || !example) return undefined
  const cause = describeFailure(code, example, seen, definition)
  const evidence = failed.slice(-3).map(sayFailure)
  const often = `${plural(failed.length, 'task')} failed`
  if (isFlapping(memory) && !isPermanent(code))
    return {
      ...cause,
      code: 'flapping',
      sentence: `tasks get healthy and die again (${often}): ${cause.sentence}`,
      evidence
    }
  return { ...cause, sentence: `${cause.sentence} (${often})`, evidence }
}

/** One failed task as proof: `task 0123… stopped after 31s: reason; container app exited with code 1`. */
export function sayFailure(failure: { task: Task; lastWords?: TaskHealth }): string {
  const { task } = failure
  const { startedAt, endedAt } = task
  const ran =
    startedAt !== undefined && endedAt !== undefined ? ` after ${sayDuration(endedAt - startedAt)}` : ''
  const parts = [task.stoppedReason ?? task.stopCode ?? 'stopped', ...task.containers.map(sayContainer)]
  if (failure.lastWords && !parts.some((p) => p.includes('exited with code')))
    parts.push(failure.lastWords.why)
  return `task ${taskId(task.arn)} stopped${ran}: ${parts.filter((p) => p !== '').join('; ')}`
}

function sayContainer(container: Container): string {
  const exit =
    container.exitCode === undefined
      ? ''
      : `container ${container.name} exited with code ${container.exitCode}`
  if (container.reason === undefined) return exit
  return exit === '' ? `container ${container.name}: ${container.reason}` : `${exit} (${container.reason})`
}

/** No task has died: what the running ones wait for, or why none can be placed. */
function fromState(subject: Subject, seen: Observation): Cause | undefined {
  for (const task of (seen.tasks ?? []).filter((t) => t.startedBy === subject.deploymentId && isRunning(t))) {
    const health = healthOf(task, seen)
    if (health.state === 'healthy' || health.state === 'unproven') continue
    const evidence = [`task ${taskId(task.arn)}: ${health.why}`]
    const sick = task.containers.find((c) => c.healthStatus === 'UNHEALTHY')
    if (sick)
      return {
        code: 'container-health-check',
        sentence: `the health check of container ${sick.name} fails`,
        evidence,
        fix: 'Run the health check command inside the image.'
      }
    if (!health.target) continue
    const target = health.target.target
    if (target === undefined)
      return { ...describeTarget('target-not-registered', health.target.group, health, seen), evidence }
    if (target.state === 'unhealthy' || target.state === 'unused')
      return {
        ...describeTarget(
          codeOfTarget(target.reason, target.description ?? ''),
          health.target.group,
          health,
          seen
        ),
        evidence
      }
  }
  for (const text of eventTexts(subject, seen)) {
    const code = /unable to place|could not launch|Reason:/i.test(text)
      ? readStartText(text.replace(/^.*Reason: /, ''))
      : undefined
    if (code !== undefined)
      return {
        code,
        sentence: startSentence(code, 'the container', text),
        evidence: [text],
        fix: startFix(code)
      }
  }
  return undefined
}

/** Service events since the deployment began, newest first; quoted, and read only where no state exists. */
function eventTexts(subject: Subject, seen: Observation): string[] {
  return seen.service.events
    .filter((e) => e.at >= subject.since)
    .map((e) => e.message)
    .slice(0, 5)
}
