import { deployed, type Story } from '../story.js'

export const expiredDigest504: Story = {
  name: 'expired-digest-504',
  title: "Staging was built eleven times, and production's image is gone when a task has to be replaced",
  about:
    'Every build pushes to both repositories, and the lifecycle policy keeps ten images. Production was not released for ' +
    'eleven builds: its digest has expired, a task had to be replaced and cannot be pulled, the site answers 504. The ' +
    'repair is to deploy an image that exists; that nothing can be gone back to must not stand in its way.',
  build(world) {
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
    // A build a day for staging, none released to production; then a task of production has to be replaced.
    for (let build = 1; build <= 11; build++) {
      repository.push({ tags: [`build-${build}`, 'latest'] })
      world.clock.advanceBy(24 * 3_600_000)
    }
    world.ecs.loseHost(service.tasks.find((task) => task.status === 'RUNNING')!.arn)
    world.clock.advanceBy(30 * 60_000)
    const inputs = {
      environment: 'production',
      cluster: 'prod',
      service: 'app-prod',
      images: `app=${repository.uri}:build-11`
    }
    return { service, inputs }
  },
  expect: deployed
}
