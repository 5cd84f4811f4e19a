import { revisionName } from '../domain/arn.js'
import { plural } from '../domain/plural.js'
import { sayDuration } from '../domain/duration.js'
import type { Ending } from '../domain/outcome.js'
import { Refusal } from '../domain/outcome.js'
import {
  containersOf,
  healthCheckedContainers,
  pinnedImages,
  registrable,
  sameDefinition,
  withImages,
  type JsonObject,
  type TaskDefinition
} from '../domain/task-definition.js'
import type { Inputs } from '../inputs.js'
import { explain } from '../judge/causes.js'
import { tolerance, type Policy } from '../judge/policy.js'
import type { Ports, ServiceName, Update } from '../ports.js'
import { define, type Source } from '../steps/define.js'
import { failedEnding, restoredEnding } from '../steps/endings.js'
import { inspect, type Before } from '../steps/inspect.js'
import { imagesOf, pin, type Pinned } from '../steps/pin.js'
import { openRunKey, type OpenRun, type Run } from '../steps/record.js'
import { release } from '../steps/release.js'
import { restore } from '../steps/restore.js'
import { planTags, putTags, type TagPlan } from '../steps/tag.js'
import { watch, type Watched } from '../steps/watch.js'

/** A deploy as it will be done: everything is read and checked, nothing is written yet. */
interface Plan {
  before: Before
  running: TaskDefinition
  source: Source
  definition: JsonObject
  pins: Pinned[]
  tags: TagPlan[]
  /** True when the result would be the revision that runs. */
  same: boolean
}

/**
 * Deploys: inspect, pin, tag, register, release, watch, and restore when it fails. Fills `run` on the way
 * and gives the ending. Throws Refusal before anything was written, AwsFault when AWS fails us, and the
 * signal's reason when the run is cancelled.
 */
export async function deploy(ports: Ports, inputs: Inputs, run: Run, signal?: AbortSignal): Promise<Ending> {
  const name: ServiceName = { cluster: inputs.cluster, service: inputs.service }
  const policy: Policy = {
    maxFailedTasks: inputs.maxFailedTasks,
    bakeMs: inputs.bakeMs,
    deadline: run.startedAt + inputs.timeoutMs
  }
  const plan = await makePlan(ports, inputs, name, run, policy, signal)
  if (plan.same && !changesService(inputs, plan.before))
    return await unchanged(ports, name, plan, policy, inputs, run, signal)
  return await carryOut(ports, inputs, name, run, policy, plan, signal)
}

async function makePlan(
  ports: Ports,
  inputs: Inputs,
  name: ServiceName,
  run: Run,
  policy: Policy,
  signal?: AbortSignal
): Promise<Plan> {
  ports.announce({ code: 'step', step: 'inspect', title: 'Inspect' })
  const before = await inspect(ports, name, inputs.busy, inputs.pollMs, policy.deadline, signal)
  run.previousTaskDefinition = before.primary.taskDefinition
  const desired = inputs.desiredCount ?? before.service.desired
  if (desired === 0)
    throw new Refusal(
      [
        `Service "${before.service.name}" has 0 desired tasks: nothing would run, so nothing could be shown healthy.`
      ],
      'input',
      'Set desired-count to start it.'
    )
  const running = await ports.containers.taskDefinition(before.primary.taskDefinition)
  const source = await define(ports, inputs.taskDefinition, running)

  ports.announce({ code: 'step', step: 'pin', title: 'Pin' })
  const pins = await pin(ports, source.definition, inputs)
  const definition = registrable(withImages(source.definition, imagesOf(pins)))
  checkLoadBalancers(before, definition)
  run.images = pinnedImages(definition)
  const same =
    sameDefinition(definition, running.definition) && (!source.tagsGiven || sameTags(source, running))
  const writes = !same || changesService(inputs, before)
  const tags = inputs.tagImages && writes ? await planTags(ports, pins, inputs.imageTag) : []
  return { before, running, source, definition, pins, tags, same }
}

/** A load balancer entry that names a container or port the definition has not would be refused by ECS later. */
function checkLoadBalancers({ service }: Before, definition: JsonObject): void {
  const names = containersOf(definition).map((c) => c.name)
  const problems = service.loadBalancers
    .filter((l) => !names.includes(l.containerName))
    .map(
      (l) =>
        `the service's load balancer uses container "${l.containerName}", which the task definition has not; it has ${names.join(', ')}.`
    )
  if (problems.length > 0) throw new Refusal([...new Set(problems)])
}

function sameTags(a: TaskDefinition, b: TaskDefinition): boolean {
  const text = (d: TaskDefinition) => JSON.stringify(d.tags.map((t) => [t.key, t.value]).sort())
  return text(a) === text(b)
}

function changesService(inputs: Inputs, before: Before): boolean {
  const newCount = inputs.desiredCount !== undefined && inputs.desiredCount !== before.service.desired
  return inputs.forceNewDeployment || newCount || before.primary.rolloutState === 'FAILED'
}

/** Nothing differs: green when what runs is healthy, and red with the cause when it is not. */
async function unchanged(
  ports: Ports,
  name: ServiceName,
  plan: Plan,
  policy: Policy,
  inputs: Inputs,
  run: Run,
  signal?: AbortSignal
): Promise<Ending> {
  const { primary, service } = plan.before
  const revision = revisionName(primary.taskDefinition)
  ports.announce({ code: 'note', text: `Nothing differs from ${revision}; nothing is written.` })
  ports.announce({ code: 'step', step: 'watch', title: 'Watch' })
  run.newTaskDefinition = primary.taskDefinition
  run.deploymentId = primary.id
  const subject = {
    deploymentId: primary.id,
    taskDefinition: primary.taskDefinition,
    since: ports.clock.now(),
    adoptsTasks: true,
    healthChecked: healthCheckedContainers(plan.running.definition)
  }
  const watched = await watch(ports, name, subject, { ...policy, bakeMs: 0 }, inputs.pollMs, service, signal)
  takeCounts(run, watched)
  if (watched.verdict.state === 'healthy')
    return {
      outcome: 'unchanged',
      reason: `${service.name} already runs ${revision} with these images, and it is healthy.`,
      evidence: [],
      servingTaskDefinition: primary.taskDefinition
    }
  return failedEnding(
    watched,
    subject,
    plan.definition,
    `${service.name} already runs ${revision}, but it is not healthy`
  )
}

async function carryOut(
  ports: Ports,
  inputs: Inputs,
  name: ServiceName,
  run: Run,
  policy: Policy,
  plan: Plan,
  signal?: AbortSignal
): Promise<Ending> {
  const { before } = plan
  const open = openRun(inputs, run, before)
  const save = (change: Partial<OpenRun>) => {
    Object.assign(open, change)
    ports.journal.save(openRunKey, JSON.stringify(open))
  }
  save({ phase: 'planned' })
  run.newTaskDefinition = await write(ports, plan, run)

  signal?.throwIfAborted()
  ports.announce({ code: 'step', step: 'release', title: 'Release' })
  save({ phase: 'releasing', newTaskDefinition: run.newTaskDefinition })
  const change: Update & { taskDefinition: string } = {
    taskDefinition: run.newTaskDefinition,
    // The same revision again makes no deployment by itself, and one that ECS gave up does not resume.
    ...(inputs.forceNewDeployment || (plan.same && before.primary.rolloutState === 'FAILED')
      ? { forceNewDeployment: true }
      : {}),
    ...(inputs.desiredCount === undefined ? {} : { desiredCount: inputs.desiredCount })
  }
  const released = await release(ports, name, before, change)
  const { service } = released
  const subject = { ...released.subject, healthChecked: healthCheckedContainers(plan.definition) }
  save({ phase: 'watching', deploymentId: subject.deploymentId })
  run.deploymentId = subject.deploymentId
  if (service.serviceDeploymentArn !== undefined) run.serviceDeploymentArn = service.serviceDeploymentArn
  tellRelease(ports, inputs, before, subject.deploymentId, run.newTaskDefinition)

  ports.announce({ code: 'step', step: 'watch', title: 'Watch' })
  const watched = await watch(ports, name, subject, policy, inputs.pollMs, service, signal)
  takeCounts(run, watched)
  if (watched.seen.service.serviceDeploymentArn !== undefined && watched.verdict.state === 'healthy')
    run.serviceDeploymentArn = watched.seen.service.serviceDeploymentArn
  const { verdict } = watched
  ports.announce({ code: 'verdict', state: verdict.state, text: 'detail' in verdict ? verdict.detail : '' })
  if (verdict.state === 'healthy')
    return {
      outcome: 'deployed',
      reason: `${service.name} runs ${revisionName(subject.taskDefinition)}: ${watched.memory.counts.healthy} of ${watched.memory.counts.desired} tasks healthy${inputs.bakeMs > 0 ? ` for ${sayDuration(inputs.bakeMs)}` : ''}.`,
      evidence: [],
      servingTaskDefinition: subject.taskDefinition
    }
  if (verdict.state !== 'failing') return failedEnding(watched, subject, plan.definition, service.name)

  const cause = explain(verdict, subject, watched.memory, watched.seen, plan.definition)
  const leave = inputs.onFailure === 'leave' && verdict.because !== 'ecs-rolling-back'
  if (leave)
    return {
      ...failedEnding(watched, subject, plan.definition, service.name),
      servingTaskDefinition: subject.taskDefinition
    }
  ports.announce({ code: 'step', step: 'restore', title: 'Restore' })
  const way = {
    ...(before.knownGood ? { knownGood: before.knownGood.taskDefinition } : {}),
    ...(countToRestore(inputs, before) ?? {}),
    policy: { ...policy, deadline: Math.max(policy.deadline, ports.clock.now() + restoreMs) },
    healthChecked: healthCheckedContainers(plan.running.definition),
    pollMs: inputs.pollMs
  }
  const restored = await restore(
    ports,
    name,
    subject,
    verdict.because,
    way,
    (id) => save({ phase: 'restoring', restoreDeploymentId: id }),
    signal
  )
  return restoredEnding(restored, cause, name, subject.taskDefinition)
}

/** The least time that going back may take, milliseconds: it begins late and is not to be cut off. */
const restoreMs = 15 * 60_000

/** Tags, then registers; gives the ARN of the revision to release. */
async function write(ports: Ports, plan: Plan, run: Run): Promise<string> {
  if (plan.tags.length > 0) {
    ports.announce({ code: 'step', step: 'tag', title: 'Tag' })
    run.imageTags = await putTags(ports, plan.tags)
  }
  if (plan.same) return plan.before.primary.taskDefinition
  ports.announce({ code: 'step', step: 'register', title: 'Register' })
  const tags = plan.source.tagsGiven ? plan.source.tags : plan.running.tags
  const arn = await ports.containers.register(plan.definition, tags)
  ports.announce({
    code: 'fact',
    name: 'registered',
    value: `${revisionName(arn)}, from ${plan.source.from}`
  })
  return arn
}

function tellRelease(
  ports: Ports,
  inputs: Inputs,
  before: Before,
  deploymentId: string,
  taskDefinition: string
): void {
  ports.announce({
    code: 'fact',
    name: 'deployment',
    value: `${deploymentId} of ${revisionName(taskDefinition)}`
  })
  const back = before.knownGood ? revisionName(before.knownGood.taskDefinition) : undefined
  if (inputs.onFailure === 'leave')
    ports.announce({ code: 'fact', name: 'if it fails', value: 'it is left as it is (on-failure: leave)' })
  else if (back !== undefined)
    ports.announce({ code: 'fact', name: 'if it fails', value: `we go back to ${back}` })
  else
    ports.announce({
      code: 'warning',
      text: 'No revision of this service is known good, so nothing could be gone back to.'
    })
  const tolerated = tolerance(inputs.maxFailedTasks, {
    ...before.service,
    desired: inputs.desiredCount ?? before.service.desired
  })
  ports.announce({
    code: 'fact',
    name: 'failing',
    value: `at more than ${plural(tolerated, 'failed task')} without progress, or after ${sayDuration(inputs.timeoutMs)}`
  })
}

function openRun(inputs: Inputs, run: Run, before: Before): OpenRun {
  return {
    phase: 'planned',
    environment: inputs.environment,
    cluster: inputs.cluster,
    service: inputs.service,
    ...(inputs.region === undefined ? {} : { region: inputs.region }),
    startedAt: run.startedAt,
    onCancel: inputs.onCancel,
    previousDeploymentId: before.primary.id,
    ...(before.knownGood ? { knownGood: before.knownGood.taskDefinition } : {}),
    ...(inputs.desiredCount === undefined
      ? {}
      : { desiredBefore: before.service.desired, desiredAsked: inputs.desiredCount })
  }
}

/** A count that this run changed goes back with the revision; one that autoscaling owns is left alone. */
function countToRestore(inputs: Inputs, before: Before): { desiredCount: number } | undefined {
  const changed = inputs.desiredCount !== undefined && inputs.desiredCount !== before.service.desired
  return changed ? { desiredCount: before.service.desired } : undefined
}

function takeCounts(run: Run, watched: Watched): void {
  run.counts = watched.memory.counts
  run.failedTasks = watched.memory.failed.size
}
