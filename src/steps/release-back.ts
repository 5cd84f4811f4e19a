import { revisionName } from '../domain/arn.js'
import type { BackMark } from '../domain/marks.js'
import type { Ending } from '../domain/outcome.js'
import { isRolling, type Service } from '../domain/service.js'
import type { JsonObject } from '../domain/task-definition.js'
import type { Subject } from '../judge/memory.js'
import type { Policy } from '../judge/policy.js'
import { TakenOver } from './change.js'
import type { Before } from './inspect.js'
import { containersToJudge, type Job } from './job.js'
import type { Proven } from './prove.js'
import type { OpenRunLog } from './record.js'
import { startRollout } from './release.js'
import { needsCopy, renew } from './renew.js'
import { stopOurs } from './stop-ours.js'
import { markBack } from './verdict-mark.js'

/**
 * Releases the target: by StopServiceDeployment when it ran before the deployment that is in progress, which may need no
 * new task, else by UpdateService. The revision says so first, for the next run to find should this one die. Throws as
 * `release` does, and TakenOver.
 */
export async function releaseBack(
  job: Job,
  policy: Policy,
  before: Before,
  target: Proven,
  definition: JsonObject,
  log: OpenRunLog
): Promise<{ subject: Subject; from: Service }> {
  const { ports, inputs, name, run, signal } = job
  const { id, taskDefinition, createdAt } = before.primary
  const { deploymentId } = target
  let marked = ''
  const mark = async (to: string) => {
    if (to !== marked) await markBack(ports, run, to, inputs.environment, backMark(job, taskDefinition))
    marked = to
  }
  if (isRolling(before.service) && deploymentId !== undefined && inputs.desiredCount === undefined) {
    const previous = { deploymentId, taskDefinition: target.taskDefinition }
    const theirs: Subject = { deploymentId: id, taskDefinition, since: createdAt ?? 0, previous }
    ports.announce({ code: 'step', step: 'release', title: 'Release' })
    const value = `to end ${id} and go back: what still runs of ${revisionName(target.taskDefinition)} is kept`
    ports.announce({ code: 'fact', name: 'ECS is asked', value })
    await mark(target.taskDefinition)
    log.save({ phase: 'releasing', newTaskDefinition: target.taskDefinition })
    const stopped = await stopOurs(ports, name, theirs, previous, before.service, signal)
    const not = stopped && 'not' in stopped ? stopped.not : 'it shows no deployment that could be stopped'
    if (!stopped || 'not' in stopped)
      ports.announce({
        code: 'note',
        text: `ECS does not go back by itself: ${not}. Going back by UpdateService instead.`
      })
    if (stopped && 'done' in stopped) {
      const { primary, service } = stopped.done
      log.save({ phase: 'watching', deploymentId: primary.id })
      Object.assign(run, { deploymentId: primary.id, newTaskDefinition: primary.taskDefinition })
      const since = primary.createdAt ?? ports.clock.now()
      const about = {
        deploymentId: primary.id,
        taskDefinition: primary.taskDefinition,
        since,
        adoptsTasks: true
      }
      return { subject: { ...about, ...containersToJudge(definition) }, from: service }
    }
  }
  run.newTaskDefinition = needsCopy(target) ? await renew(ports, target, inputs, run) : target.taskDefinition
  await mark(run.newTaskDefinition)
  signal?.throwIfAborted()
  const count = inputs.desiredCount === undefined ? {} : { desiredCount: inputs.desiredCount }
  const change = { taskDefinition: run.newTaskDefinition, ...count }
  const { subject, service } = await startRollout(job, policy, before, change, definition, log)
  return { subject: { ...subject, adoptsTasks: true }, from: service }
}

/** What the revision says that is gone back to. */
function backMark({ ports, inputs: { origin }, policy }: Job, leaving: string): BackMark {
  const run = origin.runId && `${origin.runId}.${origin.attempt}`
  return { run, at: ports.clock.now(), until: policy.deadline, from: revisionName(leaving) }
}

/** ECS was asked to go back, and somebody else's deployment stands there now. */
export function takenOver(error: unknown): Ending {
  if (!(error instanceof TakenOver)) throw error
  const { id, taskDefinition } = error.by
  return {
    outcome: 'superseded',
    reasonCode: 'superseded',
    reason: `Another deployment took over while ECS was asked to go back: ${id} of ${revisionName(taskDefinition)}; it is left alone.`,
    evidence: [`PRIMARY is ${id}`],
    servingTaskDefinition: taskDefinition,
    fix: 'See who deployed it, and run this rollback again if it should win.'
  }
}
