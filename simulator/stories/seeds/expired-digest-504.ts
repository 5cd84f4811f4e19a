import type { ServiceHandle, World } from '../../index.js'
import { deployed, red, type Act, type Scene, type Story } from '../story.js'

const day = 24 * 3_600_000
const keptImages = 10

/** Production was released once. Its repository and staging's get every build, and the policy of each keeps ten images. */
function released(world: World): Scene {
  const repository = world.ecr.repository('app-prod')
  world.ecr.repository('app-staging')
  const image = repository.push({ tags: ['latest'] })
  for (const name of ['app-prod', 'app-staging']) world.ecr.repository(name).lifecyclePolicy(keepTen)
  const targetGroup = world.elb.targetGroup('app-prod', {
    healthCheckPath: '/health',
    deregistrationDelaySeconds: 30
  })
  const service = world.ecs.service({
    cluster: 'prod',
    name: 'app-prod',
    taskDefinition: world.ecs.taskDefinition({
      family: 'app-prod',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
      executionRoleArn: `arn:aws:iam::${world.account}:role/ecs-task-execution-role`,
      containerDefinitions: [
        { name: 'app', image: image.uri, essential: true, portMappings: [{ containerPort: 8080 }] }
      ]
    }),
    desiredCount: 2,
    gracePeriodSeconds: 60,
    loadBalancers: [{ targetGroup, containerName: 'app', containerPort: 8080 }]
  })
  return { service, inputs: {} }
}

const keepTen = {
  rules: [
    {
      rulePriority: 1,
      description: 'keep ten images',
      selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: keptImages },
      action: { type: 'expire' }
    }
  ]
}

/** Builds `from` to `to`, one a day: each is pushed to both repositories, and only staging runs it. */
function build(world: World, from: number, to: number): void {
  for (let number = from; number <= to; number += 1) {
    for (const name of ['app-staging', 'app-prod'])
      world.ecr.repository(name).push({ tags: [`build-${number}`, 'latest'] })
    world.clock.advanceBy(day)
  }
}

/** A task of production has to be replaced, after its image has gone. */
function loseTask(world: World, service: ServiceHandle): void {
  world.ecs.loseHost(service.tasks.find((task) => task.status === 'RUNNING')!.arn)
  world.clock.advanceBy(30 * 60_000)
}

/** What of it a person could have seen, with the day; it begins on day `first`. */
function watched(world: World, first: number, happen: () => void): string[] {
  const from = world.clock.now()
  const told: string[] = []
  const forget = world.onHappening((h) => {
    if (!/expire|stopped|unable to place|lost|failed/i.test(`${h.code} ${h.text}`) || told.length > 8) return
    const text = h.text.replace(/(sha256:[0-9a-f]{12})[0-9a-f]{52}/g, '$1')
    told.push(`day ${String(first + Math.floor((h.time - from) / day)).padStart(2)}  ${text}`)
  })
  happen()
  forget()
  return told
}

const where = { environment: 'production', cluster: 'prod', service: 'app-prod' }
const builds = keptImages + 1

const auditBefore: Act = {
  name: 'audit-before',
  title: "The audit warns while production's image is still there: one more push, and it is gone",
  about:
    'Production was released once, and nine builds for staging were pushed to its repository since, which keeps ten ' +
    'images. All is green. The audit says what the next push does, and which rule keeps it from doing so.',
  happens(world) {
    build(world, 1, keptImages - 1)
    return [`day ${keptImages - 1}  ${keptImages - 1} builds were pushed, staging runs the last one`]
  },
  inputs: () => ({ mode: 'audit', ...where }),
  expect: red('problems', 'preflight', /expires after 1 more push/)
}

const auditAfter: Act = {
  name: 'audit-after',
  title: 'The audit explains the 504: the image that production needs is gone, and which rule did it',
  about:
    'Nobody mended it. Two builds later the image has expired and a task of production had to be replaced. No new one can ' +
    'start; behind the load balancer nobody sees why. The audit does.',
  happens(world, { service }) {
    return watched(world, keptImages - 1, () => {
      build(world, keptImages, builds)
      loseTask(world, service)
    })
  },
  inputs: () => ({ mode: 'audit', ...where }),
  expect: red('problems', 'image-not-found', /is not in app-prod any more/)
}

const repair: Act = {
  name: 'repair',
  title: 'An image that exists is deployed, and production answers again',
  about: 'That nothing can be gone back to must not stand in the way of the repair.',
  happens: () => [],
  inputs: (world) => ({ ...where, images: `app=${world.ecr.repository('app-prod').uri}:build-${builds}` }),
  expect: deployed
}

const acts = [auditBefore, auditAfter, repair]

export const expiredDigest504: Story = {
  name: 'expired-digest-504',
  title: "Staging was built eleven times, and production's image is gone when a task has to be replaced",
  about:
    'Every build pushes to both repositories, and the lifecycle policy keeps ten images. Production was not released for ' +
    'eleven builds: its digest has expired, a task had to be replaced and cannot be pulled, the site answers 504. The ' +
    'repair is to deploy an image that exists; that nothing can be gone back to must not stand in its way.',
  play: { begin: released, acts },
  build(world) {
    const scene = released(world)
    for (const act of acts) act.happens(world, scene)
    return { ...scene, inputs: repair.inputs(world) }
  },
  expect: deployed
}
