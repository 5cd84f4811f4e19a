/** One deployment, watched by the judge; and the same world left to itself, to ECS's breaker, and to the SDK's waiter. */
import { waitUntilServicesStable, type DescribeServicesResponse, type ECSClient } from '@aws-sdk/client-ecs'
import { describeServices } from '../../simulator/services/ecs/index.js'
import { SimulatedWorld } from '../../simulator/world/world.js'
import type { Happening, ServiceHandle, World } from '../../simulator/index.js'
import { toService } from '../../src/aws/ecs-shapes.js'
import { explain } from '../../src/judge/causes.js'
import type { Subject } from '../../src/judge/memory.js'
import { watch, type Watched } from '../../src/steps/watch.js'
import type { JsonObject } from '../../src/domain/task-definition.js'
import { alarmsToWatch } from '../../src/steps/alarms.js'
import { lastLines } from '../../src/steps/last-lines.js'
import { wire, type Circumstances, type Wired } from './ports.js'

/** A deployment that is about to be made. */
export interface Rollout {
  world: World
  service: ServiceHandle
  /** Makes it: UpdateService with the new revision. */
  deploy: () => void
  /** The new revision, as registered. */
  definition: JsonObject
  /** CloudWatch alarms that the workflow asks for. */
  alarms?: readonly string[]
  /** Operations that the role may not call. */
  denied?: readonly string[]
}

/** How the judge is held to it. */
export interface Terms extends Circumstances {
  pollSeconds?: number
  timeoutSeconds?: number
  bakeSeconds?: number
}

/** What watching came to. Times in virtual seconds since UpdateService. */
export interface Judged {
  state: Watched['verdict']['state']
  /** The reason code of a failing verdict. */
  code: string
  sentence: string
  after: number
  /** When the world first gave proof that nobody could argue with; Infinity when it never did. */
  evidence: number
  requests: number
  /** Requests in the busiest minute, and on average. */
  busiest: number
  perMinute: number
  watched: Watched
}

/** Deploys and watches until the judge has spoken. */
export async function judgeRollout(rollout: Rollout, terms: Terms = {}): Promise<Judged> {
  const { world, service, deploy, definition } = rollout
  const name = { cluster: service.clusterName, service: service.name }
  const previous = service.primary
  const denied = [...(terms.denied ?? []), ...(rollout.denied ?? [])]
  const wired = wire(world, name, { ...terms, denied })
  const alarms = await alarmsToWatch(wired.ports, rollout.alarms ?? [], ownAlarms(world, service))
  wired.sent.length = 0
  const proof = new Proof(world, service, alarms, !denied.includes('ListTasks'))
  const since = world.clock.now()
  deploy()
  const made = service.primary
  proof.of(made.id)
  const subject: Subject = {
    deploymentId: made.id,
    taskDefinition: made.taskDefinitionArn,
    since,
    healthChecked: checkedContainers(definition),
    previous: { deploymentId: previous.id, taskDefinition: previous.taskDefinitionArn }
  }
  const policy = {
    maxFailedTasks: 'auto' as const,
    bakeMs: (terms.bakeSeconds ?? 60) * 1000,
    deadline: since + (terms.timeoutSeconds ?? 1800) * 1000,
    alarms,
    alarmsAsked: (rollout.alarms ?? []).length > 0
  }
  const first = await wired.ports.containers.service(name)
  const watched = await watch(wired.ports, name, subject, policy, (terms.pollSeconds ?? 5) * 1000, first)
  const after = (world.clock.now() - since) / 1000
  const { verdict, memory, seen } = watched
  // Reading the log goes on beside a timer of five seconds, which this clock would pass at once.
  const logs =
    verdict.state === 'failing' ? await lastLines(patient(wired.ports), watched, definition) : undefined
  const cause =
    verdict.state === 'failing' ? explain(verdict, subject, memory, seen, definition, logs) : undefined
  return {
    state: verdict.state,
    code: cause?.code ?? '',
    sentence: cause?.sentence ?? ('what' in verdict ? verdict.what : ''),
    after,
    evidence: proof.at === undefined ? Infinity : (proof.at - since) / 1000,
    requests: wired.sent.length,
    ...rates(wired, after),
    watched
  }
}

function rates({ sent }: Wired, seconds: number): { busiest: number; perMinute: number } {
  let busiest = 0
  for (const [i, at] of sent.entries()) {
    let n = i
    while (n < sent.length && sent[n]! < at + 60_000) n++
    busiest = Math.max(busiest, n - i)
  }
  return { busiest, perMinute: (sent.length * 60) / Math.max(60, seconds) }
}

/** The same ports, with a clock that never cuts a reading off. */
function patient(ports: Wired['ports']): Wired['ports'] {
  const sleep = async (_: number, signal?: AbortSignal): Promise<void> =>
    await new Promise((_resolve, reject) => {
      signal?.addEventListener('abort', () => {
        reject(new Error('read'))
      })
    })
  return { ...ports, clock: { ...ports.clock, sleep } }
}

function ownAlarms(world: World, service: ServiceHandle) {
  if (!(world instanceof SimulatedWorld)) throw new Error('a world of createWorld is wanted')
  const answer = describeServices(world, { cluster: service.clusterName, services: [service.name] })
  const [shape] = (answer as DescribeServicesResponse).services ?? []
  return shape && toService(shape).alarms
}

function checkedContainers(definition: JsonObject): string[] {
  const containers = (definition['containerDefinitions'] ?? []) as JsonObject[]
  return containers.flatMap((c) => (c['healthCheck'] === undefined ? [] : [c['name'] as string]))
}

/** Causes that another try cannot help: one such task is proof (product: max-failed-tasks). */
const permanent =
  /not found|does not exist|descriptor matching platform|AccessDenied|ResourceNotFound|403 Forbidden|invalid character|awslogs-region is required/

/**
 * The world's own proof, from what happens in it and not from what the judge thinks: more tasks of the deployment
 * died of themselves than the product tolerates, or one of a permanent cause.
 */
class Proof {
  at: number | undefined
  private deployment = ''
  private failed = 0

  constructor(
    private readonly world: World,
    private readonly service: ServiceHandle,
    alarms: readonly string[],
    /** False where the role may not: then ECS's own counting is all that anybody can know. */
    seesTasks: boolean
  ) {
    world.onHappening((h) => {
      if (h.code === 'task-stopped' && seesTasks) this.stopped(h)
      if (h.code === 'failure-counted' && !seesTasks && h.ids['deployment'] === this.deployment)
        this.failedOne(h)
      // ECS's own word, and an alarm that the deployment is held to.
      const failed = h.code === 'deployment-failed' && h.ids['deployment'] === this.deployment
      const rings =
        h.code === 'alarm-state' && h.ids['state'] === 'ALARM' && alarms.includes(h.ids['alarm'] ?? '')
      if (failed || rings) this.at ??= h.time
    })
  }

  of(deployment: string): void {
    this.deployment = deployment
  }

  private stopped(happening: Happening): void {
    const { ids } = happening
    const task = this.service.tasks.find((t) => t.arn === ids['task'])
    if (task?.deploymentId !== this.deployment || this.at !== undefined) return
    const reason = task.stoppedReason ?? ''
    const died =
      task.stopCode === 'EssentialContainerExited' ||
      task.stopCode === 'TaskFailedToStart' ||
      (task.stopCode === 'ServiceSchedulerInitiated' && reason.startsWith('Task failed'))
    if (!died) return
    this.failedOne(happening, task.stopCode === 'TaskFailedToStart' && permanent.test(reason))
  }

  private failedOne({ time }: Happening, hopeless = false): void {
    this.failed++
    const tolerated = Math.max(1, Math.floor(this.service.desiredCount / 4))
    if (this.failed > tolerated || hopeless) this.at ??= time
  }
}

/** When ECS itself calls the deployment FAILED, by its breaker or an alarm; Infinity when not within three hours. */
export function breakerAfter({ world, service, deploy }: Rollout): number {
  const since = world.clock.now()
  let failed = Infinity
  let ours = ''
  world.onHappening((h) => {
    if (h.code === 'deployment-failed' && h.ids['deployment'] === ours)
      failed = Math.min(failed, (h.time - since) / 1000)
  })
  deploy()
  ours = service.primary.id
  while (failed === Infinity && world.clock.now() - since < 3 * 3_600_000) world.clock.advanceBy(60_000)
  return failed
}

/** What the SDK's own waiter says within its usual thirty minutes, and when. */
export async function waiterSays({
  world,
  service,
  deploy
}: Rollout): Promise<{ says: string; after: number }> {
  if (!(world instanceof SimulatedWorld)) throw new Error('a world of createWorld is wanted')
  const since = world.clock.now()
  deploy()
  const client = {
    config: {},
    send: () =>
      Promise.resolve(describeServices(world, { cluster: service.clusterName, services: [service.name] }))
  }
  const real = { setTimeout: globalThis.setTimeout, now: Date.now }
  try {
    // The waiter sleeps and looks at the clock by itself: both are the world's while it waits.
    globalThis.setTimeout = ((fn: () => void, ms = 0) => {
      world.clock.advanceBy(ms)
      queueMicrotask(fn)
      return 0
    }) as unknown as typeof setTimeout
    Date.now = () => world.clock.now()
    const { state } = await waitUntilServicesStable(
      { client: client as unknown as ECSClient, maxWaitTime: 1800, minDelay: 15, maxDelay: 15 },
      { cluster: service.clusterName, services: [service.name] }
    ).catch((error: unknown) => ({ state: error instanceof Error ? error.name : String(error) }))
    return { says: state, after: (world.clock.now() - since) / 1000 }
  } finally {
    globalThis.setTimeout = real.setTimeout
    Date.now = real.now
  }
}
