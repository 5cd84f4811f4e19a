import {
  DescribeContainerInstancesCommand,
  DescribeTasksCommand,
  ListContainerInstancesCommand,
  ListTasksCommand,
  RunTaskCommand,
  StopTaskCommand,
  UpdateContainerInstancesStateCommand,
  type Task
} from '@aws-sdk/client-ecs'
import { expect, test } from '@jest/globals'
import { createWorld, type Behaviours, type ServiceOptions } from '../../simulator/index.js'
import { clients, messages, record, refusal, shop, until } from './support.js'

/** A service on two EC2 instances, healthy. */
function onInstances(
  options: {
    networkMode?: string
    container?: Record<string, unknown>
    definition?: Record<string, unknown>
    service?: Partial<ServiceOptions>
    attributes?: Record<string, string>[]
    behaviour?: Behaviours
  } = {}
) {
  const world = createWorld()
  const image = world.ecr
    .repository('web')
    .push(options.behaviour === undefined ? {} : { behaviour: options.behaviour })
  const instances = [0, 1].map((i) =>
    world.ecs.containerInstance('c', {
      availabilityZone: `us-west-2${'ab'[i]!}`,
      ...(options.attributes?.[i] === undefined ? {} : { attributes: options.attributes[i] })
    })
  )
  const define = (more: Record<string, unknown> = {}) =>
    world.ecs.taskDefinition({
      family: 'web',
      networkMode: options.networkMode ?? 'bridge',
      cpu: '256',
      memory: '512',
      ...options.definition,
      ...more,
      containerDefinitions: [
        { name: 'web', image: image.uri, portMappings: [{ containerPort: 80 }], ...options.container }
      ]
    })
  const taskDefinition = define()
  const service = world.ecs.service({
    cluster: 'c',
    name: 'web',
    taskDefinition,
    desiredCount: 2,
    launchType: 'EC2',
    ...options.service
  })
  return { world, instances, service, define, log: record(world) }
}

const alive = (t: { desiredStatus: string }) => t.desiredStatus === 'RUNNING'

test('a task in every status: its network interface, its times in order, its version counts up', async () => {
  const s = shop({ targetGroup: null })
  const { ecs } = await clients(s.world)
  const deployment = s.deploy({ behaviour: { exits: { code: 3, after: 60 } } })
  until(s.world, () => s.service.tasks.some((t) => t.deploymentId === deployment.id))
  const { arn } = s.service.tasks.find((t) => t.deploymentId === deployment.id)!
  const seen = new Map<string, Task>()
  while (!seen.has('STOPPED')) {
    const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster: 'c', tasks: [arn] }))
    seen.set(tasks![0]!.lastStatus!, tasks![0]!)
    s.world.clock.advanceBy(1000)
  }
  const interfaces = [...seen].map(
    ([status, t]) => `${status} ${t.attachments![0]!.status!} ${t.attachments![0]!.details!.length}`
  )
  expect(interfaces).toEqual([
    'PROVISIONING PRECREATED 1',
    'PENDING ATTACHING 5',
    'ACTIVATING ATTACHED 5',
    'RUNNING ATTACHED 5',
    'STOPPING ATTACHED 5',
    'DEPROVISIONING DETACHING 5',
    'STOPPED DELETED 5'
  ])
  const versions = [...seen.values()].map((t) => t.version!)
  expect(versions).toEqual([...versions].sort((a, b) => a - b))
  const end = seen.get('STOPPED')!
  const times = [
    end.createdAt,
    end.connectivityAt,
    end.pullStartedAt,
    end.pullStoppedAt,
    end.startedAt,
    end.executionStoppedAt,
    end.stoppedAt
  ].map((d) => d!.getTime())
  expect(times).toEqual([...times].sort((a, b) => a - b))
  expect(new Set(times).size).toBe(times.length)
  expect(end.stoppingAt!.getTime()).toBe(end.executionStoppedAt!.getTime())
  expect(end.attachments![0]!.details!.map((d) => d.name)).toEqual([
    'subnetId',
    'networkInterfaceId',
    'macAddress',
    'privateDnsName',
    'privateIPv4Address'
  ])
  expect(seen.get('PROVISIONING')!.containers![0]).toMatchObject({
    lastStatus: 'PROVISIONING',
    networkInterfaces: []
  })
  expect(seen.get('PROVISIONING')!.containers![0]!.imageDigest).toBeUndefined()
  expect(end).toMatchObject({ desiredStatus: 'STOPPED', stopCode: 'EssentialContainerExited' })
  expect(end.containers![0]).toMatchObject({ lastStatus: 'STOPPED', exitCode: 3 })
})

test('members of a task: runtime ids, storage, overrides, tags, capacity provider', async () => {
  const fargate = shop({
    targetGroup: null,
    taskDefinition: { ephemeralStorage: { sizeInGiB: 40 } },
    service: {
      desiredCount: 4,
      tags: [{ key: 'team', value: 'shop' }],
      extra: { propagateTags: 'SERVICE' },
      capacityProviderStrategy: [
        { capacityProvider: 'FARGATE', base: 1, weight: 1 },
        { capacityProvider: 'FARGATE_SPOT', weight: 2 }
      ]
    }
  })
  const { ecs } = await clients(fargate.world)
  const { taskArns } = await ecs.send(new ListTasksCommand({ cluster: 'c' }))
  const describe = async (more: object) =>
    (await ecs.send(new DescribeTasksCommand({ cluster: 'c', tasks: taskArns, ...more }))).tasks!
  const tasks = await describe({})
  const [first] = tasks
  expect(first).toMatchObject({
    launchType: 'FARGATE',
    platformVersion: '1.4.0',
    platformFamily: 'Linux',
    ephemeralStorage: { sizeInGiB: 40 },
    overrides: { containerOverrides: [{ name: 'app' }] },
    attributes: [{ name: 'ecs.cpu-architecture', value: 'x86_64' }],
    tags: []
  })
  const id = first!.taskArn!.split('/').at(-1)!
  expect(first!.containers![0]!.runtimeId).toMatch(new RegExp(`^${id}-\\d{10}$`))
  expect(tasks.map((t) => t.capacityProviderName).sort()).toEqual([
    'FARGATE',
    'FARGATE',
    'FARGATE_SPOT',
    'FARGATE_SPOT'
  ])
  expect((await describe({ include: ['TAGS'] }))[0]!.tags).toEqual([{ key: 'team', value: 'shop' }])
  const ec2 = onInstances()
  const other = await clients(ec2.world)
  const answer = await other.ecs.send(
    new DescribeTasksCommand({ cluster: 'c', tasks: [ec2.service.tasks[0]!.arn] })
  )
  const [onEc2] = answer.tasks!
  expect(onEc2!.containers![0]!.runtimeId).toMatch(/^[0-9a-f]{64}$/)
  expect(onEc2!.containers![0]!.networkBindings).toEqual([
    { bindIP: '0.0.0.0', containerPort: 80, hostPort: 32768, protocol: 'tcp' }
  ])
  expect(onEc2).toMatchObject({
    launchType: 'EC2',
    attachments: [],
    containerInstanceArn: ec2.instances[0]!.arn
  })
  expect(onEc2!.platformVersion).toBeUndefined()
})

test('EC2, host network: one task an instance and port, the third finds none', () => {
  const s = onInstances({ networkMode: 'host' })
  s.world.ecs.scale(s.service, 3)
  s.world.clock.advanceBy(60_000)
  expect(s.service.tasks.filter(alive)).toHaveLength(2)
  expect(messages(s.service).at(-1)).toMatch(
    /was unable to place a task because no container instance met all of its requirements\. The closest matching container-instance [0-9a-f]{32} is already using a port required by your task\.$/
  )
})

test('EC2, awsvpc: a network interface of its own, no host ports', async () => {
  const s = onInstances({ networkMode: 'awsvpc' })
  const { ecs } = await clients(s.world)
  const { tasks } = await ecs.send(
    new DescribeTasksCommand({ cluster: 'c', tasks: [s.service.tasks[0]!.arn] })
  )
  expect(tasks![0]!.attachments![0]).toMatchObject({ type: 'ElasticNetworkInterface', status: 'ATTACHED' })
  expect(tasks![0]!.containers![0]!.networkBindings).toEqual([])
  expect(tasks![0]!.containers![0]!.networkInterfaces).toHaveLength(1)
  expect(tasks![0]).toMatchObject({ launchType: 'EC2', containerInstanceArn: s.instances[0]!.arn })
})

test('EC2: an agent that is not heard of, and constraints', () => {
  const s = onInstances()
  s.world.ecs.disconnectAgent(s.instances[0]!.instanceId)
  s.world.ecs.disconnectAgent(s.instances[1]!.instanceId)
  s.world.ecs.scale(s.service, 3)
  s.world.clock.advanceBy(60_000)
  expect(messages(s.service).at(-1)).toMatch(
    /The closest matching container-instance [0-9a-f]{32} encountered error "AGENT"\.$/
  )
  s.world.ecs.disconnectAgent(s.instances[1]!.instanceId, true)
  s.world.clock.advanceBy(120_000)
  expect(s.service.tasks.filter(alive)).toHaveLength(3)
  const where = (expression: string) => {
    const one = onInstances({
      attributes: [{ disk: 'ssd' }, {}],
      definition: { placementConstraints: [{ type: 'memberOf', expression }] },
      service: { desiredCount: 0 }
    })
    one.world.ecs.scale(one.service, 2)
    one.world.clock.advanceBy(60_000)
    const placed = one.service.tasks as unknown as { instance: unknown }[]
    return placed.map((t) => one.instances.findIndex((i) => i === t.instance)).join(' ')
  }
  const apart = onInstances({
    definition: { placementConstraints: [{ type: 'distinctInstance' }] },
    service: { desiredCount: 0 }
  })
  apart.world.ecs.scale(apart.service, 3)
  apart.world.clock.advanceBy(60_000)
  expect(apart.service.tasks).toHaveLength(2)
  expect(where('attribute:disk == ssd')).toBe('0 0')
  expect(where('attribute:disk != ssd')).toBe('1 1')
  expect(where('attribute:ecs.availability-zone in [us-west-2b, us-west-2c]')).toBe('1 1')
  expect(where('attribute:disk exists and attribute:ecs.availability-zone == us-west-2b')).toBe('')
})

test('EC2: a draining instance takes no task, and those of services move when their replacements are healthy', async () => {
  const s = onInstances({ service: { desiredCount: 4 } })
  const { ecs } = await clients(s.world)
  const [draining] = s.instances
  const answer = await ecs.send(
    new UpdateContainerInstancesStateCommand({
      cluster: 'c',
      containerInstances: [draining!.arn],
      status: 'DRAINING'
    })
  )
  expect(answer.containerInstances).toMatchObject([{ status: 'DRAINING', runningTasksCount: 2 }])
  let fewest = 4
  for (let i = 0; i < 300; i++) {
    s.world.clock.advanceBy(1000)
    fewest = Math.min(fewest, s.service.tasks.filter((t) => t.healthy).length)
  }
  expect(fewest).toBe(4)
  const { containerInstances } = await ecs.send(
    new DescribeContainerInstancesCommand({ cluster: 'c', containerInstances: s.instances.map((i) => i.arn) })
  )
  expect(containerInstances!.map((i) => i.runningTasksCount)).toEqual([0, 4])
  const moved = s.service.tasks.filter((t) => !alive(t))
  expect(moved.map((t) => t.stopCode)).toEqual(['ServiceSchedulerInitiated', 'ServiceSchedulerInitiated'])
  expect(moved[0]!.stoppedReason).toMatch(/^Scaling activity initiated by /)
  expect(messages(s.service).some((m) => m.includes('unhealthy'))).toBe(false)
  expect(s.service.primary.failedTasks).toBe(0)
  const { containerInstanceArns } = await ecs.send(
    new ListContainerInstancesCommand({ cluster: 'c', status: 'DRAINING' })
  )
  expect(containerInstanceArns).toEqual([draining!.arn])
})

test('EC2: an instance that is stopped, terminated or deregistered by force; its tasks are replaced elsewhere', () => {
  const gone = (how: (s: ReturnType<typeof onInstances>, id: string) => void) => {
    const s = onInstances()
    const [first] = s.service.tasks
    how(s, s.instances[0]!.instanceId)
    s.world.clock.advanceBy(120_000)
    expect(s.service.tasks.filter((t) => t.status === 'RUNNING')).toHaveLength(2)
    return `${first!.stopCode!}: ${first!.stoppedReason!.replace(/i-[0-9a-f]{17}/, 'I')}`
  }
  expect(gone((s, id) => s.world.ecs.loseHost(id, 'stopped'))).toBe(
    'TerminationNotice: Host EC2 (instance I) stopped.'
  )
  expect(gone((s, id) => s.world.ecs.loseHost(id))).toBe(
    'TerminationNotice: Host EC2 (instance I) terminated.'
  )
  expect(gone((s, id) => s.world.ecs.deregisterInstance(id))).toBe(
    'UserInitiated: Container instance deregistration forced by user'
  )
})

test('RunTask: tasks of no service: startedBy, group, overrides, tags; nobody replaces them', async () => {
  const s = shop({ targetGroup: null })
  const job = s.define(s.repository.push({ behaviour: { exits: { code: 0, after: 20 } } }).uri)
  const { ecs } = await clients(s.world)
  const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-1'] } }
  const { tasks, failures } = await ecs.send(
    new RunTaskCommand({
      cluster: 'c',
      taskDefinition: job.ref,
      count: 2,
      launchType: 'FARGATE',
      startedBy: 'nightly',
      networkConfiguration,
      tags: [{ key: 'k', value: 'v' }],
      overrides: { containerOverrides: [{ name: 'app', command: ['migrate'] }] }
    })
  )
  expect(failures).toEqual([])
  expect(tasks).toHaveLength(2)
  expect(tasks![0]).toMatchObject({
    startedBy: 'nightly',
    group: 'family:shop',
    lastStatus: 'PROVISIONING',
    overrides: { containerOverrides: [{ name: 'app', command: ['migrate'] }] },
    tags: [{ key: 'k', value: 'v' }]
  })
  const list = async (more: object) =>
    (await ecs.send(new ListTasksCommand({ cluster: 'c', ...more }))).taskArns!
  expect(await list({ startedBy: 'nightly' })).toEqual(tasks!.map((t) => t.taskArn))
  expect(await list({ family: 'shop' })).toHaveLength(3)
  expect(await list({ serviceName: 'shop' })).toHaveLength(1)
  s.world.clock.advanceBy(45_000)
  await ecs.send(new StopTaskCommand({ cluster: 'c', task: tasks![1]!.taskArn, reason: 'enough' }))
  s.world.clock.advanceBy(120_000)
  const ended = await ecs.send(
    new DescribeTasksCommand({ cluster: 'c', tasks: tasks!.map((t) => t.taskArn!) })
  )
  expect(ended.tasks!.map((t) => [t.lastStatus, t.stopCode, t.stoppedReason])).toEqual([
    ['STOPPED', 'EssentialContainerExited', 'Essential container in task exited'],
    ['STOPPED', 'UserInitiated', 'enough']
  ])
  expect(await list({ startedBy: 'nightly' })).toEqual([])
  s.world.clock.advanceBy(3_600_000)
  expect(
    (await ecs.send(new DescribeTasksCommand({ cluster: 'c', tasks: [tasks![0]!.taskArn!] }))).failures
  ).toEqual([{ arn: tasks![0]!.taskArn, reason: 'MISSING' }])
})

test('RunTask refuses and fails: RESOURCE, AGENT, constraint, inactive, no instances', async () => {
  const s = onInstances({ networkMode: 'host', service: { desiredCount: 0 } })
  const { ecs } = await clients(s.world)
  const run = async (taskDefinition: string, count = 1) =>
    (await ecs.send(new RunTaskCommand({ cluster: 'c', taskDefinition, count }))).failures!.map(
      (f) => f.reason
    )
  const web = s.define()
  expect(await run(web.ref, 3)).toEqual(['RESOURCE:PORTS'])
  expect(await run(s.define({ cpu: '4096', networkMode: 'bridge' }).ref)).toEqual(['RESOURCE:CPU'])
  expect(await run(s.define({ memory: '9000', networkMode: 'bridge' }).ref)).toEqual(['RESOURCE:MEMORY'])
  const nowhere = { placementConstraints: [{ type: 'memberOf', expression: 'attribute:gpu exists' }] }
  expect(await run(s.define(nowhere).ref)).toEqual(['MemberOf placement constraint unsatisfied.'])
  for (const i of s.instances) s.world.ecs.disconnectAgent(i.instanceId)
  expect(await run(web.ref)).toEqual(['AGENT'])
  expect((await refusal(run(web.ref, 11))).name).toBe('InvalidParameterException')
  s.world.ecs.deregister(web.ref)
  expect(await refusal(run(web.ref))).toMatchObject({
    name: 'InvalidParameterException',
    message: 'TaskDefinition is inactive'
  })
  const other = s.define()
  for (const i of s.instances) s.world.ecs.loseHost(i.instanceId)
  expect((await refusal(run(other.ref))).message).toBe('No Container Instances were found in your cluster.')
})

test('RunTask: what fails to start is told by the task alone', async () => {
  const s = shop({ targetGroup: null })
  const bad = s.define(s.repository.push({ behaviour: { fails: 'secret-denied' } }).uri)
  const none = s.define(s.repository.push({ behaviour: { fails: 'no-capacity' } }).uri)
  const before = messages(s.service)
  const { ecs } = await clients(s.world)
  const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-1'] } }
  const run = (taskDefinition: string) =>
    ecs.send(
      new RunTaskCommand({ cluster: 'c', taskDefinition, launchType: 'FARGATE', networkConfiguration })
    )
  expect((await run(none.ref)).failures).toEqual([
    {
      reason:
        'Capacity is unavailable at this time. Please try again later or in a different availability zone.'
    }
  ])
  const { tasks } = await run(bad.ref)
  s.world.clock.advanceBy(120_000)
  const ended = await ecs.send(new DescribeTasksCommand({ cluster: 'c', tasks: [tasks![0]!.taskArn!] }))
  expect(ended.tasks![0]).toMatchObject({ lastStatus: 'STOPPED', stopCode: 'TaskFailedToStart' })
  expect(messages(s.service)).toEqual(before)
})

test('ListTasks STOPPED holds tasks that are only told to stop; startedBy finds those of one deployment', async () => {
  const s = shop({ targetGroup: { deregistrationDelaySeconds: 300 } })
  const { ecs } = await clients(s.world)
  const old = s.service.primary.id
  const deployment = s.deploy()
  const [first] = s.service.tasks
  until(s.world, () => first!.status === 'DEACTIVATING')
  const list = async (more: object) =>
    (await ecs.send(new ListTasksCommand({ cluster: 'c', ...more }))).taskArns!
  expect(await list({ serviceName: 'shop', desiredStatus: 'STOPPED' })).toEqual([first!.arn])
  const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster: 'c', tasks: [first!.id] }))
  expect(tasks![0]).toMatchObject({ desiredStatus: 'STOPPED', lastStatus: 'DEACTIVATING' })
  expect(await list({ startedBy: old })).toEqual([])
  expect(await list({ startedBy: deployment.id })).toEqual([s.service.tasks[1]!.arn])
  expect(await list({ desiredStatus: 'PENDING' })).toEqual([])
})
