import { parseArn, revisionName } from '../domain/arn.js'
import { withoutMarks } from '../domain/marks.js'
import { Refusal } from '../domain/outcome.js'
import { primaryOf, type Service } from '../domain/service.js'
import {
  containersOf,
  portsOf,
  registrable,
  sameDefinition,
  withImages,
  type JsonObject,
  type TaskDefinition
} from '../domain/task-definition.js'
import type { Inputs } from '../inputs.js'
import type { Ports, ServiceName } from '../ports.js'
import { alarmsToWatch } from './alarms.js'
import { define, type Source } from './define.js'
import type { Found } from './found.js'
import { inspect, type Asker, type Before } from './inspect.js'
import { imagesOf, pin, type Pinned } from './pin.js'
import { careForWayBack, planImages } from './plan-images.js'
import { boundsOf } from './promote-faults.js'
import { planPromotions, whereTheyGo, type Promotion } from './promote-plan.js'
import { recordImages, type Run } from './record.js'
import type { TagPlan } from './tag.js'
import { planWayBack, tellWayBack, type WayBack } from './way-back.js'

/** A deploy as it will be done: everything is read and checked, nothing is written yet. */
export interface Plan {
  before: Before
  running: TaskDefinition
  source: Source
  definition: JsonObject
  pins: Pinned[]
  /** The images to copy into the repositories of their containers first. */
  promotions: Promotion[]
  tags: TagPlan[]
  /** The alarms that the deployment is held to. */
  alarms: string[]
  /** True when the result would be the revision that runs. */
  same: boolean
  /** Where it goes back to if it fails; absent when nothing is to be written. */
  wayBack?: WayBack
  /** True when there is anything to write: a revision, a count, or a deployment that is asked for. */
  changes: boolean
}

/**
 * Makes the plan: looks at the service, finds the definition, resolves every image and looks for the tags.
 * Reads only. Throws Refusal for all that a person can mend, and tells `run` what it found.
 */
export async function makePlan(
  ports: Ports,
  inputs: Inputs,
  name: ServiceName,
  run: Run,
  deadline: number,
  signal?: AbortSignal
): Promise<Plan> {
  ports.announce({ code: 'step', step: 'inspect', title: 'Inspect' })
  // Waiting for another deployment may take half of the time: ours needs the rest.
  const waitUntil = (ports.clock.now() + deadline) / 2
  const before = await inspect(
    ports,
    name,
    inputs.busy,
    inputs.pollMs,
    waitUntil,
    asker(ports, name, inputs),
    signal
  )
  const account = parseArn(before.service.arn)?.account
  if (inputs.account !== undefined && account !== undefined && account !== inputs.account)
    throw new Refusal(
      [`The ARN names account ${inputs.account}, but the credentials are of account ${account}.`],
      'input',
      'Use the credentials of that account, or mend the ARN.'
    )
  const previous = before.adopted ? before.knownGood : before.primary
  if (previous) run.previousTaskDefinition = previous.taskDefinition
  const desired = inputs.desiredCount ?? before.service.desired
  if (desired === 0)
    throw new Refusal(
      [
        `Service "${before.service.name}" has 0 desired tasks: nothing would run, so nothing could be shown healthy.`
      ],
      'input',
      'Set desired-count to start it.'
    )
  const alarms = await alarmsToWatch(ports, inputs.alarms, before.service.alarms)
  const running = await ports.containers.taskDefinition(before.primary.taskDefinition)
  const source = await define(ports, inputs.taskDefinition, running)

  ports.announce({ code: 'step', step: 'pin', title: 'Pin' })
  const onFargate = before.service.launchType === 'FARGATE'
  const found = await pin(ports, source.definition, { ...inputs, running: running.definition, onFargate })
  const bounds = boundsOf(ports.clock, deadline)
  const { pins, promotions } = await planPromotions(ports, found, running.definition, inputs, bounds)
  const definition = registrable(withImages(source.definition, imagesOf(pins)))
  checkLoadBalancers(before, definition, running.definition)
  recordImages(run, before.adopted ? undefined : running.definition, definition)
  const same = isSame(definition, source, running)
  const changes = !same || changesService(inputs, before)
  const base = { before, running, source, definition, pins, promotions, alarms, same, changes }
  const plan = { ...base, ...(changes ? await planImages(ports, inputs, base) : { tags: [] }) }
  if (!changes && !before.adopted) return plan
  ports.announce({ code: 'step', step: 'way-back', title: 'Way back' })
  const wayBack = await planWayBack(ports, name, inputs, before, running, same && inputs.forceNewDeployment)
  tellWayBack(ports, inputs, wayBack)
  await careForWayBack(ports, inputs, before, wayBack)
  return { ...plan, wayBack }
}

/** What this run wants of a deployment that another left: the same images in the same definition, and no more. */
function asker(ports: Ports, name: ServiceName, inputs: Inputs): Asker {
  const quiet = { ...ports, announce: () => undefined }
  const wants = async ({ what, deployment, definition: running }: Found): Promise<boolean> => {
    if (inputs.forceNewDeployment || what !== 'release') return false
    if (inputs.desiredCount !== undefined && inputs.desiredCount !== deployment.desired) return false
    const source = await define(quiet, inputs.taskDefinition, running)
    const found = await pin(quiet, source.definition, { ...inputs, running: running.definition })
    const pins = inputs.promote ? whereTheyGo(found, running.definition) : found
    const definition = registrable(withImages(source.definition, imagesOf(pins)))
    return isSame(definition, source, running)
  }
  const wayBack = async (service: Service): Promise<{ to: string } | { none: string }> => {
    const primary = primaryOf(service)
    if (!primary) return { none: 'the service shows no PRIMARY deployment' }
    const running = await ports.containers.taskDefinition(primary.taskDefinition)
    const way = await planWayBack(quiet, name, inputs, { service, primary }, running)
    return 'target' in way ? { to: revisionName(way.target.taskDefinition) } : way
  }
  return {
    environment: inputs.environment,
    origin: inputs.origin,
    wants,
    looksOnly: inputs.mode === 'plan',
    // Who leaves a deployment that fails as it is goes nowhere.
    ...(inputs.onFailure === 'rollback' ? { wayBack } : {})
  }
}

function isSame(definition: JsonObject, source: Source, running: TaskDefinition): boolean {
  return sameDefinition(definition, running.definition) && (!source.tagsGiven || sameTags(source, running))
}

/** A load balancer entry that names a container or port the definition has not would be refused by ECS later. */
function checkLoadBalancers({ service }: Before, definition: JsonObject, running: JsonObject): void {
  const names = containersOf(definition).map((c) => c.name)
  const problems = service.loadBalancers.flatMap(({ containerName, containerPort }) => {
    if (!names.includes(containerName))
      return [
        `the service's load balancer uses container "${containerName}", which the task definition has not; it has ${names.join(', ')}.`
      ]
    const ports = portsOf(definition, containerName)
    const before = portsOf(running, containerName)
    const lost = before !== 'ranges' && before.includes(containerPort) && ports !== 'ranges'
    if (!lost || ports.includes(containerPort)) return []
    return [
      `the service's load balancer uses port ${containerPort} of container "${containerName}", which the task definition does not map; it maps ${ports.join(', ') || 'none'}.`
    ]
  })
  if (problems.length > 0) throw new Refusal([...new Set(problems)])
}

/** The same tags, ours aside, in whatever order. */
export function sameTags(a: TaskDefinition, b: TaskDefinition): boolean {
  const text = (d: TaskDefinition) =>
    JSON.stringify(
      withoutMarks(d.tags)
        .map((t) => [t.key, t.value])
        .sort()
    )
  return text(a) === text(b)
}

function changesService(inputs: Inputs, before: Before): boolean {
  const newCount = inputs.desiredCount !== undefined && inputs.desiredCount !== before.service.desired
  return inputs.forceNewDeployment || newCount
}
