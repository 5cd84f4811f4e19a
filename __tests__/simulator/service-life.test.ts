import {
  CreateClusterCommand,
  CreateServiceCommand,
  DeleteServiceCommand,
  DescribeServicesCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
  type CreateServiceCommandInput,
  type UpdateServiceCommandInput
} from '@aws-sdk/client-ecs'
import { expect, test } from '@jest/globals'
import { createWorld } from '../../simulator/index.js'
import { breaker, clients, messages, refusal, shop, until } from './support.js'

const vpc = { awsvpcConfiguration: { subnets: ['subnet-0aaa1111bbb2222cc'] } }

test('a client builds a world by itself: cluster, definition, service; and takes it away again', async () => {
  const world = createWorld()
  const image = world.ecr.repository('shop').push({ tags: ['v1'] })
  const { ecs } = await clients(world)
  const { cluster } = await ecs.send(new CreateClusterCommand({ clusterName: 'mine' }))
  expect(cluster).toMatchObject({ clusterName: 'mine', status: 'ACTIVE' })
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: 'shop',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
      containerDefinitions: [{ name: 'app', image: image.uri }]
    })
  )
  const { service } = await ecs.send(
    new CreateServiceCommand({
      cluster: 'mine',
      serviceName: 'shop',
      taskDefinition: taskDefinition!.taskDefinitionArn,
      desiredCount: 2,
      launchType: 'FARGATE',
      networkConfiguration: vpc,
      deploymentConfiguration: {
        maximumPercent: 150,
        deploymentCircuitBreaker: { enable: true, rollback: true }
      }
    })
  )
  expect(service).toMatchObject({
    status: 'ACTIVE',
    desiredCount: 2,
    runningCount: 0,
    deploymentConfiguration: { maximumPercent: 150, deploymentCircuitBreaker: { enable: true } },
    deployments: [{ status: 'PRIMARY', rolloutState: 'IN_PROGRESS' }]
  })
  const look = async () => {
    const answer = await ecs.send(new DescribeServicesCommand({ cluster: 'mine', services: ['shop'] }))
    return answer.services![0]!
  }
  world.clock.advanceBy(180_000)
  expect(await look()).toMatchObject({ runningCount: 2, deployments: [{ rolloutState: 'COMPLETED' }] })
  const remove = (force?: boolean) =>
    ecs.send(
      new DeleteServiceCommand({
        cluster: 'mine',
        service: 'shop',
        ...(force === undefined ? {} : { force })
      })
    )
  expect(await refusal(remove())).toMatchObject({
    name: 'InvalidParameterException',
    message: 'The service cannot be stopped while it is scaled above 0.'
  })
  expect((await remove(true)).service!.status).toBe('DRAINING')
  world.clock.advanceBy(60_000)
  expect(await look()).toMatchObject({ status: 'INACTIVE', runningCount: 0, deployments: [] })
  expect(await refusal(remove(true))).toMatchObject({ name: 'ServiceNotActiveException' })
})

test('CreateService refuses: what is not there, what is there already, what does not fit', async () => {
  const s = shop()
  const { ecs } = await clients(s.world)
  const create = (input: Partial<CreateServiceCommandInput>) =>
    refusal(
      ecs.send(
        new CreateServiceCommand({
          cluster: 'c',
          serviceName: 'other',
          taskDefinition: 'shop',
          desiredCount: 1,
          launchType: 'FARGATE',
          networkConfiguration: vpc,
          ...input
        })
      )
    )
  const invalid = { name: 'InvalidParameterException' }
  const targetGroupArn = s.targetGroup!.arn
  expect(await create({ cluster: 'nobody' })).toMatchObject({ name: 'ClusterNotFoundException' })
  expect(await create({ serviceName: 'shop' })).toMatchObject({
    message: 'Creation of service was not idempotent.'
  })
  expect(await create({ taskDefinition: 'nobody' })).toMatchObject({ name: 'ClientException' })
  expect(await create({ networkConfiguration: undefined })).toMatchObject(invalid)
  expect(await create({ desiredCount: undefined })).toMatchObject(invalid)
  expect(
    await create({ loadBalancers: [{ targetGroupArn, containerName: 'web', containerPort: 8080 }] })
  ).toMatchObject(invalid)
  expect(await create({ schedulingStrategy: 'DAEMON' })).toMatchObject({
    name: 'UnsupportedFeatureException'
  })
})

test.each<[string, Partial<UpdateServiceCommandInput>, boolean]>([
  ['networkConfiguration', { networkConfiguration: vpc }, true],
  ['platformVersion', { platformVersion: '1.4.0' }, true],
  ['loadBalancers', { loadBalancers: [] }, true],
  ['serviceRegistries', { serviceRegistries: [{ registryArn: 'arn:aws:servicediscovery:x' }] }, true],
  ['serviceConnectConfiguration', { serviceConnectConfiguration: { enabled: false } }, true],
  ['volumeConfigurations', { volumeConfigurations: [{ name: 'data' }] }, true],
  [
    'vpcLatticeConfigurations',
    { vpcLatticeConfigurations: [{ roleArn: 'r', targetGroupArn: 't', portName: 'p' }] },
    true
  ],
  ['forceNewDeployment', { forceNewDeployment: true }, true],
  ['the same task definition', { taskDefinition: 'shop' }, false],
  ['desiredCount', { desiredCount: 3 }, false],
  ['deploymentConfiguration', { deploymentConfiguration: { maximumPercent: 150 } }, false],
  ['capacityProviderStrategy', { capacityProviderStrategy: [{ capacityProvider: 'FARGATE' }] }, false],
  ['healthCheckGracePeriodSeconds', { healthCheckGracePeriodSeconds: 90 }, false],
  ['enableExecuteCommand', { enableExecuteCommand: true }, false],
  ['propagateTags', { propagateTags: 'SERVICE' }, false],
  ['placementStrategy', { placementStrategy: [{ type: 'random' }] }, false],
  ['availabilityZoneRebalancing', { availabilityZoneRebalancing: 'ENABLED' }, false]
])('UpdateService member by member: %s', async (_, update, makes) => {
  const s = shop()
  const { ecs } = await clients(s.world)
  const send = () => ecs.send(new UpdateServiceCommand({ cluster: 'c', service: 'shop', ...update }))
  const { service } = await send()
  expect(service!.deployments).toHaveLength(makes ? 2 : 1)
  const echoed = { ...service!.deployments![0], ...service } as Record<string, unknown>
  const [[name, value] = ['', '']] = Object.entries(update)
  if (typeof value !== 'object' && !['forceNewDeployment', 'taskDefinition'].includes(name))
    expect(echoed[name]).toEqual(value)
  if (Array.isArray(value)) expect(echoed[name]).toMatchObject(value)
  // The same once more changes nothing; a forced deployment is made each time.
  expect((await send()).service!.deployments).toHaveLength(
    makes && name === 'forceNewDeployment' ? 3 : makes ? 2 : 1
  )
})

test('events of a deleted service: its tasks are stopped, and nothing is started again', () => {
  const s = shop({ service: { desiredCount: 2 } })
  const ids = s.service.tasks.map((t) => `(task ${t.id})`).join(' ')
  s.world.ecs.deleteService(s.service)
  until(s.world, () => s.service.tasks.every((t) => t.status === 'STOPPED'), 300)
  expect(messages(s.service)).toContain(`(service shop) has stopped 2 running tasks: ${ids}.`)
  s.world.clock.advanceBy(7 * 3_600_000)
  expect(s.service.tasks).toHaveLength(0)
  expect(messages(s.service).filter((m) => /has started/.test(m))).toEqual([])
})

test('DeleteService during a deployment: it is stopped, counts nothing more and never goes back', () => {
  const s = shop({ service: { desiredCount: 2, circuitBreaker: breaker } })
  const records = (s.service as unknown as { records: { status: string }[] }).records
  s.deploy({ behaviour: { exits: { code: 1, after: 5 } } })
  s.world.clock.advanceBy(100_000)
  expect(s.service.primary.failedTasks).toBe(2)
  s.world.ecs.deleteService(s.service)
  s.world.clock.advanceBy(3_600_000)
  expect(records.map((r) => r.status)).toEqual(['STOPPED', 'SUCCESSFUL'])
  expect(messages(s.service).filter((m) => /failed|rolling back/.test(m))).toEqual([])
  expect(s.log.all.filter((h) => h.s > 100 && h.code === 'failure-counted')).toEqual([])
  expect(s.service.deployments).toEqual([])
})

test('CreateService keeps what it is told, and waits until one of its name is gone', async () => {
  const s = shop()
  const { ecs } = await clients(s.world)
  s.world.ecs.deleteService(s.service)
  const request: CreateServiceCommandInput = {
    cluster: 'c',
    serviceName: 'shop',
    taskDefinition: 'shop',
    desiredCount: 1,
    launchType: 'FARGATE',
    networkConfiguration: vpc,
    propagateTags: 'SERVICE',
    enableExecuteCommand: true,
    availabilityZoneRebalancing: 'DISABLED',
    serviceConnectConfiguration: { enabled: false }
  }
  expect(await refusal(ecs.send(new CreateServiceCommand(request)))).toMatchObject({
    name: 'InvalidParameterException',
    message: 'Unable to Start a service that is still Draining.'
  })
  s.world.clock.advanceBy(600_000)
  const { service } = await ecs.send(new CreateServiceCommand(request))
  expect(service).toMatchObject({
    propagateTags: 'SERVICE',
    enableExecuteCommand: true,
    availabilityZoneRebalancing: 'DISABLED'
  })
  expect(service!.deployments![0]!.serviceConnectConfiguration).toEqual({ enabled: false })
})
