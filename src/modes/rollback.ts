import { revisionName } from '../domain/arn.js'
import { candidatesOf } from '../domain/known-good.js'
import type { Ending } from '../domain/outcome.js'
import { goesBackItself, isRolling, primaryOf, type Service } from '../domain/service.js'
import { containersOf, pinnedImages, withImages, type JsonObject } from '../domain/task-definition.js'
import type { Inputs } from '../inputs.js'
import type { Subject } from '../judge/memory.js'
import type { Ports } from '../ports.js'
import { TakenOver } from '../steps/change.js'
import { choose } from '../steps/choose.js'
import { deployedEnding, failedEnding } from '../steps/endings.js'
import { inspect, readService, type Before } from '../steps/inspect.js'
import { containersToJudge, jobOf, tellCause, watchRun, type Job } from '../steps/job.js'
import { goodNow, runsNow } from '../steps/known-good.js'
import { Prover, type Proven } from '../steps/prove.js'
import { OpenRunLog, type Run } from '../steps/record.js'
import { startRollout } from '../steps/release.js'
import { needsCopy, renew } from '../steps/renew.js'
import { warnOfSession } from '../steps/session.js'
import { stopOurs } from '../steps/stop-ours.js'
import { undo } from '../steps/undo.js'
import { markVerdict } from '../steps/verdict-mark.js'

/**
 * Rolls back: inspect, choose a known-good revision and prove it, release, watch. What served before is put back once
 * if the rollback fails, and never anything after that. Throws Refusal before the service was touched, AwsFault when AWS
 * fails us, and the signal's reason when the run is cancelled.
 */
export async function rollback(
  ports: Ports,
  inputs: Inputs,
  run: Run,
  signal?: AbortSignal
): Promise<Ending> {
  const job = jobOf(ports, inputs, run, signal)
  await warnOfSession(ports, job.policy.deadline)
  ports.announce({ code: 'step', step: 'inspect', title: 'Inspect' })
  const { left, service } = await awaitEcs(job)
  if (service && left !== undefined) return await ecsDidIt(job, service, left)
  const waitUntil = (ports.clock.now() + job.policy.deadline) / 2
  const asker = {
    environment: inputs.environment,
    origin: inputs.origin,
    wants: () => Promise.resolve(false)
  }
  const before = await inspect(ports, job.name, inputs.busy, inputs.pollMs, waitUntil, asker, signal)
  const leaving = before.primary.taskDefinition
  run.previousTaskDefinition = leaving
  const running = await ports.containers.taskDefinition(leaving)
  run.previousImages = Object.fromEntries(containersOf(running.definition).map((c) => [c.name, c.image]))

  ports.announce({ code: 'step', step: 'way-back', title: 'Known good' })
  const prover = new Prover(ports, before.service, inputs.environment)
  const target = await choose(ports, job.name, inputs, { service: before.service, leaving, running }, prover)
  const definition = withImages(target.definition?.definition ?? {}, target.pins)
  run.images = pinnedImages(definition)
  if (target.taskDefinition === leaving) return await alreadyThere(job, before, running.definition)

  const now = candidatesOf(goodNow(before.service).map(runsNow)).find((c) => c.taskDefinition === leaving)
  const back = now && (await prover.prove(now, running))
  const usable = back && back.problems.length === 0 ? back : undefined
  const log = new OpenRunLog(ports.journal, inputs, run.startedAt, before, usable?.taskDefinition)
  const released = await release(job, before, target, definition, log).catch(takenOver)
  if ('outcome' in released) return released
  const { subject, from } = released
  const watched = await watchRun(job, subject, job.policy, from)
  if (watched.verdict.state === 'healthy') {
    await markVerdict(ports, run, subject.taskDefinition, inputs.environment, 'deployed')
    await markVerdict(ports, run, leaving, inputs.environment, 'left')
    return deployedEnding(watched, subject, before.service.name, inputs.bakeMs, leaving)
  }
  const way = usable ? { target: usable } : { none: `${revisionName(leaving)} was not good either` }
  return notRolledBack(
    await undo(job, { subject, definition, before, running: running.definition, ...way }, watched, log)
  )
}

/** ECS was asked to go back, and somebody else's deployment stands there now. */
function takenOver(error: unknown): Ending {
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

/** An undone rollback is a rollback that failed; the revision that was to be left serves again. */
function notRolledBack(ending: Ending): Ending {
  const failed = ending.outcome === 'rolled-back' || ending.outcome === 'failed'
  return failed ? { ...ending, outcome: 'rollback-failed' } : ending
}

/**
 * Releases the target: by StopServiceDeployment when it ran before the deployment that is in progress, which may need no
 * new task, else by UpdateService.
 */
async function release(
  job: Job,
  before: Before,
  target: Proven,
  definition: JsonObject,
  log: OpenRunLog
): Promise<{ subject: Subject; from: Service }> {
  const { ports, inputs, name, run, signal } = job
  const { id, taskDefinition, createdAt } = before.primary
  const { deploymentId } = target
  if (isRolling(before.service) && deploymentId !== undefined && inputs.desiredCount === undefined) {
    const previous = { deploymentId, taskDefinition: target.taskDefinition }
    const theirs: Subject = { deploymentId: id, taskDefinition, since: createdAt ?? 0, previous }
    ports.announce({ code: 'step', step: 'release', title: 'Release' })
    const value = `to end ${id} and go back: what still runs of ${revisionName(target.taskDefinition)} is kept`
    ports.announce({ code: 'fact', name: 'ECS is asked', value })
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
  signal?.throwIfAborted()
  const count = inputs.desiredCount === undefined ? {} : { desiredCount: inputs.desiredCount }
  const change = { taskDefinition: run.newTaskDefinition, ...count }
  const { subject, service } = await startRollout(job, before, change, definition, log)
  return { subject: { ...subject, adoptsTasks: true }, from: service }
}

/** Nothing to do when the target runs: green when it is healthy, red with the cause when it is not. */
async function alreadyThere(job: Job, { primary, service }: Before, definition: JsonObject): Promise<Ending> {
  const { ports, run, policy } = job
  const { id: deploymentId, taskDefinition } = primary
  Object.assign(run, { newTaskDefinition: taskDefinition, deploymentId })
  const since = ports.clock.now()
  const subject = { deploymentId, taskDefinition, since, adoptsTasks: true, ...containersToJudge(definition) }
  const watched = await watchRun(job, subject, { ...policy, bakeMs: 0 }, service)
  const about = `${service.name} already runs ${revisionName(taskDefinition)}`
  if (watched.verdict.state !== 'healthy') {
    const cause = await tellCause(job, definition, subject, watched)
    return failedEnding(watched, subject, definition, `${about}, but it is not healthy`, cause)
  }
  return {
    outcome: 'unchanged',
    reason: `${about}, and it is healthy.`,
    evidence: [],
    servingTaskDefinition: taskDefinition
  }
}

/** A rollback that ECS itself has begun is watched, never raced. Gives the revision that ECS leaves, when it is so. */
async function awaitEcs({ ports, name, inputs }: Job): Promise<{ left?: string; service?: Service }> {
  const service = await readService(ports, name)
  const primary = primaryOf(service)
  const bad = service.deployments.find((d) => d !== primary && d.rolloutState === 'FAILED')
  if (!goesBackItself(service) || !bad || inputs.busy === 'refuse' || inputs.rollbackTo !== 'previous')
    return {}
  return { left: bad.taskDefinition, service }
}

/** ECS leaves the bad revision by itself: that is the rollback, and it is watched to its end. */
async function ecsDidIt(job: Job, service: Service, left: string): Promise<Ending> {
  const { ports, run } = job
  const primary = primaryOf(service)
  const before = { service, ...(primary ? { primary } : {}) }
  run.previousTaskDefinition = left
  if (!before.primary) throw new Error('a service that goes back shows a PRIMARY deployment')
  const to = revisionName(before.primary.taskDefinition)
  ports.announce({
    code: 'note',
    text: `ECS itself goes back from ${revisionName(left)} to ${to} already; that is watched, and not raced.`
  })
  const { definition } = await ports.containers.taskDefinition(before.primary.taskDefinition)
  return await alreadyThere(job, { service, primary: before.primary }, definition)
}
