import { revisionName } from '../domain/arn.js'
import { sayDuration } from '../domain/duration.js'
import type { Ending } from '../domain/outcome.js'
import type { JsonObject } from '../domain/task-definition.js'
import { primaryOf } from '../domain/service.js'
import { explain, type Cause } from '../judge/causes.js'
import type { Subject } from '../judge/memory.js'
import type { ServiceName } from '../ports.js'
import type { Restored } from './restore.js'
import { lastSight } from './last-sight.js'
import type { Watched } from './watch.js'

/** The ending of a deployment that is not healthy and is left as it is. `about` begins the sentence. */
export function failedEnding(
  watched: Watched,
  subject: Subject,
  definition: JsonObject,
  about: string,
  known?: Cause
): Ending {
  const { verdict, memory, seen } = watched
  const serving = primaryOf(seen.service)?.taskDefinition
  const base =
    serving === undefined ? {} : { servingTaskDefinition: serving, ...servingNote(watched, subject) }
  switch (verdict.state) {
    case 'failing': {
      const cause = known ?? explain(verdict, subject, memory, seen, definition)
      const reason = `${about}: ${cause.sentence}; it is left as it is.`
      return {
        ...base,
        outcome: 'failed',
        reasonCode: cause.code,
        reason,
        evidence: cause.evidence,
        ...logsOf(cause),
        fix: cause.fix
      }
    }
    case 'superseded': {
      const by = `${verdict.by.id} of ${revisionName(verdict.by.taskDefinition)}`
      return {
        ...base,
        outcome: 'superseded',
        reasonCode: 'superseded',
        reason: `Another deployment took over while ours was in progress: ${by}; it is left alone.`,
        evidence: [`PRIMARY is ${verdict.by.id}, ours was ${subject.deploymentId}`],
        fix: 'See who deployed it; run this deploy again if it should win. A concurrency group per environment keeps two runs apart.'
      }
    }
    case 'inconclusive': {
      const last = lastSight(watched, subject)
      const blind = verdict.code.startsWith('aws-')
      const what = blind ? `${verdict.what}; ${last}` : verdict.what
      return {
        ...base,
        outcome: 'inconclusive',
        reasonCode: verdict.code,
        reason: `No verdict on ${revisionName(subject.taskDefinition)}: ${what}; nothing was undone.`,
        evidence: blind ? [] : [last],
        fix:
          verdict.code === 'aws-expired'
            ? expired
            : 'Look at the service in the ECS console, and run again when the cause is mended.'
      }
    }
    case 'healthy':
      return { ...base, outcome: 'deployed', reason: `${about} is healthy.`, evidence: [] }
  }
}

/** The ending of a deployment that is healthy and stayed so for the bake time. */
export function deployedEnding(
  { memory, seen }: Watched,
  { taskDefinition }: Subject,
  service: string,
  bakeMs: number,
  /** The revision that was rolled back from. */
  leaving?: string
): Ending {
  const { healthy, desired } = memory.counts
  const baked = bakeMs > 0 ? ` for ${sayDuration(bakeMs)}` : ''
  // Without permission to see the tasks it rests on ECS's word, and says so.
  const tasks = seen.tasksReadable
    ? `${healthy} of ${desired} tasks healthy${baked}`
    : `completed by ECS with ${seen.service.running} of ${seen.service.desired} tasks running${baked}; the role may not read their health`
  const from = leaving === undefined ? '' : `, rolled back from ${revisionName(leaving)}`
  const reason = `${service} runs ${revisionName(taskDefinition)}${from}: ${tasks}.`
  return { outcome: 'deployed', reason, evidence: [], servingTaskDefinition: taskDefinition }
}

function logsOf({ logs }: Cause): { logs?: Cause['logs'] } {
  return logs.length === 0 ? {} : { logs }
}

const expired =
  'ECS goes on with the deployment by itself. Get credentials that live longer (role-duration-seconds), and run again: the next run finds what this one left, and goes on from there.'

/** A revision that is PRIMARY but not whole is not said to serve without more words. */
function servingNote({ memory, seen }: Watched, subject: Subject): { servingNote?: string } {
  const primary = primaryOf(seen.service)
  if (primary?.id !== subject.deploymentId)
    return { servingNote: `its deployment runs ${primary?.running ?? 0} of ${primary?.desired ?? 0} tasks` }
  const { healthy, desired } = memory.counts
  return healthy >= desired && desired > 0 ? {} : { servingNote: `${healthy} of ${desired} tasks healthy` }
}

/** The ending of a deployment that failed and was to be undone. */
export function restoredEnding(
  restored: Restored,
  cause: Cause,
  name: ServiceName,
  failedRevision: string,
  none = 'no revision of this service is known good'
): Ending {
  const failed = revisionName(failedRevision)
  const serving = restored.serving === undefined ? {} : { servingTaskDefinition: restored.serving }
  const why = {
    ...serving,
    reasonCode: cause.code,
    evidence: cause.evidence,
    ...logsOf(cause),
    fix: cause.fix
  }
  switch (restored.state) {
    case 'restored': {
      const back = revisionName(restored.taskDefinition)
      // Deployed again, or with another count: the revision is what it was.
      if (restored.taskDefinition === failedRevision)
        return {
          ...why,
          outcome: 'rolled-back',
          reason: `The new deployment of ${failed} failed: ${cause.sentence}; ${restored.by === 'ecs' ? 'ECS undid it' : 'it was undone'}, and ${failed} is healthy as before.`,
          servingTaskDefinition: restored.taskDefinition
        }
      const who = restored.by === 'ecs' ? `ECS put ${back} back, and it` : `${back} was put back and`
      return {
        ...why,
        outcome: 'rolled-back',
        reason: `${failed} failed: ${cause.sentence}; ${who} is healthy.`,
        servingTaskDefinition: restored.taskDefinition
      }
    }
    case 'nothing-known-good':
      return {
        ...why,
        outcome: 'failed',
        reason: `${failed} failed: ${cause.sentence}; nothing could be gone back to (${none}), so it is left as it is.`
      }
    case 'superseded':
      return {
        ...why,
        outcome: 'superseded',
        reasonCode: 'superseded',
        reason: `${failed} failed (${cause.sentence}), and another deployment, ${restored.by}, took over; it is left alone.`
      }
    case 'lost-sight':
      return {
        ...why,
        outcome: 'inconclusive',
        reasonCode: restored.code,
        reason: `${failed} failed: ${cause.sentence}; going back ${restored.begun ? 'was started, but its end' : 'was not begun, because the service'} could not be seen: ${restored.what}.`,
        ...(restored.code === 'aws-expired' ? { fix: `${expired} First, the cause: ${cause.fix}` } : {})
      }
    case 'failed':
      return {
        ...why,
        outcome: 'rollback-failed',
        reason: `${failed} failed: ${cause.sentence}; going back to ${revisionName(restored.target)} failed too (tried ${restored.tried.join(', then ')}): ${restored.what}.`,
        evidence: [...cause.evidence, ...restored.tried.map((t) => `tried: ${t}`), `seen: ${restored.what}`],
        fix: `Mend what keeps it from starting, or choose another revision, and run: ${updateCommand(name, restored.target, restored.target === failedRevision)}`
      }
  }
}

/** What a person runs by hand to have a revision deployed; `again`: though it is the one that the service names now. */
export function updateCommand(
  { cluster, service }: ServiceName,
  taskDefinition: string,
  again = false
): string {
  const command = `aws ecs update-service --cluster ${cluster} --service ${service} --task-definition ${revisionName(taskDefinition)}`
  return again ? `${command} --force-new-deployment` : command
}
