/** Evidence before ECS stops the first task, and evidence that a task was never ready: early, and never wrong. */
import { describe, expect, test } from '@jest/globals'
import type { Observation } from '../../src/domain/observation.js'
import type { Target, Task } from '../../src/domain/service.js'
import {
  after,
  dead,
  deployment,
  exited,
  group,
  lb,
  look,
  oldDeployment,
  policy,
  service,
  start,
  subject,
  target,
  task
} from './looks.js'

const wrong: Partial<Target> = {
  reason: 'Target.ResponseCodeMismatch',
  description: 'Health checks failed with these codes: [404]'
}
const checks = new Map([[group, { arn: group, intervalMs: 15_000, unhealthyThreshold: 3 }]])

/** Two wanted tasks with a grace period of 60 s, checked every 15 s, unhealthy after three checks. */
function rolling(seconds: number, tasks: Task[], targets: Target[], change: Partial<Observation> = {}) {
  return look(seconds, {
    service: service({
      desired: 2,
      running: 4,
      loadBalancers: lb,
      gracePeriodMs: 60_000,
      deployments: [
        deployment({ rolloutState: 'IN_PROGRESS', desired: 2, running: 2 }),
        oldDeployment({ desired: 2, running: 2 })
      ]
    }),
    tasks,
    targets: new Map([[group, targets]]),
    targetGroups: checks,
    ...change
  })
}
const two = [task('1'), task('2')]
const bad = (change: Partial<Target> = wrong) => ['1', '2'].map((id) => target(id, 'unhealthy', change))

describe('unhealthy targets, before the first task is stopped', () => {
  test('every new task past its grace period: failing, five seconds later', () => {
    const looks = [30, 45, 60].map((s) => rolling(s, two, bad()))
    expect(after(looks).verdict.state).toBe('waiting')
    expect(after([...looks, rolling(65, two, bad())]).verdict).toMatchObject({
      state: 'failing',
      because: 'loop',
      detail: '2 tasks unhealthy past the grace period, more than the 1 tolerated; 0 of 2 healthy'
    })
  })

  test.each([
    ['inside the grace period', [rolling(40, two, bad()), rolling(55, two, bad())]],
    [
      'a grace period of an hour',
      [60, 1200].map((s) => {
        const seen = rolling(s, two, bad())
        return { ...seen, service: { ...seen.service, gracePeriodMs: 3_600_000 } }
      })
    ],
    [
      'a longer time that the target group needs to be sure',
      [60, 85].map((s) =>
        rolling(s, two, bad(), {
          targetGroups: new Map([[group, { arn: group, intervalMs: 30_000, unhealthyThreshold: 3 }]])
        })
      )
    ],
    [
      'without permission to read interval and threshold, for two minutes',
      [60, 115].map((s) => rolling(s, two, bad(), { targetGroups: new Map() }))
    ],
    ['one look alone', [rolling(90, two, bad())]],
    ['one warm-up 503 that recovers', [rolling(60, two, bad()), rolling(70, two, [target('1', 'healthy')])]],
    [
      'another task of ours is healthy',
      [60, 90].map((s) => rolling(s, two, [target('1', 'healthy'), target('2', 'unhealthy', wrong)]))
    ],
    [
      'one task of ours was healthy once',
      [rolling(50, two, [target('1', 'healthy')]), rolling(60, two, bad()), rolling(90, two, bad())]
    ],
    [
      'a younger task is still within its time',
      [60, 90].map((s) => rolling(s, [task('1'), task('2', { startedAt: start + 60_000 })], bad()))
    ],
    [
      'two are bad, and a third is younger',
      [60, 90].map((s) =>
        rolling(
          s,
          [...two, task('3', { startedAt: start + 60_000 })],
          [...bad(), target('3', 'unhealthy', wrong)]
        )
      )
    ],
    [
      'they give different answers',
      [60, 90].map((s) =>
        rolling(s, two, [
          target('1', 'unhealthy', wrong),
          target('2', 'unhealthy', { reason: 'Target.Timeout' })
        ])
      )
    ],
    [
      'the load balancer itself is in trouble',
      [60, 90].map((s) => rolling(s, two, bad({ reason: 'Elb.InternalError' })))
    ],
    [
      'a state that we do not know',
      [60, 90].map((s) => rolling(s, two, [target('1', 'warming'), target('2', 'warming')]))
    ]
  ])('is not enough: %s', (_, looks) => {
    expect(after(looks).verdict.state).toBe('waiting')
  })

  test('a single task counts like one failed task: tolerated, until the next one does the same', () => {
    const one = (s: number, tasks: Task[], targets: Target[]) => {
      const seen = rolling(s, tasks, targets)
      return { ...seen, service: { ...seen.service, desired: 1 } }
    }
    const first = [60, 90].map((s) => one(s, [task('1')], [target('1', 'unhealthy', wrong)]))
    expect(after(first).verdict.state).toBe('waiting')
    const killed = dead(
      '1',
      'ServiceSchedulerInitiated',
      `Task failed ELB health checks in (target-group ${group})`
    )
    const next = task('2', { startedAt: start + 120_000 })
    const second = [150, 186].map((s) => one(s, [killed, next], [target('2', 'unhealthy', wrong)]))
    expect(after([...first, ...second]).verdict).toMatchObject({
      state: 'failing',
      detail:
        '1 failed task and 1 task unhealthy past the grace period, more than the 1 tolerated; 0 of 2 healthy'
    })
  })

  test('by the clock of ECS, where that of this machine is ahead', () => {
    const about = { ...subject, aheadMs: 40_000 }
    const looks = [45, 60, 90].map((s) => rolling(s, two, bad()))
    expect(after(looks, {}, about).verdict.state).toBe('waiting')
    expect(after([...looks, rolling(106, two, bad())], {}, about).verdict.state).toBe('failing')
  })

  test('an UNHEALTHY container that is not essential is no evidence: ECS does not replace its task', () => {
    const sick = (id: string) =>
      task(id, {
        containers: [
          { name: 'agent', lastStatus: 'RUNNING', healthStatus: 'UNHEALTHY', addresses: [], bindings: [] }
        ]
      })
    const targets = ['1', '2'].map((id) => target(id, 'initial'))
    const looks = [58, 66, 90].map((s) => rolling(s, [sick('1'), sick('2')], targets))
    expect(after(looks, {}, { ...subject, healthChecked: [] }).verdict.state).toBe('waiting')
    expect(after(looks, {}, { ...subject, healthChecked: ['agent'] }).verdict.state).toBe('failing')
  })

  test('the old revision is not judged by it on the way back', () => {
    const looks = [60, 90, 200].map((s) => rolling(s, two, bad()))
    expect(after(looks, {}, { ...subject, adoptsTasks: true }).verdict.state).toBe('waiting')
  })

  test('a container that stays UNHEALTHY past the grace period is evidence too', () => {
    const sick = (id: string) =>
      task(id, {
        containers: [
          { name: 'app', lastStatus: 'RUNNING', healthStatus: 'UNHEALTHY', addresses: [], bindings: [] }
        ]
      })
    const looks = [58, 66].map((s) => rolling(s, [sick('1'), sick('2')], []))
    expect(after(looks.slice(0, 1)).verdict.state).toBe('waiting')
    expect(after(looks).verdict).toMatchObject({ state: 'failing', because: 'loop' })
  })
})

describe('restarts in place', () => {
  const started = (runtimeId: string, name = 'app') =>
    task('1', {
      containers: [{ name, lastStatus: 'RUNNING', runtimeId, addresses: [], bindings: [] }]
    })
  const seen = (seconds: number, one: Task) => rolling(seconds, [one], [target('1', 'initial')])
  const about = { ...subject, essential: ['app'] }

  test('more than are tolerated of a container that was never ready: failing', () => {
    const looks = ['a', 'b', 'c'].map((id, i) => seen(60 + i * 70, started(id)))
    expect(after(looks, {}, about).verdict.state).toBe('waiting')
    expect(after([...looks, seen(270, started('d'))], {}, about).verdict).toMatchObject({
      state: 'failing',
      detail: '2 restarts in place after a first one, more than the 1 tolerated; 0 of 2 healthy'
    })
  })

  test('not the first of each task, which is what the restart policy is for', () => {
    const pair = (a: string, b: string) => [started(a), { ...started(b), arn: task('2').arn }]
    const looks = [pair('a', 'b'), pair('c', 'd')].map((tasks, i) => rolling(60 + i * 70, tasks, []))
    expect(after(looks, {}, about).verdict.state).toBe('waiting')
  })

  test('not of a container that is not essential, of a task that was healthy, or for stale answers', () => {
    const sidecar = ['a', 'b', 'c', 'd'].map((id, i) => seen(60 + i, started(id, 'agent')))
    expect(after(sidecar, {}, about).verdict.state).toBe('waiting')
    const well = ['a', 'b', 'c', 'd'].map((id, i) => rolling(60 + i, [started(id)], [target('1', 'healthy')]))
    expect(after(well, {}, about).verdict.state).toBe('waiting')
    const stale = ['a', 'b', 'a', 'b', 'a'].map((id, i) => seen(60 + i, started(id)))
    expect(after(stale, {}, about).verdict.state).toBe('waiting')
  })
})

describe('alarms', () => {
  const watched = { ...policy, alarms: ['web-5xx'] }
  const alarm = (state: string, name = 'web-5xx') =>
    rolling(30, [task('1')], [], { alarms: [{ name, state, reason: 'Threshold Crossed' }] })

  test('one that goes to ALARM is failing, also while all is healthy', () => {
    const verdict = { state: 'failing', because: 'alarm', code: 'alarm' }
    expect(after([alarm('ALARM')], watched).verdict).toMatchObject(verdict)
    const baking = look(100, { tasks: [task('1')], alarms: [{ name: 'web-5xx', state: 'ALARM' }] })
    expect(after([baking], watched).verdict).toMatchObject(verdict)
  })

  test.each([
    ['OK', alarm('OK')],
    ['too little data', alarm('INSUFFICIENT_DATA')],
    ['a state that we do not know', alarm('SNOOZED')],
    ['one that was in ALARM before, and so is not watched', alarm('ALARM', 'other')]
  ])('is not: %s', (_, seen) => {
    expect(after([seen], watched).verdict.state).toBe('waiting')
  })

  test('failed tasks are nearer to the root than an alarm', () => {
    const seen = rolling(30, [exited('1'), exited('2')], [], {
      alarms: [{ name: 'web-5xx', state: 'ALARM' }]
    })
    expect(after([seen], watched).verdict).toMatchObject({ because: 'loop' })
  })
})

test('failed tasks are seen though their whole life lay between two looks, and counted once when AWS forgets them', () => {
  const blank = rolling(10, [], [])
  const both = rolling(40, [exited('1')], [])
  const forgotten = rolling(50, [], [])
  const { memory } = after([blank, both, forgotten, both, forgotten])
  expect(memory.failedSinceGain).toBe(1)
  expect(after([blank, both, forgotten, rolling(60, [exited('2')], [])]).verdict).toMatchObject({
    state: 'failing',
    detail: '2 failed tasks, more than the 1 tolerated; 0 of 2 healthy'
  })
})

test("without permission to see tasks, ECS's own record of the rollout counts too", () => {
  const rollout = {
    arn: 'a',
    status: 'IN_PROGRESS',
    triggeredAlarms: [],
    breaker: { status: 'MONITORING', failureCount: 2, threshold: 3 }
  }
  const blind = { tasks: undefined as never, tasksReadable: false, rollout }
  expect(after([rolling(60, [], [], blind)]).verdict).toMatchObject({ state: 'failing', because: 'loop' })
  expect(after([rolling(60, [], [], { rollout })]).verdict.state).toBe('waiting')
})
