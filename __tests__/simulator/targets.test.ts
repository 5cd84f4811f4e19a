import { DescribeContainerInstancesCommand, DescribeTasksCommand } from '@aws-sdk/client-ecs'
import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { expect, test } from '@jest/globals'
import { createWorld, type Answer } from '../../simulator/index.js'
import { clients, messages, refusal, shop, until } from './support.js'

test('ip targets: a new target is healthy after one check, 1 to 2.5 s after registration', async () => {
  const s = shop()
  const { elb } = await clients(s.world)
  const health = async () =>
    (await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: s.targetGroup!.arn })))
      .TargetHealthDescriptions!
  expect(await health()).toEqual([
    {
      Target: { Id: expect.stringMatching(/^10\./), Port: 8080, AvailabilityZone: expect.any(String) },
      HealthCheckPort: '8080',
      TargetHealth: { State: 'healthy' }
    }
  ])
  s.deploy()
  until(s.world, () => s.targetGroup!.targetList.length === 2)
  expect((await health())[1]!.TargetHealth).toEqual({
    State: 'initial',
    Reason: 'Elb.RegistrationInProgress',
    Description: 'Target registration is in progress'
  })
  s.world.clock.advanceBy(600)
  expect((await health())[1]!.TargetHealth!.Reason).toBe('Elb.InitialHealthChecking')
  const wait = until(s.world, () => s.targetGroup!.targetList[1]!.state === 'healthy')
  expect(wait).toBeLessThan(2)
  until(s.world, () => s.targetGroup!.targetList[0]!.state === 'draining')
  expect((await health())[0]!.TargetHealth).toEqual({
    State: 'draining',
    Reason: 'Target.DeregistrationInProgress',
    Description: 'Target deregistration is in progress'
  })
  const gone = until(s.world, () => s.targetGroup!.targetList.length === 1)
  expect(gone).toBeCloseTo(30, 0)
})

test.each<[Answer, string, string]>([
  [{ status: 404 }, 'Target.ResponseCodeMismatch', 'Health checks failed with these codes: [404]'],
  ['refused', 'Target.FailedHealthChecks', 'Health checks failed'],
  ['timeout', 'Target.Timeout', 'Request timed out']
])('an answer %o makes the target unhealthy with %s', (answer, reason, description) => {
  const s = shop({
    service: { gracePeriodSeconds: 300 },
    targetGroup: { intervalSeconds: 15, unhealthyThreshold: 3 }
  })
  s.deploy({ behaviour: { healthCheck: answer } })
  until(s.world, () => s.targetGroup!.targetList[1] !== undefined)
  const wait = until(s.world, () => s.targetGroup!.targetList[1]!.state === 'unhealthy')
  expect(wait).toBeGreaterThanOrEqual(30)
  expect(wait).toBeLessThanOrEqual(33)
  expect(s.targetGroup!.targetList[1]).toMatchObject({ reason, description })
})

test('a target that was unhealthy needs the healthy threshold', () => {
  const s = shop({
    service: { gracePeriodSeconds: 600 },
    targetGroup: { intervalSeconds: 10, healthyThreshold: 4 }
  })
  s.deploy({ behaviour: { healthyAfter: 60 } })
  until(s.world, () => s.targetGroup!.targetList[1]?.state === 'unhealthy')
  const task = s.service.tasks[1]!
  const wait = until(s.world, () => s.targetGroup!.targetList[1]!.state === 'healthy')
  expect(task.healthy).toBe(true)
  expect(wait).toBeGreaterThan(60)
})

test('several target groups: registered in each, and all of them decide', () => {
  const s = shop()
  const second = s.world.elb.targetGroup('second', { healthCheckPath: '/other', intervalSeconds: 10 })
  const service = s.world.ecs.service({
    cluster: 'c',
    name: 'two',
    taskDefinition: s.define(s.image.uri),
    desiredCount: 1,
    loadBalancers: [s.targetGroup!, second].map((targetGroup) => ({
      targetGroup,
      containerName: 'app',
      containerPort: 8080
    }))
  })
  const v2 = s.repository.push({ behaviour: { paths: { '/health': 200 } } })
  s.world.ecs.updateService(service, { taskDefinition: s.define(v2.uri).arn })
  until(s.world, () => service.tasks[1]?.desiredStatus === 'STOPPED')
  expect(service.tasks[1]!.stoppedReason).toBe(
    `Task failed ELB health checks in (target-group ${second.arn})`
  )
  expect(messages(service).filter((m) => m.includes('registered 1 targets')).length).toBeGreaterThanOrEqual(2)
  expect(service.tasks[1]!.healthy).toBe(false)
})

test('a target group without load balancer, and a zone that is not enabled: unused', () => {
  const alone = shop({ targetGroup: { loadBalancer: null } })
  expect(alone.targetGroup!.targetList[0]).toMatchObject({
    state: 'unused',
    reason: 'Target.NotInUse',
    description: 'Target group is not configured to receive traffic from the load balancer'
  })
  const world = createWorld()
  world.elb.loadBalancer('far', { availabilityZones: ['us-west-2z'] })
  const targetGroup = world.elb.targetGroup('far-tg', { loadBalancer: 'far' })
  const repository = world.ecr.repository('shop')
  const taskDefinition = world.ecs.taskDefinition({
    family: 'far',
    networkMode: 'awsvpc',
    cpu: '256',
    memory: '512',
    containerDefinitions: [
      { name: 'app', image: repository.push().uri, portMappings: [{ containerPort: 80 }] }
    ]
  })
  const service = world.ecs.service({
    cluster: 'c',
    name: 'far',
    taskDefinition,
    desiredCount: 1,
    settled: false,
    loadBalancers: [{ targetGroup, containerName: 'app', containerPort: 80 }]
  })
  until(world, () => messages(service).some((m) => m.includes('is unhealthy in')))
  expect(messages(service).find((m) => m.includes('is unhealthy in'))).toContain(
    'due to (reason Target is in an Availability Zone that is not enabled for the load balancer).'
  )
})

test('EC2: bridge network, dynamic host ports, instance targets', async () => {
  const world = createWorld()
  const instance = world.ecs.containerInstance('c', { cpu: 2048, memory: 4096 })
  const targetGroup = world.elb.targetGroup('tg', { targetType: 'instance', deregistrationDelaySeconds: 10 })
  const repository = world.ecr.repository('shop')
  const define = () =>
    world.ecs.taskDefinition({
      family: 'shop',
      containerDefinitions: [
        {
          name: 'app',
          image: repository.push().uri,
          memory: 512,
          portMappings: [{ containerPort: 8080, hostPort: 0 }]
        }
      ]
    })
  const service = world.ecs.service({
    cluster: 'c',
    name: 'shop',
    taskDefinition: define(),
    desiredCount: 2,
    launchType: 'EC2',
    loadBalancers: [{ targetGroup, containerName: 'app', containerPort: 8080 }]
  })
  const { ecs, elb } = await clients(world)
  world.ecs.updateService(service, { taskDefinition: define().arn })
  until(world, () => service.primary.rolloutState === 'COMPLETED')
  const running = service.tasks.filter((t) => t.status === 'RUNNING')
  const { tasks } = await ecs.send(
    new DescribeTasksCommand({ cluster: 'c', tasks: running.map((t) => t.arn) })
  )
  const ports = tasks!.map((t) => t.containers![0]!.networkBindings![0]!.hostPort!)
  expect(new Set(ports).size).toBe(2)
  expect(ports.every((p) => p >= 32768)).toBe(true)
  expect(tasks![0]).toMatchObject({ launchType: 'EC2', containerInstanceArn: instance.arn, attachments: [] })
  const { TargetHealthDescriptions } = await elb.send(
    new DescribeTargetHealthCommand({ TargetGroupArn: targetGroup.arn })
  )
  expect(
    TargetHealthDescriptions!.map((d) => [d.Target!.Id, d.Target!.Port, d.HealthCheckPort]).sort()
  ).toEqual(ports.map((p) => [instance.instanceId, p, String(p)]).sort())
  const { containerInstances } = await ecs.send(
    new DescribeContainerInstancesCommand({ cluster: 'c', containerInstances: [instance.arn] })
  )
  expect(containerInstances![0]).toMatchObject({
    ec2InstanceId: instance.instanceId,
    runningTasksCount: 2,
    status: 'ACTIVE'
  })
})

test('EC2: no room is said, and a lost host takes its tasks with it', () => {
  const world = createWorld()
  const first = world.ecs.containerInstance('c', { cpu: 1024, memory: 1024 })
  const image = world.ecr.repository('shop').push()
  const taskDefinition = world.ecs.taskDefinition({
    family: 'shop',
    containerDefinitions: [{ name: 'app', image: image.uri, memory: 800 }]
  })
  const service = world.ecs.service({
    cluster: 'c',
    name: 'shop',
    taskDefinition,
    desiredCount: 1,
    launchType: 'EC2'
  })
  world.ecs.scale(service, 2)
  world.clock.advanceBy(60_000)
  expect(messages(service).at(-1)).toMatch(
    /^\(service shop\) was unable to place a task because no container instance met all of its requirements\. The closest matching container-instance [0-9a-f]{32} has insufficient memory available\.$/
  )
  world.ecs.containerInstance('c')
  world.ecs.loseHost(first.instanceId)
  until(world, () => service.tasks.filter((t) => t.status === 'RUNNING').length === 2)
  expect(service.tasks[0]).toMatchObject({
    stopCode: 'TerminationNotice',
    stoppedReason: `Host EC2 (instance ${first.instanceId}) terminated.`
  })
})

test('target groups, attributes and load balancers over the wire', async () => {
  const s = shop({ targetGroup: { deregistrationDelaySeconds: 45 } })
  for (let i = 0; i < 6; i++) s.world.elb.targetGroup(`more-${i}`)
  const { elb } = await clients(s.world)
  const first = await elb.send(new DescribeTargetGroupsCommand({}))
  expect(first.TargetGroups).toHaveLength(5)
  const second = await elb.send(new DescribeTargetGroupsCommand({ Marker: first.NextMarker }))
  expect(second.TargetGroups).toHaveLength(2)
  const { TargetGroups } = await elb.send(new DescribeTargetGroupsCommand({ Names: ['shop-tg'] }))
  expect(TargetGroups![0]).toMatchObject({
    TargetType: 'ip',
    HealthCheckPath: '/health',
    HealthCheckPort: 'traffic-port',
    HealthCheckIntervalSeconds: 30,
    HealthCheckTimeoutSeconds: 6,
    HealthyThresholdCount: 5,
    UnhealthyThresholdCount: 2
  })
  const { Attributes } = await elb.send(
    new DescribeTargetGroupAttributesCommand({ TargetGroupArn: s.targetGroup!.arn })
  )
  expect(Attributes).toContainEqual({ Key: 'deregistration_delay.timeout_seconds', Value: '45' })
  const { LoadBalancers } = await elb.send(
    new DescribeLoadBalancersCommand({ LoadBalancerArns: TargetGroups![0]!.LoadBalancerArns })
  )
  expect(LoadBalancers![0]).toMatchObject({ State: { Code: 'active' }, Type: 'application' })
  const unregistered = await elb.send(
    new DescribeTargetHealthCommand({
      TargetGroupArn: s.targetGroup!.arn,
      Targets: [{ Id: '10.9.9.9', Port: 80 }]
    })
  )
  expect(unregistered.TargetHealthDescriptions![0]!.TargetHealth).toMatchObject({
    State: 'unused',
    Reason: 'Target.NotRegistered'
  })
  expect(
    await refusal(elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: 'arn:aws:x' })))
  ).toMatchObject({
    name: 'TargetGroupNotFoundException',
    message: 'One or more target groups not found'
  })
})
