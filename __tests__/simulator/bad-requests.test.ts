/** Requests that cannot be: refused as AWS refuses, and nothing has changed. */
import {
  CreateServiceCommand,
  DescribeClustersCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  StopTaskCommand,
  UpdateServiceCommand,
  type UpdateServiceCommandInput
} from '@aws-sdk/client-ecs'
import { expect, test } from '@jest/globals'
import { clients, refusal, shop } from './support.js'

/** Any JSON to any operation, as no SDK would send it. */
async function send(url: string, target: string, body: unknown): Promise<{ status: number; answer: Json }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.1' },
    body: typeof body === 'string' ? body : JSON.stringify(body)
  })
  return { status: response.status, answer: (await response.json()) as Json }
}

type Json = Record<string, unknown>
const ecsTarget = (operation: string) => `AmazonEC2ContainerServiceV20141113.${operation}`
const network = { awsvpcConfiguration: { subnets: ['subnet-0aaa1111bbb2222cc'], securityGroups: ['sg-1'] } }

/** Every way to put `value` somewhere into a request. */
function* spoilt(good: unknown, value: unknown): Generator {
  yield value
  if (Array.isArray(good))
    for (let i = 0; i < good.length; i++) for (const bad of spoilt(good[i], value)) yield good.with(i, bad)
  else if (typeof good === 'object' && good !== null)
    for (const [name, member] of Object.entries(good))
      for (const bad of spoilt(member, value)) yield { ...good, [name]: bad }
}

test('null is a member that was not given; in a list, or instead of a structure, it is refused', async () => {
  const { world, service } = shop({ service: { desiredCount: 2 } })
  const { server } = await clients(world)
  const given = {
    cluster: 'c',
    service: 'shop',
    taskDefinition: null,
    desiredCount: null,
    deploymentConfiguration: { alarms: null, deploymentCircuitBreaker: null, maximumPercent: 150 },
    networkConfiguration: null,
    forceNewDeployment: null
  }
  const { status, answer } = await send(server.url, ecsTarget('UpdateService'), given)
  expect(status).toBe(200)
  expect(answer.service).toMatchObject({ desiredCount: 2, deploymentConfiguration: { maximumPercent: 150 } })
  expect(service.deployments).toHaveLength(1)
  for (const bad of [
    'null',
    '[]',
    '7',
    '{',
    { cluster: 'c', services: [null] },
    { cluster: 'c', services: [] }
  ])
    expect((await send(server.url, ecsTarget('DescribeServices'), bad)).status).toBe(400)
  for (const operation of ['constructor', '__proto__', ''])
    expect((await send(server.url, ecsTarget(operation), {})).answer.__type).toBe('UnknownOperationException')
})

test('whatever is wrong in a request: no answer is a 500, and a refusal changes nothing', async () => {
  const { world, service, targetGroup } = shop({ service: { desiredCount: 2 } })
  world.cloudwatch.alarm('a')
  world.logs.group('/g')
  const { server } = await clients(world, { limits: false })
  const [task] = service.tasks
  const requests: Record<string, Json> = {
    [ecsTarget('DescribeServices')]: { cluster: 'c', services: ['shop'], include: ['TAGS'] },
    [ecsTarget('UpdateService')]: {
      cluster: 'c',
      service: 'shop',
      taskDefinition: 'shop:1',
      desiredCount: 2,
      healthCheckGracePeriodSeconds: 0,
      deploymentConfiguration: {
        maximumPercent: 200,
        deploymentCircuitBreaker: {
          enable: true,
          rollback: true,
          thresholdConfiguration: { type: 'COUNT', value: 3 }
        },
        alarms: { alarmNames: ['a'], enable: true, rollback: true },
        earlySuccessCriteria: { enable: false, healthyPercent: 100, sourceServiceRevisionCleanup: 'BLOCKING' }
      },
      networkConfiguration: network,
      loadBalancers: [{ targetGroupArn: targetGroup!.arn, containerName: 'app', containerPort: 8080 }],
      capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1, base: 0 }],
      propagateTags: 'NONE'
    },
    [ecsTarget('RunTask')]: {
      cluster: 'c',
      taskDefinition: 'shop:1',
      count: 1,
      launchType: 'FARGATE',
      networkConfiguration: network,
      overrides: { containerOverrides: [{ name: 'app', command: ['x'] }] },
      tags: [{ key: 'a', value: 'b' }]
    },
    [ecsTarget('ListTasks')]: { cluster: 'c', serviceName: 'shop', desiredStatus: 'RUNNING', maxResults: 5 },
    [ecsTarget('DescribeTasks')]: { cluster: 'c', tasks: [task!.arn], include: ['TAGS'] },
    [ecsTarget('StopTask')]: { cluster: 'c', task: 'unknown', reason: 'r' },
    [ecsTarget('UpdateTaskProtection')]: { cluster: 'c', tasks: [task!.id], protectionEnabled: false },
    [ecsTarget('ListServiceDeployments')]: {
      service: 'shop',
      cluster: 'c',
      status: ['SUCCESSFUL'],
      createdAt: { before: 1e10, after: 0 },
      nextToken: Buffer.from('page 0').toString('base64')
    },
    [ecsTarget('StopServiceDeployment')]: { serviceDeploymentArn: 'arn:unknown', stopType: 'ROLLBACK' },
    'Logs_20140328.FilterLogEvents': { logGroupName: '/g', filterPattern: 'x', limit: 3, startTime: 0 },
    'GraniteServiceVersion20100801.DescribeAlarms': { AlarmNames: ['a'], MaxRecords: 3, StateValue: 'OK' }
  }
  const hostile = '::set-output name=x::y\n\u001b[31m'
  const values = [
    null,
    '',
    -1,
    1.5,
    1e12,
    true,
    [],
    {},
    [null],
    'arn:aws:ecs:eu-west-1:1:service/c/s',
    hostile
  ]
  for (const [target, good] of Object.entries(requests))
    for (const value of values)
      for (const bad of spoilt(good, value)) {
        const before = visible(service)
        const { status, answer } = await send(server.url, target, bad)
        expect([200, 400]).toContain(status)
        if (status === 400)
          expect([bad, answer.__type, visible(service)]).toEqual([bad, answer.__type, before])
      }
  expect(server.violations).toEqual([])
  world.clock.advanceBy(3_600_000)
})

/** What may not move by a refusal. */
function visible(service: ReturnType<typeof shop>['service']): unknown {
  const held = service as unknown as Json & { deploymentExtras: Json }
  const names = ['desiredCount', 'minimumHealthyPercent', 'maximumPercent', 'deploymentExtras', 'breaker']
  const more = [
    'networkConfiguration',
    'extra',
    'gracePeriodSeconds',
    'capacityProviderStrategy',
    'unsettled'
  ]
  return JSON.stringify([service.deployments.length, [...names, ...more].map((name) => held[name])])
}

test('values beyond quotas and enumerations are refused: tasks, subnets, groups, percentages, words', async () => {
  const { world, service } = shop({ service: { desiredCount: 2 } })
  const { ecs } = await clients(world)
  const update = async (given: Partial<UpdateServiceCommandInput>) => {
    const { name, message } = await refusal(
      ecs.send(new UpdateServiceCommand({ cluster: 'c', service: 'shop', ...given }))
    )
    return `${name}: ${message}`
  }
  const vpc = (subnets: number, securityGroups: number) => ({
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: Array.from({ length: subnets }, (_, i) => `subnet-${i}`),
        securityGroups: Array.from({ length: securityGroups }, (_, i) => `sg-${i}`)
      }
    }
  })
  const says = 'InvalidParameterException: '
  expect(await update({ desiredCount: 5001 })).toBe(`${says}desiredCount cannot be more than 5000.`)
  expect(await update({ desiredCount: -1 })).toBe(`${says}desiredCount cannot be negative.`)
  expect(await update({ desiredCount: 1.5 })).toMatch(/^SerializationException/)
  expect(await update({ desiredCount: 3e9 })).toMatch(/^SerializationException/)
  expect(await update({ networkConfiguration: {} })).toMatch(
    /^InvalidParameterException: Network Configuration/
  )
  expect(await update(vpc(0, 1))).toBe(`${says}subnets can not be empty.`)
  expect(await update(vpc(17, 1))).toBe(`${says}subnets cannot be more than 16.`)
  expect(await update(vpc(1, 6))).toBe(`${says}securityGroups cannot be more than 5.`)
  expect(await update({ deploymentConfiguration: { maximumPercent: 100, minimumHealthyPercent: 100 } })).toBe(
    `${says}Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.`
  )
  expect(await update({ propagateTags: 'ALL' as 'NONE' })).toMatch(
    /^InvalidParameterException: 1 validation error detected: Value 'ALL' at 'propagateTags' failed to satisfy constraint: Member must satisfy enum value set/
  )
  const none = { type: 'COUNT', value: 0 } as const
  const breaker = { enable: true, rollback: true, thresholdConfiguration: none }
  expect(await update({ deploymentConfiguration: { deploymentCircuitBreaker: breaker } })).toMatch(
    /less than 1/
  )
  expect(await refusal(ecs.send(new ListTasksCommand({ cluster: 'c', maxResults: 101 })))).toMatchObject({
    name: 'InvalidParameterException'
  })
  expect(await refusal(ecs.send(new ListTasksCommand({ cluster: 'c', nextToken: '!' })))).toMatchObject({
    name: 'InvalidParameterException'
  })
  const run = { cluster: 'c', taskDefinition: 'shop', launchType: 'FARGATE' } as const
  expect(
    await refusal(ecs.send(new RunTaskCommand({ ...run, count: 0, networkConfiguration: network })))
  ).toMatchObject({ name: 'InvalidParameterException' })
  const strange = { family: '::warning::x', containerDefinitions: [{ name: 'a', image: 'b', memory: 8 }] }
  expect(await refusal(ecs.send(new RegisterTaskDefinitionCommand(strange)))).toMatchObject({
    name: 'ClientException',
    message: 'Family contains invalid characters.'
  })
  const made = { cluster: 'c', taskDefinition: 'shop', desiredCount: 1, networkConfiguration: network }
  expect(await refusal(ecs.send(new CreateServiceCommand({ ...made, serviceName: 'a/b' })))).toMatchObject({
    name: 'InvalidParameterException'
  })
  expect(service.deployments).toHaveLength(1)
  expect(service.desiredCount).toBe(2)
})

test('ARNs of another account or region name nothing here', async () => {
  const { world, service } = shop()
  const { ecs } = await clients(world)
  const task = service.tasks[0]!.arn
  for (const away of [
    (arn: string) => arn.replace(world.region, 'eu-west-1'),
    (arn: string) => arn.replace(world.account, '111122223333')
  ]) {
    const cluster = away(`arn:aws:ecs:${world.region}:${world.account}:cluster/c`)
    expect(await refusal(ecs.send(new DescribeTasksCommand({ cluster, tasks: [task] })))).toMatchObject({
      name: 'ClusterNotFoundException'
    })
    const missing = async (answer: Promise<{ failures?: { reason?: string | undefined }[] | undefined }>) =>
      (await answer).failures?.map((f) => f.reason)
    expect(await missing(ecs.send(new DescribeClustersCommand({ clusters: [cluster] })))).toEqual(['MISSING'])
    const tasks = [away(task)]
    expect(await missing(ecs.send(new DescribeTasksCommand({ cluster: 'c', tasks })))).toEqual(['MISSING'])
    const services = [away(service.arn), 'c/shop']
    expect(await missing(ecs.send(new DescribeServicesCommand({ cluster: 'c', services })))).toEqual([
      'MISSING',
      'MISSING'
    ])
    expect(await refusal(ecs.send(new StopTaskCommand({ cluster: 'c', task: away(task) })))).toMatchObject({
      name: 'InvalidParameterException'
    })
    const taskDefinition = away(service.tasks[0]!.taskDefinitionArn)
    expect(await refusal(ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition })))).toMatchObject({
      name: 'ClientException'
    })
  }
  expect(service.tasks[0]!.desiredStatus).toBe('RUNNING')
})
