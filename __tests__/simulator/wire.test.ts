import {
  DescribeClustersCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ExecuteCommandCommand,
  ListServiceDeploymentsCommand,
  ListTagsForResourceCommand,
  ListTasksCommand,
  paginateListServices,
  paginateListTaskDefinitions,
  paginateListTasks,
  RegisterTaskDefinitionCommand,
  StopTaskCommand,
  TagResourceCommand,
  UpdateServiceCommand
} from '@aws-sdk/client-ecs'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { expect, test } from '@jest/globals'
import { ShapeError, answerToJson } from '../../simulator/wire/validate.js'
import { schemasOf } from '../../simulator/wire/schemas.js'
import { breaker, clients, refusal, shop, until } from './support.js'

const where = { cluster: 'c', services: ['shop'] }

test('a rollout through the real SDK: update, watch, completed', async () => {
  const s = shop()
  const { ecs, server } = await clients(s.world)
  const v2 = s.repository.push()
  const { taskDefinition, tags } = await ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: 'shop', include: ['TAGS'] })
  )
  expect(tags).toEqual([])
  const registered = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: taskDefinition!.family,
      networkMode: taskDefinition!.networkMode,
      requiresCompatibilities: taskDefinition!.requiresCompatibilities,
      cpu: taskDefinition!.cpu,
      memory: taskDefinition!.memory,
      containerDefinitions: [{ ...taskDefinition!.containerDefinitions![0]!, image: v2.uri }]
    })
  )
  expect(registered.taskDefinition!.revision).toBe(2)
  const updated = await ecs.send(
    new UpdateServiceCommand({
      cluster: 'c',
      service: 'shop',
      taskDefinition: registered.taskDefinition!.taskDefinitionArn
    })
  )
  const mine = updated.service!.deployments![0]!
  expect(mine).toMatchObject({
    status: 'PRIMARY',
    rolloutState: 'IN_PROGRESS',
    failedTasks: 0,
    desiredCount: 1
  })
  expect(mine.id).toMatch(/^ecs-svc\/\d{19}$/)
  expect(mine.createdAt!.getTime()).toBe(s.world.clock.now())
  s.world.clock.advanceBy(180_000)
  const { services } = await ecs.send(new DescribeServicesCommand(where))
  expect(services![0]!.deployments).toHaveLength(1)
  expect(services![0]!.deployments![0]).toMatchObject({
    id: mine.id,
    rolloutState: 'COMPLETED',
    runningCount: 1
  })
  expect(services![0]!.events![0]!.message).toBe('(service shop) has reached a steady state.')
  expect(server.journal.writes().map((e) => e.operation)).toEqual(['RegisterTaskDefinition', 'UpdateService'])
})

test('tasks over the wire: startedBy, group, ENI, container and stop fields', async () => {
  const s = shop()
  const { ecs } = await clients(s.world)
  s.deploy()
  s.world.clock.advanceBy(240_000)
  const listed = await ecs.send(
    new ListTasksCommand({ cluster: 'c', serviceName: 'shop', desiredStatus: 'STOPPED' })
  )
  const running = await ecs.send(new ListTasksCommand({ cluster: 'c', startedBy: s.service.primary.id }))
  const { tasks, failures } = await ecs.send(
    new DescribeTasksCommand({
      cluster: 'c',
      tasks: [...listed.taskArns!, ...running.taskArns!, 'f'.repeat(32)]
    })
  )
  const [old, fresh] = tasks!
  expect(failures).toEqual([
    { arn: `arn:aws:ecs:us-west-2:043309339649:task/c/${'f'.repeat(32)}`, reason: 'MISSING' }
  ])
  expect(old).toMatchObject({
    lastStatus: 'STOPPED',
    desiredStatus: 'STOPPED',
    stopCode: 'ServiceSchedulerInitiated'
  })
  expect(old!.containers![0]).toMatchObject({ lastStatus: 'STOPPED', exitCode: 0 })
  expect(fresh).toMatchObject({
    group: 'service:shop',
    startedBy: s.service.primary.id,
    lastStatus: 'RUNNING',
    healthStatus: 'UNKNOWN',
    launchType: 'FARGATE',
    platformVersion: '1.4.0'
  })
  const eni = fresh!.attachments![0]!
  const ip = eni.details!.find((d) => d.name === 'privateIPv4Address')!.value
  expect(eni).toMatchObject({ type: 'ElasticNetworkInterface', status: 'ATTACHED' })
  expect(fresh!.containers![0]!.networkInterfaces).toEqual([{ attachmentId: eni.id, privateIpv4Address: ip }])
  expect(fresh!.containers![0]!.imageDigest).toMatch(/^sha256:[0-9a-f]{64}$/)
  expect(fresh!.createdAt! < fresh!.pullStartedAt!).toBe(true)
  expect(fresh!.pullStoppedAt! < fresh!.startedAt!).toBe(true)
})

test('paging: five at a time, so every paginator has to turn pages', async () => {
  const s = shop({ service: { desiredCount: 12 } })
  const { ecs, server } = await clients(s.world)
  const seen: string[] = []
  for await (const page of paginateListTasks({ client: ecs }, { cluster: 'c', serviceName: 'shop' })) {
    expect(page.taskArns!.length).toBeLessThanOrEqual(5)
    seen.push(...page.taskArns!)
  }
  expect(new Set(seen).size).toBe(12)
  expect(server.journal.of('ListTasks')).toHaveLength(3)
  for (let i = 0; i < 6; i++) s.define(s.image.uri)
  const arns: string[] = []
  for await (const page of paginateListTaskDefinitions(
    { client: ecs },
    { familyPrefix: 'shop', sort: 'DESC' }
  ))
    arns.push(...page.taskDefinitionArns!)
  expect(arns.map((a) => a.split(':').at(-1))).toEqual(['7', '6', '5', '4', '3', '2', '1'])
  const services: string[] = []
  for await (const page of paginateListServices({ client: ecs }, { cluster: 'c' }))
    services.push(...page.serviceArns!)
  expect(services).toEqual([s.service.arn])
})

test('refusals: who and what does not exist', async () => {
  const s = shop()
  const { ecs } = await clients(s.world)
  expect(await refusal(ecs.send(new DescribeServicesCommand({ ...where, cluster: 'nope' })))).toMatchObject({
    name: 'ClusterNotFoundException',
    status: 400
  })
  expect(
    (await ecs.send(new DescribeServicesCommand({ cluster: 'c', services: ['nope'] }))).failures
  ).toEqual([{ arn: 'arn:aws:ecs:us-west-2:043309339649:service/c/nope', reason: 'MISSING' }])
  expect((await ecs.send(new DescribeClustersCommand({ clusters: ['c', 'nope'] }))).failures).toHaveLength(1)
  expect(await refusal(ecs.send(new UpdateServiceCommand({ cluster: 'c', service: 'nope' })))).toMatchObject({
    name: 'ServiceNotFoundException'
  })
  expect(await refusal(ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'nope' })))).toEqual({
    name: 'ClientException',
    message: 'Unable to describe task definition.',
    status: 400
  })
  expect(await refusal(ecs.send(new StopTaskCommand({ cluster: 'c', task: 'nope' })))).toMatchObject({
    name: 'InvalidParameterException'
  })
})

test('refusals: more than 10 services, more than 100 tasks, startedBy with another filter', async () => {
  const s = shop()
  const { ecs } = await clients(s.world)
  const many = (n: number) => Array.from({ length: n }, (_, i) => `x${i}`)
  const name = 'InvalidParameterException'
  expect(
    await refusal(ecs.send(new DescribeServicesCommand({ cluster: 'c', services: many(11) })))
  ).toMatchObject({ name })
  expect(await refusal(ecs.send(new DescribeTasksCommand({ cluster: 'c', tasks: many(101) })))).toMatchObject(
    { name }
  )
  expect(
    await refusal(ecs.send(new ListTasksCommand({ cluster: 'c', startedBy: 'x', desiredStatus: 'STOPPED' })))
  ).toMatchObject({ name })
})

test('an INACTIVE task definition is described but refused by UpdateService', async () => {
  const s = shop()
  const { ecs } = await clients(s.world)
  const second = s.define(s.image.uri)
  s.world.ecs.deregister(second.ref)
  const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: second.ref }))
  expect(taskDefinition!.status).toBe('INACTIVE')
  expect(
    await refusal(
      ecs.send(new UpdateServiceCommand({ cluster: 'c', service: 'shop', taskDefinition: second.arn }))
    )
  ).toEqual({ name: 'ClientException', message: 'TaskDefinition is inactive', status: 400 })
  expect(s.define(s.image.uri).revision).toBe(3)
})

test('a service that is not ACTIVE refuses updates; CODE_DEPLOY has no deployments', async () => {
  const s = shop()
  const common = { cluster: 'c', taskDefinition: s.define(s.image.uri), desiredCount: 0 }
  s.world.ecs.service({ ...common, name: 'gone', status: 'INACTIVE' })
  s.world.ecs.service({ ...common, name: 'leaving', status: 'DRAINING' })
  s.world.ecs.service({ ...common, name: 'blue', controller: 'CODE_DEPLOY' })
  const { ecs } = await clients(s.world)
  for (const service of ['gone', 'leaving'])
    expect(
      await refusal(ecs.send(new UpdateServiceCommand({ cluster: 'c', service, desiredCount: 1 })))
    ).toMatchObject({
      name: 'ServiceNotActiveException'
    })
  const { services } = await ecs.send(
    new DescribeServicesCommand({ cluster: 'c', services: ['gone', 'leaving', 'blue'] })
  )
  expect(services!.map((x) => x.status)).toEqual(['INACTIVE', 'DRAINING', 'ACTIVE'])
  expect(services![0]).toMatchObject({ deployments: [], desiredCount: 0, runningCount: 0 })
  expect(services![2]).toMatchObject({
    deploymentController: { type: 'CODE_DEPLOY' },
    deployments: [],
    taskSets: []
  })
})

test('UpdateService makes a deployment for deploy-relevant members only', async () => {
  const s = shop()
  const { ecs } = await clients(s.world)
  const before = s.service.primary.id
  const update = async (members: object) =>
    (await ecs.send(new UpdateServiceCommand({ cluster: 'c', service: 'shop', ...members }))).service!
      .deployments![0]!.id
  expect(await update({ desiredCount: 2 })).toBe(before)
  expect(await update({ deploymentConfiguration: { maximumPercent: 150 } })).toBe(before)
  expect(await update({ healthCheckGracePeriodSeconds: 30 })).toBe(before)
  expect(await update({ taskDefinition: 'shop:1' })).toBe(before)
  const forced = await update({ forceNewDeployment: true })
  expect(forced).not.toBe(before)
  expect(await update({ platformVersion: '1.4.0' })).not.toBe(forced)
})

test('task definitions: defaults are filled in, unknown members survive, response-only members are refused', async () => {
  const s = shop()
  const { ecs, server } = await clients(s.world)
  const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'shop:1' }))
  expect(taskDefinition).toMatchObject({ status: 'ACTIVE', compatibilities: ['EC2', 'FARGATE'], volumes: [] })
  expect(taskDefinition!.containerDefinitions![0]).toMatchObject({
    cpu: 0,
    essential: true,
    environment: [],
    mountPoints: [],
    volumesFrom: [],
    portMappings: [{ containerPort: 8080, hostPort: 8080, protocol: 'tcp' }]
  })
  const raw = async (operation: string, body: unknown) => {
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { 'x-amz-target': `AmazonEC2ContainerServiceV20141113.${operation}` },
      body: JSON.stringify(body)
    })
    return (await response.json()) as Record<string, never>
  }
  const container = { name: 'app', image: 'nginx', memory: 128, brandNew: { deep: [1] } }
  await raw('RegisterTaskDefinition', { family: 'future', containerDefinitions: [container], alsoNew: true })
  const described = await raw('DescribeTaskDefinition', { taskDefinition: 'future' })
  expect(described).toMatchObject({
    taskDefinition: { alsoNew: true, containerDefinitions: [{ brandNew: { deep: [1] } }], revision: 1 }
  })
  expect(
    await raw('RegisterTaskDefinition', { family: 'future', containerDefinitions: [container], revision: 7 })
  ).toMatchObject({ __type: 'ClientException' })
  expect(await raw('DescribeServices', { services: ['shop'], cluster: 'c', typo: 1 })).toMatchObject({
    __type: 'InvalidParameterException',
    message: 'Unknown parameter in input: "typo"'
  })
  expect(await raw('DescribeServices', { cluster: 'c' })).toMatchObject({
    __type: 'InvalidParameterException'
  })
  expect(await raw('DescribeServices', { services: 'shop' })).toMatchObject({
    __type: 'SerializationException'
  })
})

test('tags: only with include TAGS, and writable', async () => {
  const s = shop({ service: { tags: [{ key: 'team', value: 'a' }] } })
  const { ecs } = await clients(s.world)
  expect((await ecs.send(new DescribeServicesCommand(where))).services![0]!.tags).toBeUndefined()
  await ecs.send(new TagResourceCommand({ resourceArn: s.service.arn, tags: [{ key: 'team', value: 'b' }] }))
  const { services } = await ecs.send(new DescribeServicesCommand({ ...where, include: ['TAGS'] }))
  expect(services![0]!.tags).toEqual([{ key: 'team', value: 'b' }])
  expect((await ecs.send(new ListTagsForResourceCommand({ resourceArn: s.service.arn }))).tags).toEqual([
    { key: 'team', value: 'b' }
  ])
})

test('service deployments: target revision, status, failure count and rollback', async () => {
  const s = shop({ service: { circuitBreaker: breaker } })
  const { ecs } = await clients(s.world)
  const old = s.service.primary.id
  const bad = s.deploy({ behaviour: { exits: { code: 1, after: 0 } } })
  s.world.clock.advanceBy(62_000)
  const list = async () =>
    (await ecs.send(new ListServiceDeploymentsCommand({ cluster: 'c', service: 'shop' }))).serviceDeployments!
  const [mine] = await list()
  expect(mine!.targetServiceRevisionArn).toBe(
    `arn:aws:ecs:us-west-2:043309339649:service-revision/c/shop/${bad.id.replace('ecs-svc/', '')}`
  )
  const describe = async () =>
    (
      await ecs.send(
        new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [mine!.serviceDeploymentArn!] })
      )
    ).serviceDeployments![0]!
  expect(await describe()).toMatchObject({
    status: 'IN_PROGRESS',
    deploymentCircuitBreaker: { status: 'MONITORING', failureCount: 1, threshold: 3 }
  })
  until(s.world, () => bad.rolloutState === 'FAILED')
  expect(await describe()).toMatchObject({
    status: 'ROLLBACK_IN_PROGRESS',
    statusReason: 'Service deployment rolled back because the circuit breaker threshold was exceeded.',
    deploymentCircuitBreaker: { status: 'TRIGGERED', failureCount: 3 },
    rollback: { serviceRevisionArn: expect.stringContaining(old.replace('ecs-svc/', '')) }
  })
  until(s.world, () => s.service.primary.rolloutState === 'COMPLETED')
  expect((await list()).map((d) => d.status)).toEqual(['ROLLBACK_SUCCESSFUL', 'SUCCESSFUL'])
  const { services } = await ecs.send(new DescribeServicesCommand(where))
  expect(services![0]!.currentServiceRevisions).toMatchObject([
    { requestedTaskCount: 1, runningTaskCount: 1 }
  ])
})

test('an operation that is not played is an error that names it', async () => {
  const s = shop()
  const { ecs, server } = await clients(s.world)
  const call = ecs.send(
    new ExecuteCommandCommand({ cluster: 'c', command: 'sh', interactive: true, task: 'x' })
  )
  expect(await refusal(call)).toMatchObject({
    name: 'UnknownOperationException',
    message: 'The simulator does not play ecs:ExecuteCommand'
  })
  const other = await fetch(server.url, {
    method: 'POST',
    headers: { 'x-amz-target': 'CodeDeploy_20141006.GetDeployment' }
  })
  expect(await other.json()).toMatchObject({
    message: 'The simulator does not play CodeDeploy_20141006:GetDeployment'
  })
  const query = await fetch(server.url, {
    method: 'POST',
    body: new URLSearchParams({ Action: 'DescribeSubnets' })
  })
  expect(await query.text()).toContain(':DescribeSubnets</Message>')
  expect(server.journal.entries.map((e) => e.operation)).toEqual([
    'ExecuteCommand',
    'GetDeployment',
    'DescribeSubnets'
  ])
})

test('an answer with an unknown member or a wrong type is thrown, never sent', () => {
  const { output } = schemasOf('ecs', 'DescribeServices')!
  expect(() => answerToJson(output, { services: [{ servceName: 'x' }] })).toThrow(ShapeError)
  expect(() => answerToJson(output, { services: [{ desiredCount: '1' }] })).toThrow(
    /desiredCount: not a number/
  )
  expect(() => answerToJson(output, { services: [{ createdAt: 5 }] })).toThrow(/not a Date/)
})

test('STS says who is calling', async () => {
  const s = shop()
  const { sts } = await clients(s.world)
  expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: '043309339649' })
})

test('control route: time moves by it and by nothing else, the journal is readable', async () => {
  const s = shop()
  const { ecs, server } = await clients(s.world)
  await ecs.send(new DescribeServicesCommand(where))
  const now = async () =>
    ((await (await fetch(`${server.url}/_simulator/now`)).json()) as { now: number }).now
  const start = await now()
  const moved = await fetch(`${server.url}/_simulator/advance`, {
    method: 'POST',
    body: JSON.stringify({ by: 5000 })
  })
  expect(await moved.json()).toEqual({ now: start + 5000 })
  await fetch(`${server.url}/_simulator/advance`, {
    method: 'POST',
    body: JSON.stringify({ to: start + 9000 })
  })
  expect(await now()).toBe(start + 9000)
  const journal = (await (await fetch(`${server.url}/_simulator/journal`)).json()) as { operation: string }[]
  expect(journal.map((e) => e.operation)).toEqual(['DescribeServices'])
})

test('control route: what is no time is refused, and time stays where it is', async () => {
  const s = shop()
  const { server } = await clients(s.world)
  const bodies = ['', 'x', '[]', 'null', '{}', '{"by":"x"}', '{"by":null}', '{"by":1e300}', '{"to":"2027"}']
  for (const body of bodies) {
    const { status } = await fetch(`${server.url}/_simulator/advance`, { method: 'POST', body })
    expect([body, status]).toEqual([body, 400])
  }
  expect(() => s.world.clock.advanceBy(NaN)).toThrow(RangeError)
  expect(s.world.clock.now()).toBe(s.start)
})

test('scaled pace: virtual time runs with the real clock, faster', async () => {
  const s = shop()
  const { ecs } = await clients(s.world, { pace: { kind: 'scaled', speed: 100_000 } })
  s.deploy()
  while (s.service.primary.rolloutState !== 'COMPLETED') await ecs.send(new DescribeServicesCommand(where))
  expect(s.world.clock.now()).toBeGreaterThan(s.start + 100_000)
})
