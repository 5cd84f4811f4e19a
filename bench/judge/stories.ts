/**
 * Every story of the simulator as a rollout of any size: the same world, with as many tasks as wanted. Which of them are
 * bad is not chosen by anybody: the world is left to itself until the run's own deadline, and then tells.
 */
import { createWorld } from '../../simulator/index.js'
import type { ServiceHandle, World } from '../../simulator/index.js'
import { stories, type Scene, type Story } from '../../simulator/stories/index.js'
import { SimulatedWorld } from '../../simulator/world/world.js'
import type { JsonObject } from '../../src/domain/task-definition.js'
import type { Rollout } from './play.js'

/** What is held against the service while it is played. */
export interface Setting {
  desired: number
  /** ECS's circuit breaker with its default threshold, without its rollback; else none. */
  breaker: boolean
}

/** Long enough for a service to stand at another count, behind slow checks and drains too. */
const resizedAfterMs = 30 * 60_000

const minutes = (text = '30m'): number => {
  const found = /^(\d+)(s|m|h)$/.exec(text)
  if (!found) throw new Error(`no duration: ${text}`)
  return Number(found[1]) * { s: 1 / 60, m: 1, h: 60 }[found[2] as 's' | 'm' | 'h']
}

/** A story's rollout in a fresh world; undefined for one that deploys no image. Its deadline stands beside it. */
export function rolloutOf(
  story: Story,
  { desired, breaker }: Setting
): (Rollout & { timeoutSeconds: number }) | undefined {
  const world = createWorld(story.world)
  if (!(world instanceof SimulatedWorld)) throw new Error('a world of createWorld is wanted')
  const scene = story.build(world)
  const { service, inputs } = scene
  if ((inputs['mode'] ?? 'deploy') !== 'deploy') return undefined
  const images = imagesOf(world, inputs['images'] ?? '')
  if (images.size === 0) return undefined
  resize(world, service, desired)
  const held = world.ecs.find(world.ecs.cluster(service.clusterName), service.name)
  if (!held) throw new Error(`${story.name}: no service ${service.name}`)
  const thresholdConfiguration = { type: 'BOUNDED_PERCENT', value: 50 }
  held.breaker = { enable: breaker, rollback: false, resetOnHealthyTask: true, thresholdConfiguration }
  const running = world.ecs.findTaskDefinition(service.primary.taskDefinitionArn)
  if (!running) throw new Error(`${story.name}: no revision runs`)
  const definition = withImages(running.raw as JsonObject, images)
  return {
    world,
    service,
    definition,
    deploy: () => {
      const next = world.ecs.taskDefinition({ ...(definition as object), family: running.family } as never)
      world.ecs.updateService(service, { taskDefinition: next.arn })
    },
    alarms: (inputs['alarms'] ?? '').split('\n').filter((name) => name !== ''),
    denied: deniedIn(scene),
    timeoutSeconds: minutes(inputs['timeout']) * 60
  }
}

/** Container name to image, pinned by digest as the product pins it; empty when one of them does not exist. */
function imagesOf(world: World, text: string): Map<string, string> {
  const images = new Map<string, string>()
  for (const line of text.split('\n').filter((l) => l.includes('='))) {
    const [, container, uri, tag] = /^([^=]+)=(.+?)(?::([^:/@]+))?$/.exec(line)!
    const name = uri!.slice(uri!.indexOf('/') + 1)
    if (!uri!.includes('.dkr.ecr.') || tag === undefined) continue
    const digest = world.ecr.repository(name).digestOf(tag)
    if (digest === undefined) return new Map()
    images.set(container!, `${uri}@${digest}`)
  }
  return images
}

function withImages(definition: JsonObject, images: Map<string, string>): JsonObject {
  const containers = definition['containerDefinitions'] as JsonObject[]
  const containerDefinitions = containers.map((c) => ({
    ...c,
    image: images.get(c['name'] as string) ?? c['image']!
  }))
  return { ...definition, containerDefinitions }
}

/** Another count of tasks, with as many instances for each as the story has, and the time to get there. */
function resize(world: SimulatedWorld, service: ServiceHandle, desired: number): void {
  const { desiredCount } = service
  if (desired === desiredCount) return
  const instances = world.ecs.cluster(service.clusterName)
  const have = instances.instances.length
  for (let i = have; i < Math.ceil((have * desired) / desiredCount); i++)
    world.ecs.containerInstance(service.clusterName, { availabilityZone: `${world.region}${'ab'[i % 2]!}` })
  world.ecs.scale(service, desired)
  world.clock.advanceBy(resizedAfterMs)
}

/** Operations that the story refuses from the first call to the last. */
function deniedIn({ faults = [] }: Scene): string[] {
  return faults.flatMap(({ fault, operation, ...when }) =>
    fault.kind === 'access-denied' && operation !== undefined && Object.keys(when).length === 0
      ? [operation]
      : []
  )
}

/** A story that deploys something bad at this size. */
export interface BadStory {
  name: string
  desired: number
  story: Story
}

/** How long nothing may die before the deadline for a deployment to count as settled, milliseconds. */
const quietMs = 10 * 60_000

/**
 * Whether the new deployment, left to itself without a breaker, is bad: at the run's own deadline ECS calls it FAILED, or
 * not COMPLETED with all wanted tasks healthy, or its tasks still die of themselves. One that somebody replaced, and one of
 * which no task is wanted any more, are not.
 */
export function isBad(story: Story, desired: number): boolean {
  const made = rolloutOf(story, { desired, breaker: false })
  if (made === undefined) return false
  const { world, service, deploy, timeoutSeconds } = made
  deploy()
  const ours = service.primary
  let died = -Infinity
  world.onHappening((h) => {
    if (h.code !== 'task-stopped') return
    const task = service.tasks.find((t) => t.arn === h.ids['task'])
    const itself =
      task?.stopCode === 'EssentialContainerExited' ||
      task?.stopCode === 'TaskFailedToStart' ||
      /^Task failed/.test(task?.stoppedReason ?? '')
    if (task?.deploymentId === ours.id && itself) died = h.time
  })
  world.clock.advanceBy(timeoutSeconds * 1000)
  if (ours.rolloutState === 'FAILED') return true
  if (service.primary.id !== ours.id || service.desiredCount === 0) return false
  const healthy = service.tasks.filter(
    (t) => t.deploymentId === ours.id && t.status === 'RUNNING' && t.healthy
  )
  const whole = ours.rolloutState === 'COMPLETED' && healthy.length >= service.desiredCount
  return !whole || world.clock.now() - died < quietMs
}

/** All bad stories at these sizes, and the sizes at which a story that is bad elsewhere is not. */
export function badStories(sizes: readonly number[]): { bad: BadStory[]; fine: string[] } {
  const bad: BadStory[] = []
  const fine: string[] = []
  for (const story of stories) {
    const at = sizes.filter((desired) => isBad(story, desired))
    bad.push(...at.map((desired) => ({ name: story.name, desired, story })))
    if (at.length > 0 && at.length < sizes.length)
      fine.push(`${story.name} at ${sizes.filter((n) => !at.includes(n)).join(', ')}`)
  }
  return { bad, fine }
}
