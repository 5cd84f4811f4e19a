import type { Ending } from '../domain/outcome.js'
import type { JsonObject } from '../domain/task-definition.js'
import type { Cause } from '../judge/causes.js'
import type { Subject } from '../judge/memory.js'
import { failedEnding, restoredEnding } from './endings.js'
import type { Before } from './inspect.js'
import { containersToJudge, tellCause, type Job } from './job.js'
import type { Proven } from './prove.js'
import type { OpenRunLog } from './record.js'
import { needsCopy, renew } from './renew.js'
import type { KnownGood } from './go-back.js'
import { ecsMayBegin, restore, type Way } from './restore.js'
import { markVerdict } from './verdict-mark.js'
import type { Watched } from './watch.js'

/** What was released, over what, and where it goes back to. */
export interface Undoable {
  subject: Subject
  /** The revision that was released. */
  definition: JsonObject
  before: Before
  /** What stood before. */
  running: JsonObject
  /** Absent when nothing is known good; `none` says why. */
  target?: Proven
  /** Where it goes instead, when the target is the very revision that failed and ECS cannot put it back. */
  otherwise?: Proven | false
  none?: string
}

/**
 * From a verdict that is not healthy to the ending: tells the cause, and undoes a failing deployment unless it is to be
 * left. Throws the signal's reason when the run is cancelled.
 */
export async function undo(job: Job, released: Undoable, watched: Watched, log: OpenRunLog): Promise<Ending> {
  const { ports, inputs, run } = job
  const { subject, definition, before } = released
  const { verdict, memory, seen } = watched
  const cause = await tellCause(job, definition, subject, watched)
  const left = failedEnding(watched, subject, definition, before.service.name, cause)
  if (verdict.state !== 'failing' || !cause) return left
  const ecsActs = verdict.because === 'ecs-rolling-back' || ecsMayBegin(verdict.because, seen.service)
  const ending =
    inputs.onFailure === 'leave' && !ecsActs
      ? left
      : await goBack(job, released, verdict.because, cause, left, log)
  // ECS called it completed, and will call it SUCCESSFUL: that it failed all the same must not be forgotten.
  if (memory.completed !== undefined)
    await markVerdict(ports, run, subject.taskDefinition, inputs.environment, 'failed')
  return ending
}

async function goBack(
  job: Job,
  released: Undoable,
  because: Parameters<typeof restore>[3],
  cause: Cause,
  left: Ending,
  log: OpenRunLog
): Promise<Ending> {
  const { ports, inputs, name, policy, signal } = job
  const { subject, before, target, otherwise, none } = released
  ports.announce({ code: 'step', step: 'restore', title: 'Restore' })
  // A count that this run changed goes back with the revision; one that autoscaling owns is left alone.
  const countChanged = inputs.desiredCount !== undefined && inputs.desiredCount !== before.service.desired
  const way: Way = {
    // Left as it is, except that a rollback which ECS is set up for comes all the same, and is watched.
    ...(target && inputs.onFailure === 'rollback' ? { knownGood: knownGoodOf(job, target, otherwise) } : {}),
    ...(countChanged ? { desiredCount: before.service.desired } : {}),
    policy,
    ...containersToJudge(target?.definition?.definition ?? released.running),
    pollMs: inputs.pollMs
  }
  log.save({ phase: 'restoring' })
  const onStart = (id: string) => log.save({ phase: 'restoring', restoreDeploymentId: id })
  const restored = await restore(ports, name, subject, because, way, onStart, signal)
  if (restored.state === 'nothing-known-good' && inputs.onFailure === 'leave') return left
  const why = none ?? (otherwise === false ? 'no other revision is known good' : undefined)
  return restoredEnding(restored, cause, name, subject.taskDefinition, why)
}

function knownGoodOf(job: Job, target: Proven, otherwise: Proven | false = false): KnownGood {
  const { ports, inputs, run } = job
  const { deploymentId = '', taskDefinition } = target
  const again = needsCopy(target) ? { renew: async () => await renew(ports, target, inputs, run) } : {}
  return {
    deploymentId,
    taskDefinition,
    ...again,
    ...(otherwise ? { otherwise: knownGoodOf(job, otherwise) } : {})
  }
}
