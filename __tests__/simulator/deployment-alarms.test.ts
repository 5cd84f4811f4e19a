import { expect, test } from '@jest/globals'
import { breaker, messages, shop, until } from './support.js'

const alarms = { alarmNames: ['errors'], enable: true, rollback: true }

const monitor = (s: ReturnType<typeof shop>) =>
  (s.service as unknown as { records: { status: string; alarms: object }[] }).records[0]!

test('an alarm that rings during a deployment fails it and goes back, 21 s later', () => {
  const s = shop({ service: { alarms, desiredCount: 2 } })
  const alarm = s.world.cloudwatch.alarm('errors')
  const old = s.service.primary
  const mine = s.deploy()
  s.world.clock.advanceBy(60_000)
  expect(monitor(s)).toMatchObject({
    status: 'IN_PROGRESS',
    alarms: { status: 'MONITORING', names: ['errors'], triggered: [] }
  })
  alarm.set('ALARM')
  s.world.clock.advanceBy(20_999)
  expect(mine.rolloutState).toBe('IN_PROGRESS')
  s.world.clock.advanceBy(1)
  expect(messages(s.service).slice(-2)).toEqual([
    `(service shop) (deployment ${mine.id}) deployment failed: alarm detected.`,
    `(service shop) rolling back to deployment ${old.id}.`
  ])
  expect(s.service.deployments.map((d) => [d.id, d.status, d.rolloutState])).toEqual([
    [old.id, 'PRIMARY', 'IN_PROGRESS'],
    [mine.id, 'ACTIVE', 'FAILED']
  ])
  expect(mine.rolloutStateReason).toMatch(/alarm/i)
  expect(monitor(s)).toMatchObject({
    status: 'ROLLBACK_IN_PROGRESS',
    alarms: { status: 'TRIGGERED', triggered: ['errors'] }
  })
  until(s.world, () => old.rolloutState === 'COMPLETED', 300)
  expect(s.service.deployments.map((d) => d.id)).toEqual([old.id])
  expect(monitor(s)).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL', alarms: { status: 'TRIGGERED' } })
})

test('with alarms a deployment stays IN_PROGRESS through its bake time though the counts match', () => {
  const s = shop({ service: { alarms } })
  s.world.cloudwatch.alarm('errors', { period: 60, evaluationPeriods: 3 })
  const mine = s.deploy()
  until(s.world, () => s.service.deployments.length === 1)
  const wait = until(s.world, () => mine.rolloutState === 'COMPLETED')
  expect(wait).toBeGreaterThan(200)
  expect(wait).toBeLessThan(300)
  expect(monitor(s)).toMatchObject({ status: 'SUCCESSFUL', alarms: { status: 'MONITORING_COMPLETE' } })
})

test('an alarm in the bake time still goes back; old tasks have to be started again', () => {
  const s = shop({ service: { alarms } })
  const alarm = s.world.cloudwatch.alarm('errors', { evaluationPeriods: 3 })
  const old = s.service.primary
  const mine = s.deploy()
  until(s.world, () => s.service.deployments.length === 1)
  s.world.clock.advanceBy(60_000)
  alarm.set('ALARM')
  until(s.world, () => mine.rolloutState === 'FAILED', 25)
  expect(s.service.primary.id).toBe(old.id)
  until(s.world, () => old.rolloutState === 'COMPLETED', 600)
  expect(s.service.tasks.filter((t) => t.desiredStatus === 'RUNNING').map((t) => t.deploymentId)).toEqual([
    old.id
  ])
})

test('bakeTimeInMinutes holds a rolling deployment too, with alarms or without', () => {
  const s = shop({ service: { bakeTimeInMinutes: 10 } })
  const mine = s.deploy()
  until(s.world, () => s.service.deployments.length === 1)
  const wait = until(s.world, () => mine.rolloutState === 'COMPLETED')
  expect(wait).toBeGreaterThan(600)
  expect(wait).toBeLessThan(680)
})

test('an alarm already in ALARM when a deployment begins: alarms are ignored for all of it', () => {
  const s = shop({ service: { alarms: { ...alarms, alarmNames: ['errors', 'latency'] } } })
  const errors = s.world.cloudwatch.alarm('errors', { state: 'ALARM' })
  const latency = s.world.cloudwatch.alarm('latency')
  const mine = s.deploy()
  expect(monitor(s)).toMatchObject({ alarms: { status: 'DISABLED', names: ['errors', 'latency'] } })
  s.world.clock.advanceBy(30_000)
  errors.set('OK')
  errors.set('ALARM')
  latency.set('ALARM')
  until(s.world, () => mine.rolloutState === 'COMPLETED', 180)
  expect(monitor(s)).toMatchObject({ status: 'SUCCESSFUL', alarms: { status: 'DISABLED', triggered: [] } })
})

test('without rollback an alarm fails the deployment and leaves it so: STOP_REQUESTED, then STOPPED', () => {
  const s = shop({ service: { alarms: { ...alarms, rollback: false } } })
  s.world.cloudwatch.alarm('errors', { changes: [{ after: 30, state: 'ALARM' }] })
  const mine = s.deploy()
  until(s.world, () => mine.rolloutState === 'FAILED', 60)
  expect(s.service.primary).toBe(mine)
  expect(monitor(s)).toMatchObject({ status: 'STOP_REQUESTED', alarms: { status: 'TRIGGERED' } })
  s.world.clock.advanceBy(20_000)
  expect(monitor(s)).toMatchObject({ status: 'STOPPED' })
  const started = s.service.tasks.length
  s.world.clock.advanceBy(1_800_000)
  expect(s.service.tasks).toHaveLength(started)
})

test('an alarm that flickers between two looks of ECS, and one after the end, fail nothing', () => {
  const s = shop({ service: { alarms } })
  const alarm = s.world.cloudwatch.alarm('errors')
  const mine = s.deploy()
  s.world.clock.advanceBy(30_000)
  alarm.set('ALARM')
  s.world.clock.advanceBy(10_000)
  alarm.set('OK')
  until(s.world, () => mine.rolloutState === 'COMPLETED')
  alarm.set('ALARM')
  s.world.clock.advanceBy(600_000)
  expect(s.service.primary).toBe(mine)
  expect(mine.rolloutState).toBe('COMPLETED')
})

test('breaker and alarm watch together: whichever is first fails the deployment', () => {
  const s = shop({ service: { alarms, circuitBreaker: breaker } })
  const alarm = s.world.cloudwatch.alarm('errors')
  const bad = s.deploy({ behaviour: { exits: { code: 1, after: 0 } } })
  until(s.world, () => bad.failedTasks === 2)
  alarm.set('ALARM')
  until(s.world, () => bad.rolloutState === 'FAILED')
  expect(messages(s.service)).toContain(
    `(service shop) (deployment ${bad.id}) deployment failed: alarm detected.`
  )
  s.world.clock.advanceBy(600_000)
  expect(messages(s.service).filter((m) => /deployment failed/.test(m))).toHaveLength(1)
})

test('a composite alarm follows its rule and can fail a deployment', () => {
  const s = shop({ service: { alarms: { ...alarms, alarmNames: ['any'] } } })
  const errors = s.world.cloudwatch.alarm('errors')
  s.world.cloudwatch.alarm('latency', { state: 'INSUFFICIENT_DATA' })
  const any = s.world.cloudwatch.alarm('any', { rule: '(ALARM("errors") OR ALARM(latency)) AND NOT FALSE' })
  const mine = s.deploy()
  s.world.clock.advanceBy(30_000)
  expect(any.state).toBe('OK')
  errors.set('ALARM')
  expect(any.state).toBe('ALARM')
  s.world.clock.advanceBy(21_000)
  expect(mine.rolloutState).toBe('FAILED')
  errors.set('OK')
  expect(any.state).toBe('OK')
  expect(() => s.world.cloudwatch.alarm('broken', { rule: 'ALARM(errors' })).toThrow(/not valid/)
})

test('the bake time that follows from alarms stays below five minutes', () => {
  const s = shop({ service: { alarms } })
  s.world.cloudwatch.alarm('errors', { period: 3600, evaluationPeriods: 3 })
  const mine = s.deploy()
  until(s.world, () => s.service.deployments.length === 1)
  expect(until(s.world, () => mine.rolloutState === 'COMPLETED')).toBeLessThan(345)
})
