import { revisionName } from '../domain/arn.js'
import { sayDuration } from '../domain/duration.js'
import type { Mark } from '../domain/marks.js'
import type { Ending } from '../domain/outcome.js'
import type { Service } from '../domain/service.js'
import { containersOf, healthCheckedContainers, type JsonObject } from '../domain/task-definition.js'
import type { Inputs } from '../inputs.js'
import { explain, type Cause } from '../judge/causes.js'
import type { Subject } from '../judge/memory.js'
import type { Policy } from '../judge/policy.js'
import type { Ports, ServiceName } from '../ports.js'
import { checkFirst } from '../steps/check-first.js'
import { subjectOf } from '../steps/found.js'
import { failedEnding, restoredEnding } from '../steps/endings.js'
import { lastLines } from '../steps/last-lines.js'
import { makePlan, type Plan } from '../steps/plan.js'
import { OpenRunLog, type Run } from '../steps/record.js'
import { release, tellRelease, type Released } from '../steps/release.js'
import { ecsMayBegin, restore } from '../steps/restore.js'
import { warnWithoutBreaker } from '../steps/safety-net.js'
import { writeRevision } from '../steps/register.js'
import { watch, type Watched } from '../steps/watch.js'

/** What every part of a deploy needs. */
interface Job {
  ports: Ports
  name: ServiceName
  inputs: Inputs
  run: Run
  policy: Policy
  signal?: AbortSignal
}

const essentialContainers = (definition: JsonObject): string[] =>
  containersOf(definition)
    .filter((c) => c.essential)
    .map((c) => c.name)

/** The least time that going back may take, milliseconds: it begins late and is not to be cut off. */
const restoreMs = 15 * 60_000

/**
 * Deploys: inspect, pin, tag, register, release, watch, and restore when it fails. Fills `run` on the way
 * and gives the ending. Throws Refusal before the service was touched, AwsFault when AWS fails us, and the
 * signal's reason when the run is cancelled.
 */
export async function deploy(ports: Ports, inputs: Inputs, run: Run, signal?: AbortSignal): Promise<Ending> {
  const name: ServiceName = { cluster: inputs.cluster, service: inputs.service }
  const deadline = run.startedAt + inputs.timeoutMs
  const policy: Policy = { maxFailedTasks: inputs.maxFailedTasks, bakeMs: inputs.bakeMs, deadline }
  const job: Job = { ports, name, inputs, run, policy, ...(signal ? { signal } : {}) }

  const plan = await makePlan(ports, inputs, name, run, deadline, signal)
  if (plan.before.adopted) return await goOn(job, plan)
  if (!plan.changes) return await unchanged(job, plan)
  await checkFirst(ports, name, inputs, plan, signal)

  warnWithoutBreaker(ports, name, plan.before.service)
  const log = new OpenRunLog(ports.journal, inputs, run.startedAt, plan.before)
  run.newTaskDefinition = await writeRevision(ports, plan, run, markFor(inputs, deadline), signal)
  signal?.throwIfAborted()
  const { subject, service } = await start(job, plan, run.newTaskDefinition, log)
  return await see(job, plan, subject, service, log)
}

/** Watches to a verdict, and acts on it. */
async function see(
  job: Job,
  plan: Plan,
  subject: Subject,
  service: Service,
  log: OpenRunLog
): Promise<Ending> {
  const policy = { ...job.policy, alarms: plan.alarms, alarmsAsked: job.inputs.alarms.length > 0 }
  return await conclude(job, plan, subject, await watchRun(job, subject, policy, service), log)
}

/** Another run began the very deployment that this one wants, and did not finish it: it is watched as our own. */
async function goOn(job: Job, plan: Plan): Promise<Ending> {
  const { ports, inputs, run } = job
  ports.announce({ code: 'note', text: 'It is what this run would deploy: going on with it.' })
  const { deploymentId, taskDefinition, ...found } = subjectOf(plan.before, ports.clock.now())
  Object.assign(run, { newTaskDefinition: taskDefinition, deploymentId })
  const log = new OpenRunLog(ports.journal, inputs, run.startedAt, plan.before)
  log.save({ phase: 'watching', newTaskDefinition: taskDefinition, deploymentId })
  const healthChecked = healthCheckedContainers(plan.definition)
  const subject = {
    deploymentId,
    taskDefinition,
    ...found,
    healthChecked,
    essential: essentialContainers(plan.definition)
  }
  tellRelease(ports, inputs, plan.before, subject)
  return await see(job, plan, subject, plan.before.service, log)
}

/** What the revision that this run registers says of it. */
function markFor({ environment, origin }: Inputs, until: number): Mark {
  return { environment, run: origin.runId && `${origin.runId}.${origin.attempt}`, commit: origin.sha, until }
}

/** Nothing differs: green when what runs is healthy, and red with the cause when it is not. */
async function unchanged(job: Job, plan: Plan): Promise<Ending> {
  const { ports, run, policy } = job
  const { primary, service } = plan.before
  const revision = revisionName(primary.taskDefinition)
  ports.announce({ code: 'note', text: `Nothing differs from ${revision}; nothing is written.` })
  run.newTaskDefinition = primary.taskDefinition
  run.deploymentId = primary.id
  const subject: Subject = {
    deploymentId: primary.id,
    taskDefinition: primary.taskDefinition,
    since: ports.clock.now(),
    adoptsTasks: true,
    healthChecked: healthCheckedContainers(plan.running.definition),
    essential: essentialContainers(plan.running.definition)
  }
  const watched = await watchRun(job, subject, { ...policy, bakeMs: 0 }, service)
  const about = `${service.name} already runs ${revision}`
  if (watched.verdict.state !== 'healthy')
    return failedEnding(
      watched,
      subject,
      plan.definition,
      `${about}, but it is not healthy`,
      await tellCause(job, plan, subject, watched)
    )
  const reason = `${about} with these images, and it is healthy.`
  return { outcome: 'unchanged', reason, evidence: [], servingTaskDefinition: primary.taskDefinition }
}

/** UpdateService, with a record before and after, so that a kill between the two leaves a trail. */
async function start(job: Job, plan: Plan, revision: string, log: OpenRunLog): Promise<Released> {
  const { ports, inputs, name, run } = job
  ports.announce({ code: 'step', step: 'release', title: 'Release' })
  log.save({ phase: 'releasing', newTaskDefinition: revision })
  const released = await release(ports, name, plan.before, {
    taskDefinition: revision,
    ...(inputs.forceNewDeployment ? { forceNewDeployment: true } : {}),
    ...(inputs.desiredCount === undefined ? {} : { desiredCount: inputs.desiredCount })
  })
  const { deploymentId } = released.subject
  log.save({ phase: 'watching', deploymentId })
  run.deploymentId = deploymentId
  if (released.service.serviceDeploymentArn !== undefined)
    run.serviceDeploymentArn = released.service.serviceDeploymentArn
  tellRelease(ports, inputs, plan.before, released.subject)
  const healthChecked = healthCheckedContainers(plan.definition)
  const essential = essentialContainers(plan.definition)
  return { service: released.service, subject: { ...released.subject, healthChecked, essential } }
}

async function watchRun(job: Job, subject: Subject, policy: Policy, service: Service): Promise<Watched> {
  const { ports, name, inputs, run, signal } = job
  ports.announce({ code: 'step', step: 'watch', title: 'Watch' })
  const watched = await watch(ports, name, subject, policy, inputs.pollMs, service, signal)
  const { verdict, memory, seen } = watched
  run.counts = memory.counts
  run.failedTasks = memory.failed.size
  if (verdict.state === 'healthy' && seen.service.serviceDeploymentArn !== undefined)
    run.serviceDeploymentArn = seen.service.serviceDeploymentArn
  ports.announce({ code: 'verdict', state: verdict.state, text: 'detail' in verdict ? verdict.detail : '' })
  return watched
}

/** Finds out why it fails, and tells it before anything is undone. */
async function tellCause(
  { ports, signal }: Job,
  plan: Plan,
  subject: Subject,
  watched: Watched
): Promise<Cause | undefined> {
  const { verdict, memory, seen } = watched
  if (verdict.state !== 'failing') return undefined
  const logs = await lastLines(ports, watched, plan.definition, signal)
  const cause = explain(verdict, subject, memory, seen, plan.definition, logs)
  const { code: reasonCode, sentence, evidence, fix } = cause
  ports.announce({ code: 'cause', reasonCode, sentence, evidence, logs, fix })
  return cause
}

/** From the verdict to the ending; a failing deployment is undone, unless it is to be left. */
async function conclude(
  job: Job,
  plan: Plan,
  subject: Subject,
  watched: Watched,
  log: OpenRunLog
): Promise<Ending> {
  const { ports, inputs, name, policy, signal } = job
  const { verdict, memory, seen } = watched
  if (verdict.state === 'healthy') {
    const { healthy, desired } = memory.counts
    const baked = inputs.bakeMs > 0 ? ` for ${sayDuration(inputs.bakeMs)}` : ''
    // Without permission to see the tasks it rests on ECS's word, and says so.
    const tasks = seen.tasksReadable
      ? `${healthy} of ${desired} tasks healthy${baked}`
      : `completed by ECS with ${seen.service.running} of ${seen.service.desired} tasks running${baked}; the role may not read their health`
    const reason = `${plan.before.service.name} runs ${revisionName(subject.taskDefinition)}: ${tasks}.`
    return { outcome: 'deployed', reason, evidence: [], servingTaskDefinition: subject.taskDefinition }
  }
  const cause = await tellCause(job, plan, subject, watched)
  const left = failedEnding(watched, subject, plan.definition, plan.before.service.name, cause)
  if (verdict.state !== 'failing' || !cause) return left
  const ecsActs = verdict.because === 'ecs-rolling-back' || ecsMayBegin(verdict.because, seen.service)
  if (inputs.onFailure === 'leave' && !ecsActs) return left

  ports.announce({ code: 'step', step: 'restore', title: 'Restore' })
  const { knownGood, service } = plan.before
  // A count that this run changed goes back with the revision; one that autoscaling owns is left alone.
  const countChanged = inputs.desiredCount !== undefined && inputs.desiredCount !== service.desired
  const way = {
    // Left as it is, except that a rollback which ECS is set up for comes all the same, and is watched.
    ...(knownGood && inputs.onFailure === 'rollback'
      ? { knownGood: { deploymentId: knownGood.id, taskDefinition: knownGood.taskDefinition } }
      : {}),
    ...(countChanged ? { desiredCount: service.desired } : {}),
    policy: { ...policy, deadline: Math.max(policy.deadline, ports.clock.now() + restoreMs) },
    healthChecked: healthCheckedContainers(plan.running.definition),
    essential: essentialContainers(plan.running.definition),
    pollMs: inputs.pollMs
  }
  log.save({ phase: 'restoring' })
  const onStart = (id: string) => log.save({ phase: 'restoring', restoreDeploymentId: id })
  const restored = await restore(ports, name, subject, verdict.because, way, onStart, signal)
  if (restored.state === 'nothing-known-good' && inputs.onFailure === 'leave') return left
  return restoredEnding(restored, cause, name, subject.taskDefinition)
}
