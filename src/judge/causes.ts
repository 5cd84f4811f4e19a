import { taskId } from '../domain/arn.js'
import type { Observation, TaskLog } from '../domain/observation.js'
import type { ReasonCode } from '../domain/outcome.js'
import { plural } from '../domain/plural.js'
import type { JsonObject } from '../domain/task-definition.js'
import type { FailedTask, Memory, Restarts, Subject } from './memory.js'
import { findings, hasHopeless, sayFailures, type Finding } from './findings.js'
import { readStartText } from './stop-reason.js'
import { room } from './stuck.js'
import { healthOf, isRunning, sickContainer } from './task-health.js'
import { codeOfTarget, isFlapping } from './task-memory.js'
import type { Verdict } from './verdict.js'
import { startFix, startSentence } from './words-start.js'
import { describeTarget } from './words-target.js'
import { describeFailure, type Told } from './words.js'

type Failing = Extract<Verdict, { state: 'failing' }>

/** Why a deployment fails: the code, one sentence, the proof, and what to do. */
export interface Cause extends Told {
  evidence: string[]
  /** The last lines of the containers that speak for it. */
  logs: TaskLog[]
}

/**
 * Explains a failing verdict from the failed tasks, and where there are none from what the running ones
 * wait for. `definition` is the new revision, for the names in the fix; `logs` what its containers said last.
 */
export function explain(
  verdict: Failing,
  subject: Subject,
  memory: Memory,
  seen: Observation,
  definition: JsonObject,
  logs: TaskLog[] = []
): Cause {
  const cause = causeOf(verdict, subject, memory, seen, definition, logs)
  return { ...cause, evidence: [...cause.evidence, ...sayEcs(seen)], logs }
}

function causeOf(
  verdict: Failing,
  subject: Subject,
  memory: Memory,
  seen: Observation,
  definition: JsonObject,
  logs: TaskLog[]
): Omit<Cause, 'logs'> {
  const found = findings(memory, logs)
  if (verdict.because === 'alarm') return fromAlarm(verdict, found)
  const cause =
    fromFindings(found, memory, seen, definition, logs) ??
    fromRestarts(memory, seen, definition, logs) ??
    (verdict.because === 'stuck'
      ? fromStuck(verdict, seen, definition)
      : fromState(subject, seen, definition, logs))
  if (cause) return { ...cause, evidence: [...cause.evidence, sayVerdict(verdict)] }
  if (verdict.because === 'loop')
    return {
      code: 'unknown',
      sentence: 'tasks fail again and again, for a reason that the role may not read',
      evidence: [sayVerdict(verdict), ...eventTexts(subject, seen)],
      fix: 'Let the role call ecs:ListTasks and ecs:DescribeTasks, and look at the stopped tasks in the ECS console.'
    }
  const ecs = verdict.because === 'ecs-failed' || verdict.because === 'ecs-rolling-back'
  return ecs
    ? fromEcs(verdict, subject, seen)
    : { ...late(verdict.detail), evidence: eventTexts(subject, seen) }
}

function fromFindings(
  found: Finding[],
  memory: Memory,
  seen: Observation,
  definition: JsonObject,
  logs: readonly TaskLog[]
): Omit<Cause, 'logs'> | undefined {
  const [root, ...others] = found
  const example = root?.tasks.at(-1)
  if (!root || !example) return undefined
  const cause = describeFailure(root.code, example, seen, definition, logs)
  const tasks = found.flatMap((f) => f.tasks)
  const dead = tasks.filter((t) => memory.failed.has(t.arn)).length
  const often =
    dead > 0
      ? `${plural(dead, 'task')} failed`
      : `${plural(tasks.length, 'task')} unhealthy past the grace period`
  const evidence = [
    ...sayFailures(tasks.slice(-3)),
    ...others.map((f) => {
      const last = f.tasks.at(-1)
      const told = last && describeFailure(f.code, last, seen, definition, logs)
      return `also, in ${plural(f.tasks.length, 'task')}: ${told?.sentence ?? f.code} (${f.code})`
    })
  ]
  if (isFlapping(memory) && !hasHopeless(root))
    return {
      ...cause,
      code: 'flapping',
      sentence: `tasks get healthy and die again (${often}): ${cause.sentence}`,
      evidence
    }
  return { ...cause, sentence: `${cause.sentence} (${often})`, evidence }
}

/** No task has died: a container ends and is started again in its task. */
function fromRestarts(
  memory: Memory,
  seen: Observation,
  definition: JsonObject,
  logs: readonly TaskLog[]
): Omit<Cause, 'logs'> | undefined {
  const most = [...memory.restarts.values()].sort((a, b) => b.ids.length - a.ids.length)[0]
  if (memory.restartsSinceGain === 0 || !most || most.ids.length < 2) return undefined
  const { task, container } = most
  const format = logs.some((l) => l.lines.some((line) => /exec format error/i.test(line)))
  const failure: FailedTask = {
    arn: task.arn,
    code: format ? 'container-exec-format' : 'container-exit',
    task: { ...task, containers: task.containers.filter((c) => c.name === container) }
  }
  const told = describeFailure(failure.code, failure, seen, definition, logs)
  return {
    ...told,
    sentence: format
      ? told.sentence
      : `container ${container} ends and is restarted in place, and was never ready`,
    evidence: [...memory.restarts.values()]
      .filter((r) => r.ids.length > 1)
      .slice(-3)
      .map(sayRestarts)
  }
}

function sayRestarts({ task, container, ids }: Restarts): string {
  return `task ${taskId(task.arn)}: container ${container} was restarted in place ${plural(ids.length - 1, 'time')}`
}

function fromAlarm(verdict: Failing, found: Finding[]): Omit<Cause, 'logs'> {
  const name = /^alarm (.+?) is in ALARM/.exec(verdict.detail)?.[1] ?? 'of the deployment'
  return {
    code: 'alarm',
    sentence: `CloudWatch alarm ${name} went to ALARM during the deployment`,
    evidence: [verdict.detail, ...sayFailures(found.flatMap((f) => f.tasks).slice(-3))],
    fix: `Look at what alarm ${name} measures since the deployment began: aws cloudwatch describe-alarm-history --alarm-name ${/^[\w.-]+$/.test(name) ? name : `'${name.replaceAll("'", `'\\''`)}'`}`
  }
}

function fromStuck(verdict: Failing, seen: Observation, definition: JsonObject): Omit<Cause, 'logs'> {
  const code = verdict.code ?? 'stuck'
  const said = verdict.detail.replace(/^ECS says: /, '').replace(/; nothing has moved for \S.*$/, '')
  if (code !== 'stuck') {
    const scene = { container: 'of the task', said: said.replace(/^.*Reason: /, ''), definition }
    return { code, sentence: startSentence(code, scene), fix: startFix(code, scene), evidence: [] }
  }
  const { name, clusterArn, minimumHealthyPercent = 100, maximumPercent = 200, desired } = seen.service
  const { least, most } = room(seen)
  if (/under protection/.test(said))
    return {
      code,
      sentence: 'old tasks are under protection, so ECS can neither stop them nor go on',
      evidence: [],
      fix: `Wait for their work to end, or take the protection away: aws ecs update-task-protection --cluster ${taskId(clusterArn)} --no-protection-enabled --tasks TASK`
    }
  return {
    code,
    sentence: `ECS can neither start a new task nor stop an old one: minimumHealthyPercent ${minimumHealthyPercent} and maximumPercent ${maximumPercent} leave no room at ${plural(desired, 'wanted task')} (at least ${least} must stay, at most ${most} may be)`,
    evidence: [],
    fix: `Leave room: aws ecs update-service --cluster ${taskId(clusterArn)} --service ${name} --deployment-configuration minimumHealthyPercent=100,maximumPercent=200`
  }
}

/** ECS ended it, and no task says why. */
function fromEcs(verdict: Failing, subject: Subject, seen: Observation): Omit<Cause, 'logs'> {
  const alarms = seen.rollout?.triggeredAlarms ?? []
  if (alarms.length === 0 && !/alarm/i.test(verdict.detail) && !saysBreaker(verdict, subject, seen))
    return {
      code: 'unknown',
      sentence:
        'ECS goes back from it, and neither its circuit breaker nor an alarm says why; somebody may have stopped the deployment',
      evidence: [sayVerdict(verdict), ...eventTexts(subject, seen)],
      fix: 'See who stopped it (StopServiceDeployment or UpdateService in CloudTrail); run this deploy again if it should win.'
    }
  const code: ReasonCode = /alarm/i.test(verdict.detail) || alarms.length > 0 ? 'alarm' : 'circuit-breaker'
  return {
    code,
    sentence:
      code === 'alarm'
        ? `a deployment alarm of the service ended it${alarms.length === 0 ? '' : ` (${alarms.join(', ')})`}`
        : "the service's circuit breaker ended it",
    evidence: [sayVerdict(verdict), ...eventTexts(subject, seen)],
    fix:
      code === 'alarm'
        ? 'Look at what the deployment alarms of the service measure.'
        : 'Look at the stopped tasks and events of the service in the ECS console.'
  }
}

/** Whether ECS names its circuit breaker, or tasks that fail: a person may stop a deployment too. */
function saysBreaker(verdict: Failing, subject: Subject, seen: Observation): boolean {
  if (verdict.because === 'ecs-failed') return true
  const texts = [
    verdict.detail,
    ...seen.service.deployments.map((d) => d.rolloutStateReason ?? ''),
    ...eventTexts(subject, seen)
  ]
  return texts.some((t) => /circuit breaker|deployment failed/i.test(t))
}

/** What ECS itself counts, where its record was read. */
function sayEcs({ rollout }: Observation): string[] {
  if (!rollout?.breaker || rollout.breaker.failureCount === 0) return []
  const { failureCount, threshold } = rollout.breaker
  return [`ECS's circuit breaker has counted ${failureCount} of the ${threshold} failures that trip it`]
}

function sayVerdict(verdict: Failing): string {
  const saysEcs = !verdict.because.startsWith('ecs') || verdict.detail.startsWith('ECS')
  return saysEcs ? verdict.detail : `ECS: ${verdict.detail}`
}

function late(detail: string): Told {
  return {
    code: 'stuck',
    sentence: `no progress until the deadline: ${detail}`,
    fix: 'Look at the events of the service; if the start is only slow, raise timeout.'
  }
}

/** No task has died: what the running ones wait for, or why none can be placed. */
function fromState(
  subject: Subject,
  seen: Observation,
  definition: JsonObject,
  logs: readonly TaskLog[]
): Omit<Cause, 'logs'> | undefined {
  for (const task of (seen.tasks ?? []).filter((t) => t.startedBy === subject.deploymentId && isRunning(t))) {
    const health = healthOf(task, seen, subject.healthChecked, true)
    if (health.state === 'healthy' || health.state === 'unproven') continue
    const evidence = [`task ${taskId(task.arn)}: ${health.why}`]
    if (sickContainer(task, subject.healthChecked)) {
      const failure: FailedTask = { arn: task.arn, code: 'container-health-check', task }
      return { ...describeFailure(failure.code, failure, seen, definition), evidence }
    }
    if (!health.target) continue
    const target = health.target.target
    if (target === undefined)
      return { ...describeTarget('target-not-registered', health.target.group, health, seen, logs), evidence }
    if (target.state === 'unhealthy' || target.state === 'unused')
      return {
        ...describeTarget(
          codeOfTarget(target.reason, target.description ?? ''),
          health.target.group,
          health,
          seen,
          logs
        ),
        evidence
      }
  }
  for (const text of eventTexts(subject, seen)) {
    const code = /unable to place|could not launch|Reason:/i.test(text)
      ? readStartText(text.replace(/^.*Reason: /, ''))
      : undefined
    if (code !== undefined) {
      const scene = { container: 'of the task', said: text.replace(/^.*Reason: /, ''), definition }
      return { code, sentence: startSentence(code, scene), evidence: [text], fix: startFix(code, scene) }
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
