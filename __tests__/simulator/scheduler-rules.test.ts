/** Rules of the scheduler that only show when two things come together. */
import { DescribeServicesCommand } from '@aws-sdk/client-ecs'
import { expect, test } from '@jest/globals'
import { breaker, clients, messages, shop, until } from './support.js'

const crash = { behaviour: { exits: { code: 1, after: 5 } } }
const counted = (s: ReturnType<typeof shop>) => s.log.all.filter((h) => h.code === 'failure-counted').length

test('an old task that dies during a deployment is replaced by its own revision, as often as it was there', () => {
  const s = shop({ service: { desiredCount: 3, gracePeriodSeconds: 1000 } })
  const [old] = s.service.tasks
  s.deploy({ behaviour: { healthyAfter: 600 } })
  s.world.clock.advanceBy(60_000)
  s.world.ecs.stopTask(old!.arn)
  s.world.clock.advanceBy(240_000)
  const running = s.service.tasks.filter((t) => t.desiredStatus === 'RUNNING')
  const mine = running.filter((t) => t.taskDefinitionArn === old!.taskDefinitionArn)
  expect(mine).toHaveLength(3)
  expect(mine.every((t) => t.healthy && t.deploymentId === old!.deploymentId)).toBe(true)
  expect(messages(s.service).filter((m) => m.includes('pending tasks'))).toEqual([])
})

test('a superseded deployment whose failures are counted late trips nothing', () => {
  const one = { ...breaker, thresholdConfiguration: { type: 'COUNT', value: 1 } as const }
  const s = shop({ service: { circuitBreaker: one } })
  s.deploy(crash)
  until(s.world, () => s.service.tasks.some((t) => t.stopCode === 'EssentialContainerExited'))
  const good = s.deploy()
  until(s.world, () => s.service.primary.rolloutState === 'COMPLETED')
  expect(counted(s)).toBe(1)
  expect(s.service.primary.id).toBe(good.id)
  expect(messages(s.service).filter((m) => /failed|rolling back/.test(m))).toEqual([])
})

test('once a task has reached RUNNING, starts that fail count no more', () => {
  const s = shop({ service: { desiredCount: 2, circuitBreaker: breaker } })
  const missing = { fails: 'image-not-found' } as const
  s.deploy({ behaviour: [{ healthyAfter: 100_000 }, missing, missing, missing, missing, missing] })
  s.world.ecs.updateService(s.service, { healthCheckGracePeriodSeconds: 100_000 })
  s.world.clock.advanceBy(3_600_000)
  expect(s.service.tasks.filter((t) => t.stopCode === 'TaskFailedToStart').length).toBeGreaterThan(2)
  expect(s.service.primary.rolloutState).toBe('IN_PROGRESS')
  expect(s.service.primary.failedTasks).toBeLessThan(3)
})

test('an exit of a task that had been healthy is no failed task, also when the count is never reset', () => {
  const never = { ...breaker, resetOnHealthyTask: false }
  const s = shop({ targetGroup: null, service: { desiredCount: 2, circuitBreaker: never } })
  s.deploy({ behaviour: { exits: { code: 1, after: 60 } } })
  s.world.clock.advanceBy(1_800_000)
  expect(s.service.tasks.filter((t) => t.stopCode === 'EssentialContainerExited').length).toBeGreaterThan(9)
  expect(counted(s)).toBe(0)
})

test('back-off begins anew when a task ran in between', () => {
  const s = shop({ targetGroup: null })
  const missing = { fails: 'image-not-found' } as const
  s.deploy({ behaviour: [missing, missing, { exits: { code: 1, after: 5 } }, missing, {}] })
  s.world.clock.advanceBy(3_600_000)
  const starts = s.log.all.filter((h) => h.code === 'task-launched').map((h) => h.s)
  const waits = starts.slice(1).map((at, i) => at - starts[i]!)
  // A failed pull takes 92 s: 30 s of back-off, 285 s; then a task that ran, after which it is 30 s again.
  expect(waits.map((w) => w > 200)).toEqual([false, true, false, false])
})

test('a service says its steady state once in six hours, however many deployments it had; a stuck one repeats itself', () => {
  const s = shop({ targetGroup: null })
  for (let i = 0; i < 3; i++) {
    s.deploy()
    until(s.world, () => s.service.primary.rolloutState === 'COMPLETED')
  }
  const said = s.service.events.length
  s.world.clock.advanceBy(24 * 3_600_000)
  expect(s.service.events.length - said).toBe(4)
  const stuck = shop({ service: { minimumHealthyPercent: 100, maximumPercent: 100 } })
  stuck.deploy()
  stuck.world.clock.advanceBy(13 * 3_600_000)
  const poke = () => stuck.world.ecs.updateService(stuck.service, { healthCheckGracePeriodSeconds: 1 })
  poke()
  stuck.world.clock.advanceBy(60_000)
  expect(messages(stuck.service).filter((m) => m.includes('was unable to stop or start')).length).toBe(3)
})

test('a rollback does not bake, and brings the network of its revision back', () => {
  const s = shop({
    service: {
      circuitBreaker: breaker,
      bakeTimeInMinutes: 10,
      alarms: { alarmNames: ['a'], enable: true, rollback: true }
    }
  })
  s.world.cloudwatch.alarm('a')
  const network = () => JSON.stringify((s.service as unknown as Record<string, unknown>).networkConfiguration)
  const before = network()
  const bad = s.repository.push(crash)
  s.world.ecs.updateService(s.service, {
    taskDefinition: s.define(bad.uri).arn,
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0aaa1111bbb2222cc'] } }
  })
  expect(network()).not.toBe(before)
  until(s.world, () => messages(s.service).some((m) => m.includes('rolling back')))
  expect(until(s.world, () => s.service.primary.rolloutState === 'COMPLETED')).toBeLessThan(120)
  expect(network()).toBe(before)
})

test('currentServiceRevisions: the PRIMARY one, and those that still have tasks', async () => {
  const s = shop({ targetGroup: { deregistrationDelaySeconds: 120 } })
  const { ecs } = await clients(s.world)
  const revisions = async () => {
    const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'c', services: ['shop'] }))
    const { currentServiceRevisions, deployments } = services![0]!
    return [currentServiceRevisions!.length, deployments!.length]
  }
  expect(await revisions()).toEqual([1, 1])
  s.deploy()
  expect(await revisions()).toEqual([2, 2])
  until(s.world, () => messages(s.service).some((m) => m.includes('has stopped 1 running tasks')))
  expect(await revisions()).toEqual([1, 2])
})
