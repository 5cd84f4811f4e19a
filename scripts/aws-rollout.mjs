// A rollout that fails, from the push to the way back, played wholly by the aws command line; and a look at its causes.
import { cli, same } from './aws-cli.mjs'

const seconds = (ms) => `${String(Math.round(ms / 1000)).padStart(5)} s`

/** Builds the service whose next image cannot reach its database. */
function scene({ createWorld }) {
  const world = createWorld()
  const repository = world.ecr.repository('shop')
  const image = repository.push({ tags: ['v1'] })
  const alarm = world.cloudwatch.alarm('shop-errors')
  const targetGroup = world.elb.targetGroup('shop-tg', {
    healthCheckPath: '/health',
    deregistrationDelaySeconds: 30,
    loadBalancer: 'shop-alb'
  })
  const definition = {
    family: 'shop',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    executionRoleArn: `arn:aws:iam::${world.account}:role/ecsTaskExecutionRole`,
    containerDefinitions: [
      {
        name: 'app',
        image: image.uri,
        portMappings: [{ containerPort: 8080 }],
        logConfiguration: {
          logDriver: 'awslogs',
          options: {
            'awslogs-group': '/ecs/shop',
            'awslogs-region': world.region,
            'awslogs-stream-prefix': 'web'
          }
        }
      }
    ]
  }
  const service = world.ecs.service({
    cluster: 'prod',
    name: 'shop',
    taskDefinition: world.ecs.taskDefinition(definition),
    desiredCount: 2,
    circuitBreaker: { enable: true, rollback: true },
    loadBalancers: [{ targetGroup, containerName: 'app', containerPort: 8080 }]
  })
  return { world, repository, image, alarm, targetGroup, definition, service }
}

/** Plays it. `simulator` has createWorld and startServer; `checks` prints. Time stands still between the commands. */
export async function failingRollout(aws, simulator, { check }) {
  const { world, repository, image, targetGroup, definition, service } = scene(simulator)
  const server = await simulator.startServer(world)
  const { run, refused, knows } = cli(aws, server, world.region)
  const start = world.clock.now()
  const where = ['--cluster', 'prod', '--service', 'shop']
  const describe = async () =>
    (await run('ecs', 'describe-services', '--cluster', 'prod', '--services', 'shop')).services[0]
  const bad = repository.push({
    tags: ['v2'],
    behaviour: { prints: 'FATAL: no database at db:5432', exits: { code: 1, after: 5 } }
  })
  let revision = ''
  let ours = ''
  let stopped = []

  await check('rollout: register-task-definition with the new digest, update-service', async () => {
    const [container] = definition.containerDefinitions
    const next = { ...definition, containerDefinitions: [{ ...container, image: bad.uri }] }
    const registered = await run('ecs', 'register-task-definition', '--cli-input-json', JSON.stringify(next))
    revision = registered.taskDefinition.taskDefinitionArn
    same(revision.split('/')[1], 'shop:2', 'revision')
    const updated = await run('ecs', 'update-service', ...where, '--task-definition', revision)
    ours = updated.service.deployments[0].id
  })
  await check('rollout: the circuit breaker takes it back, and the commands can tell the story', async () => {
    const told = new Set(service.events.map((e) => e.id))
    for (let poll = 0; poll < 40; poll++) {
      const { deployments, events } = await describe()
      for (const e of events.filter(({ id }) => !told.has(id)).reverse()) {
        told.add(e.id)
        console.log(`        ${seconds(Date.parse(e.createdAt) - start)}  ${e.message}`)
      }
      const { taskArns } = await run(
        'ecs',
        'list-tasks',
        '--cluster',
        'prod',
        '--service-name',
        'shop',
        '--desired-status',
        'STOPPED'
      )
      if (taskArns.length > 0) {
        const { tasks } = await run('ecs', 'describe-tasks', '--cluster', 'prod', '--tasks', ...taskArns)
        for (const t of tasks.filter((one) => !stopped.some((s) => s.taskArn === one.taskArn)))
          console.log(
            `        ${seconds(world.clock.now() - start)}  ${t.taskArn.split('/').at(-1)} stopped: ${t.stopCode}, ${t.stoppedReason}, exit code ${t.containers[0].exitCode}`
          )
        stopped = tasks
      }
      const [primary] = deployments
      if (primary.id !== ours && primary.rolloutState === 'COMPLETED' && deployments.length === 1) return
      await fetch(`${server.url}/_simulator/advance`, { method: 'POST', body: '{"by": 30000}' })
    }
    throw new Error('not rolled back within 20 minutes')
  })
  await check('rollout: each failed task says EssentialContainerExited and exit code 1', async () => {
    const failed = stopped.filter((t) => t.startedBy === ours && t.stopCode === 'EssentialContainerExited')
    if (failed.length < 3) throw new Error(`only ${failed.length} tasks failed`)
    same([...new Set(failed.map((t) => t.containers[0].exitCode))], [1], 'exit codes')
    same(failed[0].taskDefinitionArn, revision, 'revision')
  })
  await check('logs get-log-events: what the failed container printed', async () => {
    const failed = stopped.find((t) => t.startedBy === ours)
    const stream = `web/app/${failed.taskArn.split('/').at(-1)}`
    const answer = await run(
      'logs',
      'get-log-events',
      '--log-group-name',
      '/ecs/shop',
      '--log-stream-name',
      stream
    )
    same(
      answer.events.map((e) => e.message),
      ['FATAL: no database at db:5432'],
      'lines'
    )
  })
  await check('elbv2: both old targets healthy, the group behind its balancer, its attributes', async () => {
    const arn = ['--target-group-arn', targetGroup.arn]
    const health = (await run('elbv2', 'describe-target-health', ...arn)).TargetHealthDescriptions
    same(
      health.map((h) => h.TargetHealth.State),
      ['healthy', 'healthy'],
      'states'
    )
    const [group] = (await run('elbv2', 'describe-target-groups', '--target-group-arns', targetGroup.arn))
      .TargetGroups
    const [balancer] = (await run('elbv2', 'describe-load-balancers', '--names', 'shop-alb')).LoadBalancers
    same(group.LoadBalancerArns, [balancer.LoadBalancerArn], 'balancer')
    const { Attributes } = await run('elbv2', 'describe-target-group-attributes', ...arn)
    const delay = Attributes.find((a) => a.Key === 'deregistration_delay.timeout_seconds')
    same(delay.Value, '30', 'delay')
  })
  await check('cloudwatch describe-alarms: by the query protocol of the older botocore', async () => {
    const { MetricAlarms } = await run('cloudwatch', 'describe-alarms', '--alarm-names', 'shop-errors')
    same(
      MetricAlarms.map((a) => [a.AlarmName, a.StateValue]),
      [['shop-errors', 'OK']],
      'alarms'
    )
  })
  await check('ec2 describe-security-groups: those of the task', async () => {
    const { networkConfiguration } = await describe()
    const ids = networkConfiguration.awsvpcConfiguration.securityGroups
    const { SecurityGroups } = await run('ec2', 'describe-security-groups', '--group-ids', ...ids)
    same(
      SecurityGroups.map((g) => g.GroupId),
      ids,
      'groups'
    )
    await refused(
      'InvalidGroup.NotFound',
      'ec2',
      'describe-security-groups',
      '--group-ids',
      'sg-0aaaaaaaaaaaaaaaa'
    )
  })
  await check('ecr: describe-images, batch-get-image by digest, put-image under another tag', async () => {
    const app = ['--repository-name', 'shop']
    const { imageDetails } = await run('ecr', 'describe-images', ...app)
    same(imageDetails.map((i) => i.imageDigest).sort(), [image.digest, bad.digest].sort(), 'images')
    const { images } = await run(
      'ecr',
      'batch-get-image',
      ...app,
      '--image-ids',
      `imageDigest=${image.digest}`
    )
    same(images[0].imageManifest, image.manifest, 'bytes')
    const put = await run(
      'ecr',
      'put-image',
      ...app,
      '--image-manifest',
      images[0].imageManifest,
      '--image-tag',
      'stable'
    )
    same(put.image.imageId, { imageDigest: image.digest, imageTag: 'stable' }, 'retagged')
    await refused('ImageNotFoundException', 'ecr', 'describe-images', ...app, '--image-ids', 'imageTag=nope')
  })
  await check('ecr lifecycle preview: started, awaited by the waiter, and what it would expire', async () => {
    const app = ['--repository-name', 'shop']
    const rule = {
      rulePriority: 1,
      selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 1 },
      action: { type: 'expire' }
    }
    const text = ['--lifecycle-policy-text', JSON.stringify({ rules: [rule] })]
    same(
      (await run('ecr', 'start-lifecycle-policy-preview', ...app, ...text)).status,
      'IN_PROGRESS',
      'status'
    )
    await refused(
      'LifecyclePolicyPreviewInProgressException',
      'ecr',
      'start-lifecycle-policy-preview',
      ...app,
      ...text
    )
    world.clock.advanceBy(5_000)
    await run('ecr', 'wait', 'lifecycle-policy-preview-complete', ...app)
    const preview = await run('ecr', 'get-lifecycle-policy-preview', ...app)
    same(
      preview.previewResults.map((r) => r.imageDigest),
      [image.digest],
      'expiring'
    )
  })
  await check('what this aws CLI has no command for is said so', async () => {
    for (const command of [
      ['ecs', 'list-service-deployments', '--service', 'shop'],
      [
        'ecr',
        'list-image-referrers',
        '--repository-name',
        'shop',
        '--subject-id',
        `imageDigest=${image.digest}`
      ]
    ])
      console.log(
        `        ${command[0]} ${command[1]}: ${(await knows(...command)) ? 'known and answered' : 'not known to this version'}`
      )
  })
  await check('rollout: every answer fitted the schemas', () => {
    same(server.violations, [], 'violations')
    return Promise.resolve()
  })
  await server.close()
}
