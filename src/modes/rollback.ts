import { revisionName } from '../domain/arn.js'
import { candidatesOf } from '../domain/known-good.js'
import type { Ending } from '../domain/outcome.js'
import { goesBackItself, primaryOf, type Service } from '../domain/service.js'
import {
  containersOf,
  pinnedImages,
  withImages,
  type JsonObject,
  type TaskDefinition
} from '../domain/task-definition.js'
import { parseRollbackTarget } from '../domain/rollback-target.js'
import type { Inputs } from '../inputs.js'
import type { Subject } from '../judge/memory.js'
import type { Policy } from '../judge/policy.js'
import type { Ports } from '../ports.js'
import { choose } from '../steps/choose.js'
import { deployedEnding, failedEnding } from '../steps/endings.js'
import type { Found } from '../steps/found.js'
import { inspect, readService, type Before } from '../steps/inspect.js'
import { containersToJudge, jobOf, policyOf, tellCause, watchRun, type Job } from '../steps/job.js'
import { goodNow, runsNow } from '../steps/known-good.js'
import { Prover, type Proven } from '../steps/prove.js'
import { OpenRunLog, type Run } from '../steps/record.js'
import { tellRelease } from '../steps/release.js'
import { releaseBack, takenOver } from '../steps/release-back.js'
import { warnOfSession } from '../steps/session.js'
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
  const ecs = await awaitEcs(job)
  if (ecs.service && ecs.left !== undefined) return await ecsDidIt(job, ecs.service, ecs.left)
  const waitUntil = (ports.clock.now() + job.policy.deadline) / 2
  const asker = {
    environment: inputs.environment,
    origin: inputs.origin,
    wants: (found: Found) => Promise.resolve(isWanted(inputs, found))
  }
  const before = await inspect(ports, job.name, inputs.busy, inputs.pollMs, waitUntil, asker, signal)
  if (before.adopted) return await goOn(job, before, before.adopted)
  const leaving = before.primary.taskDefinition
  run.previousTaskDefinition = leaving
  const running = await ports.containers.taskDefinition(leaving)
  run.previousImages = Object.fromEntries(containersOf(running.definition).map((c) => [c.name, c.image]))

  ports.announce({ code: 'step', step: 'way-back', title: 'Known good' })
  const prover = new Prover(ports, before.service, inputs.environment, running)
  const target = await choose(ports, job.name, inputs, { service: before.service, leaving, running }, prover)
  const definition = withImages(target.definition?.definition ?? {}, target.pins)
  run.images = pinnedImages(definition)
  if (target.taskDefinition === leaving) return await alreadyThere(job, before, running.definition)

  const usable = await wayBackTo(before.service, leaving, running, prover)
  const log = new OpenRunLog(ports.journal, inputs, run.startedAt, before, usable?.taskDefinition)
  const policy = policyOf(job, usable !== undefined)
  const released = await releaseBack(job, policy, before, target, definition, log).catch(takenOver)
  if ('outcome' in released) return released
  const left: Left = { before, leaving, running: running.definition, ...(usable ? { usable } : {}) }
  return await conclude(job, policy, left, definition, released, log)
}

/** True when a rollback that was found is the one that this run would begin. */
function isWanted({ rollbackTo, desiredCount }: Inputs, { what, deployment }: Found): boolean {
  if (what !== 'rollback') return false
  if (desiredCount !== undefined && desiredCount !== deployment.desired) return false
  const name = revisionName(deployment.taskDefinition)
  const target = parseRollbackTarget(rollbackTo, name.replace(/:\d+$/, ''))
  // Whoever asks for the revision before means the one before what is gone back from.
  if (target?.kind === 'previous') return true
  return target?.kind === 'revision' && revisionName(target.reference) === name
}

/** What a rollback leaves, and goes back to if it fails. */
interface Left {
  before: Before
  /** ARN; empty where nobody knows it any more. */
  leaving: string
  running: JsonObject
  usable?: Proven
}

/** The revision that is left, when it was good until now and could start again. */
async function wayBackTo(
  service: Service,
  leaving: string,
  running: TaskDefinition,
  prover: Prover
): Promise<Proven | undefined> {
  const now = candidatesOf(goodNow(service).map(runsNow)).find((c) => c.taskDefinition === leaving)
  const back = now && (await prover.prove(now, running))
  return back && back.problems.length === 0 ? back : undefined
}

/** Watches what was released, and acts on the verdict. */
async function conclude(
  job: Job,
  policy: Policy,
  { before, leaving, running, usable }: Left,
  definition: JsonObject,
  { subject, from }: { subject: Subject; from: Service },
  log: OpenRunLog
): Promise<Ending> {
  const { ports, inputs, run } = job
  const watched = await watchRun(job, subject, policy, from)
  if (watched.verdict.state === 'healthy') {
    await markVerdict(ports, run, subject.taskDefinition, inputs.environment, 'deployed')
    if (leaving !== '') await markVerdict(ports, run, leaving, inputs.environment, 'left')
    return deployedEnding(watched, subject, before.service.name, inputs.bakeMs, leaving || undefined)
  }
  const way = usable
    ? { target: usable }
    : { none: `${revisionName(leaving) || 'what ran before'} was not good either` }
  return notRolledBack(await undo(job, { subject, definition, before, running, ...way }, watched, log))
}

/** A run that is over began this very rollback, and did not finish it: it is watched as our own. */
async function goOn(job: Job, before: Before, found: Found): Promise<Ending> {
  const { ports, inputs, run } = job
  ports.announce({ code: 'note', text: 'It is the rollback that this run would begin: going on with it.' })
  const { service, primary } = before
  const leaving = service.deployments.find(
    (d) => revisionName(d.taskDefinition) === found.revision
  )?.taskDefinition
  const running = leaving === undefined ? undefined : await ports.containers.taskDefinition(leaving)
  const prover = new Prover(ports, service, inputs.environment, running)
  const usable =
    leaving === undefined || !running ? undefined : await wayBackTo(service, leaving, running, prover)
  if (leaving !== undefined) run.previousTaskDefinition = leaving
  const { id: deploymentId, taskDefinition, createdAt } = primary
  Object.assign(run, { newTaskDefinition: taskDefinition, deploymentId })
  const { definition } = found.definition
  run.images = pinnedImages(definition)
  if (running)
    run.previousImages = Object.fromEntries(containersOf(running.definition).map((c) => [c.name, c.image]))
  const previous = service.deployments.find((d) => d.taskDefinition === leaving)
  const subject: Subject = {
    deploymentId,
    taskDefinition,
    since: createdAt ?? ports.clock.now(),
    adoptsTasks: true,
    ...(previous ? { previous: { deploymentId: previous.id, taskDefinition: previous.taskDefinition } } : {}),
    ...containersToJudge(definition)
  }
  const log = new OpenRunLog(ports.journal, inputs, run.startedAt, before, usable?.taskDefinition)
  log.save({ phase: 'watching', newTaskDefinition: taskDefinition, deploymentId })
  const policy = policyOf(job, usable !== undefined)
  tellRelease(job, policy, before, subject)
  const left: Left = {
    before,
    leaving: leaving ?? '',
    running: running?.definition ?? definition,
    ...(usable ? { usable } : {})
  }
  return await conclude(job, policy, left, definition, { subject, from: service }, log)
}

/** An undone rollback is a rollback that failed; the revision that was to be left serves again. */
function notRolledBack(ending: Ending): Ending {
  const failed = ending.outcome === 'rolled-back' || ending.outcome === 'failed'
  return failed ? { ...ending, outcome: 'rollback-failed' } : ending
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
