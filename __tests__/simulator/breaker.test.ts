import { expect, test } from '@jest/globals'
import { breaker, messages, shop, until } from './support.js'

const crash = { behaviour: { exits: { code: 1, after: 0 } } }

test('the breaker trips at the threshold and promotes the old deployment under its own id', () => {
  const s = shop({ service: { circuitBreaker: breaker } })
  const old = s.service.primary
  const bad = s.deploy(crash)
  until(s.world, () => bad.rolloutState === 'FAILED')
  expect(bad.failedTasks).toBe(3)
  expect(s.service.deployments.map((d) => [d.id, d.status, d.rolloutState, d.rolloutStateReason])).toEqual([
    [
      old.id,
      'PRIMARY',
      'IN_PROGRESS',
      `ECS deployment circuit breaker: rolling back to deploymentId ${old.id}.`
    ],
    [bad.id, 'ACTIVE', 'FAILED', 'ECS deployment circuit breaker: tasks failed to start.']
  ])
  expect(old).toMatchObject({ createdAt: s.world.clock.now(), failedTasks: 0 })
  const [newest, before] = s.service.events
  expect([before!.message, newest!.message]).toEqual([
    `(service shop) (deployment ${bad.id}) deployment failed: tasks failed to start.`,
    `(service shop) rolling back to deployment ${old.id}.`
  ])
  expect(newest!.createdAt - before!.createdAt).toBe(1)
  until(s.world, () => old.rolloutState === 'COMPLETED')
  expect(s.service.deployments.map((d) => d.id)).toEqual([old.id])
  expect(messages(s.service).slice(-2)).toEqual([
    `(service shop) (deployment ${old.id}) deployment completed.`,
    '(service shop) has reached a steady state.'
  ])
})

test('without rollback the failed deployment stays PRIMARY and starts nothing more', () => {
  const s = shop({ service: { circuitBreaker: { enable: true, rollback: false } } })
  const bad = s.deploy(crash)
  until(s.world, () => bad.rolloutState === 'FAILED')
  s.world.clock.advanceBy(20_000)
  const tasks = s.service.tasks.length
  s.world.clock.advanceBy(1_800_000)
  expect(s.service.tasks).toHaveLength(tasks)
  expect(s.service.deployments.map((d) => [d.status, d.rolloutState])).toEqual([
    ['PRIMARY', 'FAILED'],
    ['ACTIVE', 'COMPLETED']
  ])
})

test('with nothing COMPLETED to go back to, the deployment is stalled', () => {
  const s = shop({ service: { circuitBreaker: breaker } })
  const first = s.deploy(crash)
  until(s.world, () => first.rolloutState === 'FAILED')
  const second = s.deploy(crash)
  until(s.world, () => second.rolloutState === 'FAILED')
  expect(s.service.primary).toBe(second)
  s.world.clock.advanceBy(600_000)
  expect(s.service.primary.rolloutState).toBe('FAILED')
})

test('a task that turns healthy resets the count, so a flapping service never trips the breaker', () => {
  const s = shop({ service: { circuitBreaker: breaker } })
  const flapping = s.deploy({ behaviour: { exits: { code: 1, after: 30 } } })
  s.world.clock.advanceBy(3_600_000)
  expect(flapping).toMatchObject({ rolloutState: 'IN_PROGRESS', failedTasks: 0 })
  expect(s.service.tasks.filter((t) => t.stopCode === 'EssentialContainerExited').length).toBeGreaterThan(20)
})

test('failed tasks are counted without a breaker too', () => {
  const s = shop()
  const bad = s.deploy(crash)
  s.world.clock.advanceBy(600_000)
  expect(bad.rolloutState).toBe('IN_PROGRESS')
  expect(bad.failedTasks).toBeGreaterThan(9)
})

test.each([
  [1, undefined, 3],
  [25, undefined, 13],
  [400, undefined, 200],
  [800, undefined, 200],
  [10, { type: 'UNBOUNDED_PERCENT' as const, value: 10 }, 1],
  [10, { type: 'COUNT' as const, value: 7 }, 7]
])('threshold: desired %i with %o is %i', (desiredCount, thresholdConfiguration, expected) => {
  const s = shop({
    service: {
      desiredCount,
      circuitBreaker: {
        ...breaker,
        ...(thresholdConfiguration === undefined ? {} : { thresholdConfiguration })
      }
    }
  })
  expect((s.service as unknown as { breakerThreshold: number }).breakerThreshold).toBe(expected)
})

test('back-off slows down tasks that never ran, not those that crash after RUNNING', () => {
  const starts = (push: Parameters<ReturnType<typeof shop>['deploy']>[0]) => {
    const s = shop()
    s.deploy(push)
    s.world.clock.advanceBy(2 * 3_600_000)
    return s.log.all.filter((h) => h.code === 'task-launched').map((h) => h.s)
  }
  const gaps = (times: number[]) => times.slice(1).map((t, i) => t - times[i]!)
  const never = gaps(starts({ behaviour: { cannotPull: 'CannotPullContainerError: no' } }))
  expect(never[0]).toBeLessThan(140)
  expect(never.slice(1).every((g) => g > 300)).toBe(true)
  expect(never.every((g, i) => i === 0 || g >= never[i - 1]!)).toBe(true)
  const crashing = gaps(starts(crash))
  expect(Math.max(...crashing)).toBe(50)
})

test("a pull that fails surfaces as a placement event once, and as the task's reason each time", () => {
  const s = shop()
  const reason = 'ResourceInitializationError: unable to pull secrets or registry auth: no route'
  s.deploy({ behaviour: { initError: reason } })
  s.world.clock.advanceBy(1_800_000)
  const said = messages(s.service)
  expect(
    said.filter((m) => m === `(service shop) was unable to place a task. Reason: ${reason}`)
  ).toHaveLength(1)
  expect(said).toContain('(service shop) is unable to consistently start tasks successfully.')
  const failed = s.service.tasks.filter((t) => t.stopCode === 'TaskFailedToStart')
  expect(failed.length).toBeGreaterThan(2)
  expect(new Set(failed.map((t) => t.stoppedReason))).toEqual(new Set([reason]))
})

test('a failed deployment that is slow to go shows as DRAINING during the rollback', () => {
  const s = shop({ service: { circuitBreaker: breaker, minimumHealthyPercent: 0, maximumPercent: 100 } })
  const bad = s.deploy(crash)
  until(s.world, () => bad.rolloutState === 'FAILED')
  s.repository.expire(s.image.digest)
  s.world.clock.advanceBy(60_000)
  expect(bad.status).toBe('ACTIVE')
  s.world.clock.advanceBy(60_000)
  expect(s.service.deployments.map((d) => [d.status, d.rolloutState])).toEqual([
    ['PRIMARY', 'IN_PROGRESS'],
    ['DRAINING', 'FAILED']
  ])
})
