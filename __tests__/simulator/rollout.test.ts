import { DescribeTasksCommand } from '@aws-sdk/client-ecs'
import { expect, test } from '@jest/globals'
import { startFailures } from '../../simulator/world/ecs/start-failures.js'
import {
  eventTexts,
  logTexts,
  rolloutTexts,
  runTexts,
  serviceDeploymentTexts,
  stopTexts
} from '../../simulator/world/texts.js'
import { breaker, clients, messages, shop, until } from './support.js'

const short = (texts: string[], ...ids: string[]) =>
  texts.map((t) =>
    ids.reduce((text, id, i) => text.replaceAll(id, `#${i}`), t).replace(/arn:aws:elastic\S+[^)]/g, 'TG')
  )

test('rolling deploy: exact event texts in order, newest first', () => {
  const s = shop()
  const before = s.service.primary
  const [old] = s.service.tasks
  s.deploy()
  until(s.world, () => s.service.primary.rolloutState === 'COMPLETED')
  const fresh = s.service.tasks.find((t) => t.deploymentId === s.service.primary.id)!
  expect(short(messages(s.service), old!.id, fresh.id, before.id, s.service.primary.id).slice(2)).toEqual([
    '(service shop) has started 1 tasks: (task #1).',
    '(service shop) registered 1 targets in (target-group TG)',
    '(service shop) has stopped 1 running tasks: (task #0).',
    '(service shop) deregistered 1 targets in (target-group TG)',
    '(service shop, taskSet #2) has begun draining connections on 1 tasks.',
    '(service shop) (deployment #3) deployment completed.',
    '(service shop) has reached a steady state.'
  ])
  const times = s.service.events.map((e) => e.createdAt)
  expect(times).toEqual([...times].sort((a, b) => b - a))
  expect(times[0]! - times[1]!).toBe(1)
  expect(old).toMatchObject({
    stopCode: 'ServiceSchedulerInitiated',
    stoppedReason: `Scaling activity initiated by (deployment ${before.id})`
  })
})

test('rolling deploy: counts match for a while before COMPLETED, and the old deployment is gone by then', () => {
  const s = shop()
  const old = s.service.primary
  expect(old.rolloutStateReason).toBe(`ECS deployment ${old.id} completed.`)
  const mine = s.deploy()
  expect(s.service.deployments.map((d) => [d.status, d.rolloutState])).toEqual([
    ['PRIMARY', 'IN_PROGRESS'],
    ['ACTIVE', 'COMPLETED']
  ])
  expect(mine.rolloutStateReason).toBe(`ECS deployment ${mine.id} in progress.`)
  until(s.world, () => s.service.deployments.length === 1)
  expect(mine.rolloutState).toBe('IN_PROGRESS')
  const wait = until(s.world, () => mine.rolloutState === 'COMPLETED')
  expect(wait).toBeGreaterThanOrEqual(20)
  expect(wait).toBeLessThanOrEqual(60)
})

test('COMPLETED waits until the targets of the old tasks are drained', () => {
  const s = shop({ targetGroup: { deregistrationDelaySeconds: 300 } })
  const mine = s.deploy()
  until(s.world, () => s.service.deployments.length === 1)
  s.world.clock.advanceBy(200_000)
  expect(mine.rolloutState).toBe('IN_PROGRESS')
  expect(s.targetGroup!.targetList.map((t) => t.state).sort()).toEqual(['draining', 'healthy'])
  until(s.world, () => mine.rolloutState === 'COMPLETED', 200)
})

test('a task passes through every state in order', () => {
  const s = shop()
  s.deploy()
  until(s.world, () => s.service.primary.rolloutState === 'COMPLETED')
  s.world.clock.advanceBy(120_000)
  const states = (id: string) =>
    s.log.all
      .filter((h) => h.code === 'task-status' && h.text.includes(id))
      .map((h) => h.text.split(' ').at(-1))
  const [old, fresh] = s.service.tasks
  expect(states(fresh!.id)).toEqual(['PENDING', 'ACTIVATING', 'RUNNING'])
  expect(states(old!.id)).toEqual(['DEACTIVATING', 'STOPPING', 'DEPROVISIONING', 'STOPPED'])
})

test('stopped tasks stay visible for an hour', () => {
  const s = shop()
  s.deploy()
  until(s.world, () => s.service.tasks[0]!.status === 'STOPPED')
  s.world.clock.advanceBy(3_599_000)
  expect(s.service.tasks).toHaveLength(2)
  s.world.clock.advanceBy(2_000)
  expect(s.service.tasks).toHaveLength(1)
})

/** The least healthy and the most running or starting tasks that a deployment ever had. */
function extremes(desired: number, min: number, max: number) {
  const s = shop({ service: { desiredCount: desired, minimumHealthyPercent: min, maximumPercent: max } })
  s.deploy()
  let least = Infinity
  let most = 0
  const looked = () => {
    least = Math.min(least, s.service.tasks.filter((t) => t.healthy).length)
    most = Math.max(most, s.service.tasks.filter((t) => t.desiredStatus === 'RUNNING').length)
    return s.service.primary.rolloutState === 'COMPLETED'
  }
  until(s.world, looked)
  return { least, most }
}

test.each([
  [4, 100, 200, { least: 4, most: 8 }],
  [4, 50, 100, { least: 2, most: 4 }],
  [3, 50, 100, { least: 2, most: 3 }],
  [2, 0, 100, { least: 0, most: 2 }],
  [3, 100, 150, { least: 3, most: 4 }],
  [2, 100, 150, { least: 2, most: 3 }]
])('bounds: desired %i at %i/%i stays within ceil and floor', (desired, min, max, expected) => {
  expect(extremes(desired, min, max)).toEqual(expected)
})

test.each([
  [3, 100, 125],
  [2, 75, 100],
  [1, 100, 100]
])('bounds: desired %i at %i/%i can neither start nor stop, and says so once', (desired, min, max) => {
  const s = shop({ service: { desiredCount: desired, minimumHealthyPercent: min, maximumPercent: max } })
  s.deploy()
  s.world.clock.advanceBy(3_600_000)
  expect(s.service.primary.rolloutState).toBe('IN_PROGRESS')
  expect(s.service.tasks).toHaveLength(desired)
  expect(messages(s.service).slice(2)).toEqual([
    '(service shop) was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.'
  ])
})

test('healthy without load balancer and container check: 40 s after RUNNING', () => {
  const s = shop({ targetGroup: null })
  s.deploy()
  until(s.world, () => s.service.tasks[1]?.status === 'RUNNING')
  s.world.clock.advanceBy(39_000)
  expect(s.service.tasks[1]!.healthy).toBe(false)
  expect(s.service.tasks[0]!.desiredStatus).toBe('RUNNING')
  s.world.clock.advanceBy(1_500)
  expect(s.service.tasks[1]!.healthy).toBe(true)
  until(s.world, () => s.service.tasks[0]!.desiredStatus === 'STOPPED', 10)
})

const curl = { command: ['CMD-SHELL', 'curl -f http://localhost:8080/health || exit 1'], interval: 10 }

test('healthy with a container check only: when it is HEALTHY', () => {
  const s = shop({ targetGroup: null, container: { healthCheck: curl } })
  s.deploy()
  until(s.world, () => s.service.tasks[1]?.healthStatus === 'HEALTHY')
  expect(s.service.tasks[1]!.healthy).toBe(true)
})

test('healthy with both: the container check alone is not enough', () => {
  const s = shop({ container: { healthCheck: curl } })
  s.deploy({ behaviour: { paths: { '/health': 200 }, healthyAfter: 3 } })
  until(s.world, () => s.service.tasks[1]?.healthy === true)
  expect(s.service.tasks[1]!.healthStatus).toBe('HEALTHY')
  expect(s.targetGroup!.targetList.every((t) => t.state === 'healthy')).toBe(true)
})

test('container check: a missing program fails it, after startPeriod and retries', () => {
  const check = { ...curl, interval: 30, retries: 3, startPeriod: 60 }
  const s = shop({ container: { healthCheck: check }, service: { gracePeriodSeconds: 60 } })
  s.deploy({ lacks: ['curl'] })
  until(s.world, () => s.service.tasks[1]?.status === 'RUNNING')
  const wait = until(s.world, () => s.service.tasks[1]!.healthStatus === 'UNHEALTHY')
  expect(wait).toBe(120)
  until(s.world, () => s.service.tasks[1]!.desiredStatus === 'STOPPED', 15)
  expect(s.service.tasks[1]).toMatchObject({
    stopCode: 'ServiceSchedulerInitiated',
    stoppedReason: 'Task failed container health checks'
  })
  expect(messages(s.service).at(-2)).toBe(
    `(service shop) (task ${s.service.tasks[1]!.id}) failed container health checks.`
  )
})

test('grace period: a slow start is killed without it and lives with it', () => {
  const slow = { behaviour: { healthyAfter: 90 } }
  const without = shop({ service: { gracePeriodSeconds: 0 } })
  without.deploy(slow)
  without.world.clock.advanceBy(1_200_000)
  expect(without.service.primary.rolloutState).toBe('IN_PROGRESS')
  expect(without.log.when(/is unhealthy in/).length).toBeGreaterThan(2)
  const within = shop({ service: { gracePeriodSeconds: 180 }, targetGroup: { healthyThreshold: 2 } })
  within.deploy(slow)
  until(within.world, () => within.service.primary.rolloutState === 'COMPLETED')
  expect(within.log.when(/is unhealthy in/)).toEqual([])
})

test('an unhealthy task of a steady service is stopped only when its replacement is healthy', () => {
  const s = shop({ service: { desiredCount: 2 }, targetGroup: { intervalSeconds: 10 } })
  const sick = s.service.tasks[0]!
  s.world.ecs.misbehave(sick.arn, { healthCheck: 'timeout' })
  until(s.world, () => sick.desiredStatus === 'STOPPED')
  const fresh = s.service.tasks[2]!
  expect(fresh.healthy).toBe(true)
  expect(s.service.tasks).toHaveLength(3)
  expect(sick.stoppedReason).toBe(`Task failed ELB health checks in (target-group ${s.targetGroup!.arn})`)
  const said = messages(s.service)
  expect(said.find((m) => m.includes('Amazon ECS replaced'))).toBe(
    `(service shop) has started 1 tasks: (task ${fresh.id}). Amazon ECS replaced 1 tasks due to an unhealthy status.`
  )
  expect(said).toContain(
    `(service shop) (task ${sick.id}) (port 8080) is unhealthy in (target-group ${s.targetGroup!.arn}) due to (reason Request timed out).`
  )
})

test('a flake: the first task exits, the next is well, and the deployment completes', () => {
  const s = shop({ service: { circuitBreaker: breaker } })
  s.deploy({ behaviour: [{ exits: { code: 1, after: 2 } }, {}] })
  until(s.world, () => s.service.primary.rolloutState === 'COMPLETED')
  const [, first] = s.service.tasks
  expect(first).toMatchObject({
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited'
  })
  expect(s.service.primary.failedTasks).toBe(0)
})

test('a newer UpdateService supersedes a deployment in progress and cancels its pending tasks', () => {
  const s = shop()
  const first = s.deploy()
  s.world.clock.advanceBy(12_000)
  const second = s.deploy()
  expect(s.service.deployments.map((d) => d.id).slice(0, 2)).toEqual([second.id, first.id])
  until(s.world, () => second.rolloutState === 'COMPLETED')
  expect(messages(s.service)).toContain('(service shop) stopped 1 pending tasks.')
  expect(first).toMatchObject({ status: 'INACTIVE', rolloutState: 'IN_PROGRESS' })
})

test('scaling: desiredCount moves without a deployment, also during one', () => {
  const s = shop({ service: { desiredCount: 3 } })
  s.world.ecs.scale(s.service, 1)
  until(s.world, () => s.service.tasks.filter((t) => t.desiredStatus === 'RUNNING').length === 1)
  expect(s.service.deployments).toHaveLength(1)
  s.deploy()
  s.world.clock.advanceBy(20_000)
  s.world.ecs.scale(s.service, 4)
  until(s.world, () => s.service.primary.rolloutState === 'COMPLETED')
  expect(s.service.tasks.filter((t) => t.status === 'RUNNING')).toHaveLength(4)
})

test('scaled to 0 in the middle: the deployment completes with nothing running', () => {
  const s = shop()
  s.deploy()
  s.world.clock.advanceBy(20_000)
  s.world.ecs.scale(s.service, 0)
  until(s.world, () => s.service.primary.rolloutState === 'COMPLETED')
  expect(s.service.tasks.every((t) => t.desiredStatus === 'STOPPED')).toBe(true)
})

test('Spot interruption: the task is replaced and the deployment is not failed by it', () => {
  const s = shop({ service: { circuitBreaker: breaker } })
  s.world.onDeployment(s.service, () => {
    s.world.clock.after(50_000, () => s.world.ecs.interruptSpot(s.service.tasks[1]!.arn))
  })
  s.deploy()
  until(s.world, () => s.service.primary.rolloutState === 'COMPLETED')
  expect(s.service.tasks[1]).toMatchObject({
    stopCode: 'SpotInterruption',
    stoppedReason: 'Your Spot Task was interrupted.'
  })
  expect(s.service.primary.failedTasks).toBe(0)
})

test('events: at most 100 are kept, and an idle service repeats its steady state every six hours', () => {
  const s = shop()
  s.world.clock.advanceBy(24 * 3_600_000 + 1)
  expect(s.log.when(/has reached a steady state/)).toEqual([6, 12, 18, 24].map((h) => h * 3600))
  s.world.clock.advanceBy(150 * 6 * 3_600_000)
  expect(s.service.events).toHaveLength(100)
})

test('the first task fixes the digests of tags; the others wait for it and use them', () => {
  const s = shop({ service: { desiredCount: 3 } })
  const v2 = s.repository.push({ tags: ['v2'] })
  s.world.ecs.updateService(s.service, { taskDefinition: s.define(`${s.repository.uri}:v2`).arn })
  s.world.clock.advanceBy(8_000)
  expect(s.service.tasks).toHaveLength(4)
  until(s.world, () => s.service.tasks[3]?.status === 'RUNNING')
  const v3 = s.repository.push({ tags: ['v2'] })
  until(s.world, () => s.service.primary.rolloutState === 'COMPLETED')
  const digests = s.service.tasks
    .slice(3)
    .map((t) => (t as unknown as { containers: { digest: string }[] }).containers[0]!.digest)
  expect(new Set(digests)).toEqual(new Set([v2.digest]))
  s.world.ecs.updateService(s.service, { forceNewDeployment: true })
  until(s.world, () => s.service.primary.rolloutState === 'COMPLETED')
  expect(
    (s.service.tasks.at(-1) as unknown as { containers: { digest: string }[] }).containers[0]!.digest
  ).toBe(v3.digest)
})

test('when the image that tasks of a deployment run is gone, the next task cannot be pulled', () => {
  const s = shop()
  s.repository.expire(s.image.digest)
  s.world.ecs.stopTask(s.service.tasks[0]!.arn, 'drill')
  until(s.world, () => s.service.tasks[1]?.stoppedReason !== undefined)
  expect(s.service.tasks[0]).toMatchObject({ stopCode: 'UserInitiated', stoppedReason: 'drill' })
  expect(s.service.tasks[1]).toMatchObject({
    stopCode: 'TaskFailedToStart',
    stoppedReason: `CannotPullContainerError: pull image manifest has been retried 7 time(s): failed to resolve ref ${s.image.uri}: ${s.image.uri}: not found`
  })
})

test('out of memory: exit code 137 and the reason on the container; SIGTERM ignored: 137 after stopTimeout', async () => {
  const s = shop({ container: { stopTimeout: 20 } })
  const { ecs } = await clients(s.world)
  s.deploy({ behaviour: [{ oom: { after: 5 } }, { onSigterm: 'ignored' }] })
  until(s.world, () => s.service.primary.rolloutState === 'COMPLETED')
  s.deploy()
  until(s.world, () => s.service.tasks[2]!.status === 'STOPPED')
  const { tasks } = await ecs.send(
    new DescribeTasksCommand({ cluster: 'c', tasks: s.service.tasks.slice(1, 3).map((t) => t.arn) })
  )
  expect(tasks![0]).toMatchObject({
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited'
  })
  expect(tasks![0]!.containers![0]).toMatchObject({
    exitCode: 137,
    reason: 'OutOfMemoryError: container killed due to memory usage'
  })
  expect(tasks![1]!.containers![0]!.exitCode).toBe(137)
  const { stoppingAt, executionStoppedAt } = tasks![1]!
  expect(executionStoppedAt!.getTime() - stoppingAt!.getTime()).toBe(20_000)
})

test('events: every text of the table names its source', () => {
  const tables = [
    eventTexts,
    rolloutTexts,
    serviceDeploymentTexts,
    stopTexts,
    startFailures,
    runTexts,
    logTexts
  ]
  for (const { facts, known } of tables.flatMap(
    (t) => Object.values(t) as { facts: string; known: string }[]
  )) {
    expect(facts).toMatch(/^([A-E]\d(\.\d+)?|I)$/)
    expect(['DOC', 'OBS', 'DOC+OBS', 'INF']).toContain(known)
  }
})
