/** The stories in which the process dies: what the service is, what is asked, and how the run after it may end. */
import type { DeploymentView, RepositoryHandle, World } from '../../simulator/index.js'
import { releases } from '../../simulator/stories/rollback/releases.js'
import { shop, type Shop, type ShopOptions } from '../../simulator/stories/shop.js'
import { onFirstDeployment, type Scene } from '../../simulator/stories/story.js'

/** A scene with what the checks must know of it. */
export interface CrashScene extends Scene {
  repositories: RepositoryHandle[]
  /** What the next run is given when it brings a newer image. */
  newer: Record<string, string>
  /** The tag of the image that serves when all went well; default: `v2`. */
  wanted?: string
  /** The same for the next run with the same inputs, where it depends on what that run finds. */
  wantedAgain?: (found: DeploymentView) => string
}

/** A story of the sweep. */
export interface CrashCase {
  name: string
  about: string
  build(world: World): CrashScene
  /** How the next run may end: with the same inputs, and with a newer good image. */
  ends: { same: readonly string[]; newer: readonly string[] }
  /** The story itself takes images away, so their tags are nobody's fault. */
  losesImages?: true
}

/** The digest behind a tag, in whichever of the scene's repositories; empty when no one has it. */
export function digestOf({ repositories }: CrashScene, tag: string): string {
  return (
    repositories.map((repository) => repository.digestOf(tag)).find((digest) => digest !== undefined) ?? ''
  )
}

const green = ['deployed', 'unchanged'] as const
const crash = { exits: { code: 1, after: 10 } }
const breaker = { circuitBreaker: { enable: true, rollback: true } }

/** A shop with a third image, good, for the run that comes after. */
function scene(world: World, options: ShopOptions, then?: (shop: Shop) => void): CrashScene {
  const built = shop(world, options)
  built.repository.push({ tags: ['v3'] })
  then?.(built)
  const { service, repository, inputs } = built
  return {
    service,
    repositories: [repository],
    inputs,
    newer: { images: `web=${repository.uri}:v3` }
  }
}

/** What somebody else does: another good image, by hand. */
function deployByHand(world: World, { service, repository, taskDefinition }: Shop): void {
  const { uri } = repository.push({ tags: ['hotfix'] })
  const { containerDefinitions } = taskDefinition.raw as { containerDefinitions: object[] }
  const revision = world.ecs.taskDefinition({
    ...taskDefinition.raw,
    family: taskDefinition.family,
    containerDefinitions: containerDefinitions.map((one) => ({ ...one, image: uri }))
  })
  world.ecs.updateService(service, { taskDefinition: revision.arn })
}

/** Nothing moves, so that the run goes back at the end of its time; not swept for kills, which it has in common. */
export const stuckCase: CrashCase = {
  name: 'stuck',
  about: 'the image takes an hour to pull: the deployment is given up, and little time is left',
  build: (world) => scene(world, { image: { pullSeconds: 3600 } }),
  ends: { same: ['rolled-back'], newer: green }
}

export const crashCases: readonly CrashCase[] = [
  {
    name: 'healthy',
    about: 'a good image',
    build: (world) => scene(world, {}),
    ends: { same: green, newer: green }
  },
  {
    name: 'loop',
    about: 'the new tasks die ten seconds after their start, and no circuit breaker ends it',
    build: (world) => scene(world, { image: crash }),
    ends: { same: ['rolled-back'], newer: green }
  },
  {
    name: 'superseded',
    about: 'somebody else deploys 45 seconds after our deployment began',
    build: (world) =>
      scene(world, {}, (built) =>
        onFirstDeployment(world, built.service, () => {
          world.clock.after(45_000, () => deployByHand(world, built))
        })
      ),
    // A run that comes while theirs begins is superseded as the first one was.
    ends: { same: [...green, 'superseded'], newer: [...green, 'superseded'] }
  },
  {
    name: 'breaker-rollback',
    about: "the new tasks die, and ECS's own circuit breaker puts the old revision back",
    build: (world) => scene(world, { image: { exits: { code: 1, after: 1 } }, service: breaker }),
    ends: { same: ['rolled-back'], newer: green }
  },
  {
    name: 'restore-fails',
    about: 'the new tasks die, the old ones had to make room, and the old image is gone by then',
    build: (world) =>
      scene(
        world,
        { image: crash, service: { minimumHealthyPercent: 0, maximumPercent: 100 } },
        ({ service, repository, servingDigest }) =>
          onFirstDeployment(world, service, () => repository.expire(servingDigest))
      ),
    ends: { same: ['rolled-back', 'rollback-failed', 'failed'], newer: green },
    losesImages: true
  },
  {
    name: 'nothing-known-good',
    about: 'the service never had a deployment that completed, and the next image is as bad',
    build: (world) =>
      scene(world, { serving: crash, image: crash, service: { settled: false } }, () =>
        world.clock.advanceBy(10 * 60_000)
      ),
    ends: { same: ['failed'], newer: green }
  },
  {
    name: 'busy-wait',
    about: 'another deployment is in progress, and the run waits for it',
    build: (world) =>
      scene(world, {}, ({ service }) => {
        world.ecs.updateService(service, { forceNewDeployment: true })
        world.clock.advanceBy(20_000)
      }),
    ends: { same: green, newer: green }
  },
  {
    name: 'promotion',
    about: 'the image is copied from the repository of staging first',
    build: (world) => {
      const built = scene(world, {})
      const staging = world.ecr.repository('shop-web-staging')
      staging.push({ tags: ['staging-1'], form: 'index' })
      return {
        ...built,
        repositories: [...built.repositories, staging],
        inputs: { ...built.inputs, images: `web=${staging.uri}:staging-1`, promote: 'true' },
        wanted: 'staging-1'
      }
    },
    ends: { same: green, newer: green }
  },
  {
    name: 'rollback-mode',
    about: 'three releases, and the form asks for the revision before',
    build: (world) => {
      const built = releases(world, 2)
      built.repository.push({ tags: ['v3'] })
      const { service, repository, inputs, arns } = built
      return {
        service,
        repositories: [repository],
        inputs,
        newer: { mode: 'deploy', images: `web=${repository.uri}:v3` },
        wanted: 'release-v2',
        // Where the rollback is over already, the revision before is one further back.
        wantedAgain: ({ taskDefinitionArn, rolloutState }) =>
          taskDefinitionArn === arns[1] && rolloutState === 'COMPLETED' ? 'v1' : 'release-v2'
      }
    },
    ends: { same: green, newer: green }
  },
  {
    name: 'count-and-loop',
    about: 'the run changes the number of tasks too, and the new tasks die',
    build: (world) => {
      const built = scene(world, { image: crash })
      return { ...built, inputs: { ...built.inputs, 'desired-count': '3' } }
    },
    ends: { same: ['rolled-back'], newer: green }
  }
]
