import {
  DeleteTaskDefinitionsCommand,
  DeregisterTaskDefinitionCommand,
  DescribeTaskDefinitionCommand,
  UpdateServiceCommand
} from '@aws-sdk/client-ecs'
import { expect, test } from '@jest/globals'
import { breaker, clients, messages, refusal, shop, until } from './support.js'

type S = ReturnType<typeof shop>

/** The digests that tasks of the newest deployment run, oldest task first. */
const digests = (s: S) =>
  s.service.tasks
    .filter((t) => t.deploymentId === s.service.primary.id)
    .map((t) => (t as unknown as { containers: { digest: string | undefined }[] }).containers[0]!.digest)

const missing = (s: S) =>
  s.world.ecs.updateService(s.service, { taskDefinition: s.define(`${s.repository.uri}:nowhere`).arn })

test('three failed attempts at the digests fail a deployment with the breaker on, however many tasks it has', () => {
  const s = shop({ service: { desiredCount: 20, circuitBreaker: breaker } })
  missing(s)
  const bad = s.service.primary
  until(s.world, () => bad.rolloutState === 'FAILED')
  expect(bad.failedTasks).toBe(3)
  expect(s.service.tasks.filter((t) => t.deploymentId === bad.id).length).toBeLessThanOrEqual(20)
})

test('after three failed attempts a deployment without a breaker goes on without resolution', () => {
  const s = shop({ service: { desiredCount: 3 } })
  missing(s)
  const { id } = s.service.primary
  const launched = () => s.service.tasks.filter((t) => t.deploymentId === id)
  until(s.world, () => launched().length === 3)
  expect(launched().filter((t) => t.desiredStatus === 'RUNNING')).toHaveLength(1)
  until(s.world, () => launched().filter((t) => t.desiredStatus === 'RUNNING').length === 3)
  const first = s.repository.push({ tags: ['nowhere'] })
  until(s.world, () => s.service.primary.rolloutState === 'COMPLETED')
  const second = s.repository.push({ tags: ['nowhere'] })
  s.world.ecs.scale(s.service, 4)
  until(s.world, () => digests(s).at(-1) !== undefined && digests(s).at(-1) !== first.digest)
  expect(digests(s).at(-1)).toBe(second.digest)
})

test('versionConsistency disabled: every task takes what the tag names when it starts', () => {
  const s = shop({ service: { desiredCount: 2 }, container: { versionConsistency: 'disabled' } })
  const v2 = s.repository.push({ tags: ['v2'] })
  s.world.ecs.updateService(s.service, { taskDefinition: s.define(`${s.repository.uri}:v2`).arn })
  until(s.world, () => s.service.primary.rolloutState === 'COMPLETED')
  expect(digests(s)).toEqual([v2.digest, v2.digest])
  const later = s.repository.push({ tags: ['v2'] })
  s.world.ecs.scale(s.service, 3)
  s.world.clock.advanceBy(120_000)
  expect(digests(s)).toEqual([v2.digest, v2.digest, later.digest])
})

test('a deployment that began with desiredCount 0 resolves nothing, also when it is scaled later', () => {
  const s = shop({ service: { desiredCount: 0 } })
  const v2 = s.repository.push({ tags: ['v2'] })
  s.world.ecs.updateService(s.service, { taskDefinition: s.define(`${s.repository.uri}:v2`).arn })
  until(s.world, () => s.service.primary.rolloutState === 'COMPLETED')
  s.world.ecs.scale(s.service, 1)
  s.world.clock.advanceBy(120_000)
  const later = s.repository.push({ tags: ['v2'] })
  s.world.ecs.scale(s.service, 2)
  s.world.clock.advanceBy(120_000)
  expect(digests(s)).toEqual([v2.digest, later.digest])
  s.world.ecs.updateService(s.service, { forceNewDeployment: true })
  s.world.clock.advanceBy(180_000)
  expect(digests(s)).toEqual([later.digest, later.digest])
})

test('an update of the same definition keeps its digests; an image that is gone stops it', () => {
  const s = shop()
  const v2 = s.repository.push({ tags: ['v2'] })
  s.world.ecs.updateService(s.service, { taskDefinition: s.define(`${s.repository.uri}:v2`).arn })
  until(s.world, () => s.service.primary.rolloutState === 'COMPLETED')
  s.repository.push({ tags: ['v2'] })
  s.world.ecs.updateService(s.service, { platformVersion: '1.4.0' })
  until(s.world, () => s.service.primary.rolloutState === 'COMPLETED')
  expect(digests(s)).toEqual([v2.digest])
  s.repository.expire(v2.digest)
  s.world.ecs.updateService(s.service, { platformVersion: 'LATEST' })
  s.world.clock.advanceBy(600_000)
  expect(s.service.primary.rolloutState).toBe('IN_PROGRESS')
  expect(messages(s.service).join('\n')).toContain('CannotPullContainerError')
})

test('a deregistered definition can be used for up to ten minutes more, when the world says so', async () => {
  const s = shop({ world: { timings: { deregisterTakesHold: 600 } } })
  const { ecs } = await clients(s.world)
  const second = s.define(s.image.uri)
  await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: second.ref }))
  const update = () =>
    ecs.send(new UpdateServiceCommand({ cluster: 'c', service: 'shop', taskDefinition: second.ref }))
  s.world.clock.advanceBy(599_000)
  expect((await update()).service!.deployments).toHaveLength(2)
  const third = s.define(s.image.uri)
  await ecs.send(new UpdateServiceCommand({ cluster: 'c', service: 'shop', taskDefinition: third.ref }))
  s.world.clock.advanceBy(1_000)
  expect(await refusal(update())).toMatchObject({
    name: 'ClientException',
    message: 'TaskDefinition is inactive'
  })
})

test('a service scales and replaces with a definition that was deregistered, and goes back to it', () => {
  const s = shop({ service: { circuitBreaker: breaker } })
  const old = s.service.primary
  s.world.ecs.deregister(old.taskDefinitionArn)
  s.world.ecs.scale(s.service, 2)
  until(s.world, () => s.service.tasks.filter((t) => t.healthy).length === 2, 120)
  s.world.ecs.stopTask(s.service.tasks[0]!.arn)
  s.world.clock.advanceBy(120_000)
  expect(s.service.tasks.filter((t) => t.healthy)).toHaveLength(2)
  const bad = s.deploy({ behaviour: { exits: { code: 1, after: 0 } } })
  until(s.world, () => bad.rolloutState === 'FAILED')
  until(s.world, () => s.service.primary.id === old.id && old.rolloutState === 'COMPLETED')
})

test('DeleteTaskDefinitions: only INACTIVE ones, then DELETE_IN_PROGRESS; running tasks stay', async () => {
  const s = shop()
  const { ecs } = await clients(s.world)
  const { taskDefinitionArn: arn } = s.service.primary
  const remove = (...taskDefinitions: string[]) =>
    ecs.send(new DeleteTaskDefinitionsCommand({ taskDefinitions }))
  expect((await remove(arn)).failures).toMatchObject([{ arn }])
  await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: arn }))
  const { taskDefinitions, failures } = await remove(arn, 'shop:99')
  expect(taskDefinitions).toMatchObject([
    { taskDefinitionArn: arn, status: 'DELETE_IN_PROGRESS', deleteRequestedAt: new Date(s.start) }
  ])
  expect(failures).toEqual([{ arn: 'shop:99', reason: 'MISSING' }])
  const described = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: arn }))
  expect(described.taskDefinition!.status).toBe('DELETE_IN_PROGRESS')
  expect(s.service.tasks[0]!.status).toBe('RUNNING')
  const eleven = Array.from({ length: 11 }, (_, i) => `shop:${i + 1}`)
  expect(await refusal(remove(...eleven))).toMatchObject({ name: 'InvalidParameterException' })
})
