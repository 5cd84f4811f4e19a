import type { Happening, ServiceHandle, World } from '../../index.js'
import { deployed, red, type Scene, type Story } from '../story.js'

const day = 24 * 3_600_000

/**
 * Production runs what was released once; every build since pushed to its repository too, one a day, and the lifecycle
 * policy keeps ten images there.
 */
function production(world: World, builds: number): { service: ServiceHandle; uri: string } {
  const repository = world.ecr.repository('app-prod')
  const released = repository.push({ tags: ['latest'] })
  repository.lifecyclePolicy({
    rules: [
      {
        rulePriority: 1,
        description: 'keep ten images',
        selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 10 },
        action: { type: 'expire' }
      }
    ]
  })
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
        { name: 'app', image: released.uri, essential: true, portMappings: [{ containerPort: 8080 }] }
      ]
    }),
    desiredCount: 2,
    gracePeriodSeconds: 60,
    loadBalancers: [{ targetGroup, containerName: 'app', containerPort: 8080 }]
  })
  for (let build = 1; build <= builds; build++) {
    repository.push({ tags: [`build-${build}`, 'latest'] })
    world.clock.advanceBy(day)
  }
  return { service, uri: repository.uri }
}

/** A task of production has to be replaced, after its image has gone. */
function loseTask(world: World, service: ServiceHandle): void {
  world.ecs.loseHost(service.tasks.find((task) => task.status === 'RUNNING')!.arn)
  world.clock.advanceBy(30 * 60_000)
}

const audit = { mode: 'audit', environment: 'production', cluster: 'prod', service: 'app-prod' }

export const expiredDigest504Before: Story = {
  name: 'expired-digest-504-before',
  title: "The audit warns while production's image is still there: one more push, and it is gone",
  about:
    'Production was released once, and nine builds for staging were pushed to its repository since, which keeps ten ' +
    'images. All is green. The audit says what the next push does, and which rule keeps it from doing so.',
  build(world) {
    return { service: production(world, 9).service, inputs: audit }
  },
  expect: red('problems', 'preflight', /expires after 1 more push/)
}

export const expiredDigest504After: Story = {
  name: 'expired-digest-504-after',
  title: 'The audit explains the 504: the image that production needs is gone, and which rule did it',
  about:
    'Two builds later the image has expired and a task of production had to be replaced. No new one can start; behind ' +
    'the load balancer nobody sees why. The audit does.',
  build(world): Scene {
    const told: string[] = []
    const startedAt = world.clock.now()
    const listen = (h: Happening) => {
      if (!/expire|stopped|unable to place|lost|failed/i.test(`${h.code} ${h.text}`) || told.length > 8)
        return
      const days = Math.floor((h.time - startedAt) / day)
      told.push(`day ${String(days).padStart(2)}  ${h.text}`)
    }
    const forget = world.onHappening(listen)
    const { service } = production(world, 11)
    loseTask(world, service)
    forget()
    return { service, told, inputs: audit }
  },
  expect: red('problems', 'image-not-found', /is not in app-prod any more/)
}

export const expiredDigest504: Story = {
  name: 'expired-digest-504',
  title: "Staging was built eleven times, and production's image is gone when a task has to be replaced",
  about:
    'Every build pushes to both repositories, and the lifecycle policy keeps ten images. Production was not released for ' +
    'eleven builds: its digest has expired, a task had to be replaced and cannot be pulled, the site answers 504. The ' +
    'repair is to deploy an image that exists; that nothing can be gone back to must not stand in its way.',
  acts: [expiredDigest504Before, expiredDigest504After],
  build(world) {
    const { service, uri } = production(world, 11)
    loseTask(world, service)
    const inputs = {
      environment: 'production',
      cluster: 'prod',
      service: 'app-prod',
      images: `app=${uri}:build-11`
    }
    return { service, inputs }
  },
  expect: deployed
}
