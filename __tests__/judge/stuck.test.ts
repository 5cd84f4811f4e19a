/** A deployment that cannot go on is said to be stuck long before the deadline, and never one that only waits. */
import { describe, expect, test } from '@jest/globals'
import type { Service, ServiceEvent } from '../../src/domain/service.js'
import { blockedBy } from '../../src/judge/stuck.js'
import { after, deployment, look, oldDeployment, service, start, subject, task } from './looks.js'

const event = (seconds: number, message: string): ServiceEvent => ({
  id: `${seconds} ${message}`,
  at: start + seconds * 1000,
  message
})
const noChange =
  'service (web) was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.'
const capacity =
  '(service web) was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different availability zone.'
const blockedAccount = '(service web) was unable to place a task because your account is currently blocked.'
const quota = `(service web) was unable to place a task. Reason: You've reached the limit on the number of tasks you can run concurrently`
const protectedTasks =
  '(service web) was unable to reach steady state because (taskSet ecs-svc/1) was unable to scale in due to (reason 2 tasks under protection)'

/** Nothing of ours has started; the old tasks run. */
const still = (change: Partial<Service> = {}, desired = 1): Service =>
  service({
    desired,
    running: desired,
    minimumHealthyPercent: 100,
    maximumPercent: 200,
    deployments: [
      deployment({ rolloutState: 'IN_PROGRESS', running: 0, desired }),
      oldDeployment({ running: desired, desired })
    ],
    ...change
  })
const watching = (until: number, seen: Parameters<typeof look>[1], from = 5) =>
  after(Array.from({ length: Math.floor((until - from) / 5) + 1 }, (_, i) => look(from + i * 5, seen)))
    .verdict

describe('arithmetic: the percentages leave no room', () => {
  test.each([
    [1, 100, 100],
    [3, 100, 125],
    [2, 75, 100],
    [1, 1, 199],
    [4, 100, 124]
  ])('%i tasks at %i/%i: failing after a minute, with the numbers', (desired, min, max) => {
    const seen = { service: still({ minimumHealthyPercent: min, maximumPercent: max }, desired) }
    expect(watching(55, seen).state).toBe('waiting')
    const verdict = watching(70, seen)
    expect(verdict).toMatchObject({ state: 'failing', because: 'stuck', code: 'stuck' })
    expect(verdict).toMatchObject({ detail: expect.stringContaining(`maximumPercent ${max}`) as unknown })
  })

  test.each([
    [1, 100, 200],
    [1, 0, 100],
    [4, 50, 100],
    [4, 100, 125],
    [2, 75, 150]
  ])('%i tasks at %i/%i: there is room, so it is waited for', (desired, min, max) => {
    const seen = { service: still({ minimumHealthyPercent: min, maximumPercent: max }, desired) }
    expect(watching(1500, seen).state).toBe('waiting')
  })

  const full = { minimumHealthyPercent: 100, maximumPercent: 100 }
  test('not when an old task is missing, when one of ours starts, or when going back', () => {
    expect(watching(300, { service: still({ ...full, running: 0 }) }).state).toBe('waiting')
    expect(watching(300, { service: still(full), tasks: [task('1', { lastStatus: 'PENDING' })] }).state).toBe(
      'waiting'
    )
    const looks = [look(5, { service: still(full) }), look(300, { service: still(full) })]
    expect(after(looks, {}, { ...subject, adoptsTasks: true }).verdict.state).toBe('waiting')
  })

  test('a change of the percentages or of the count begins the patience anew', () => {
    const before = look(5, { service: still(full) })
    const changed = look(60, { service: still({ ...full, maximumPercent: 101 }) })
    expect(after([before, changed, look(100, { service: changed.service })]).verdict.state).toBe('waiting')
  })
})

describe('what ECS says, once nothing has moved for long enough', () => {
  test.each([
    ['its own percentages', noChange, 'stuck', 180],
    ['a blocked account', blockedAccount, 'account-blocked', 120],
    ['a quota', quota, 'quota', 300],
    ['no capacity', capacity, 'capacity', 600]
  ])('%s', (_, message, code, seconds) => {
    const seen = { service: still({ events: [event(4, message)] }) }
    expect(watching(seconds - 5, seen).state).toBe('waiting')
    const verdict = watching(seconds + 5, seen)
    expect(verdict).toMatchObject({ state: 'failing', because: 'stuck', code })
    expect(verdict).toMatchObject({ detail: expect.stringContaining(message) as unknown })
  })

  test.each([
    ['of ten minutes', 600, 298],
    ['of four', 240, 118]
  ])('with a deadline %s: after half of what was left', (_, deadline, seconds) => {
    const change = { deadline: start + deadline * 1000 }
    const looks = (until: number) =>
      [5, until].map((s) => look(s, { service: still({ events: [event(4, capacity)] }) }))
    expect(after(looks(seconds - 1), change).verdict.state).toBe('waiting')
    expect(after(looks(seconds + 5), change).verdict).toMatchObject({ because: 'stuck', code: 'capacity' })
  })

  test('tasks under protection have their ten minutes, whatever the deadline', () => {
    const seen = { service: still({ events: [event(4, protectedTasks)] }) }
    const looks = [5, 500].map((s) => look(s, seen))
    expect(after(looks, { deadline: start + 720_000 }).verdict.state).toBe('waiting')
  })

  test('words from before the deployment began are not about it', () => {
    const seen = { service: still({ events: [event(-60, capacity)] }) }
    expect(watching(1500, seen).state).toBe('waiting')
  })

  test('the words stay known when the hundred newest events no longer hold them', () => {
    const told = look(5, { service: still({ events: [event(4, capacity)] }) })
    const forgotten = [300, 605].map((s) => look(s, { service: still() }))
    expect(after([told, ...forgotten]).verdict).toMatchObject({ state: 'failing', code: 'capacity' })
  })

  test('capacity that comes back: a task that started after the event clears it', () => {
    const events = [event(4, capacity)]
    const later = task('1', { createdAt: start + 300_000, startedAt: start + 310_000 })
    const seen = { service: still({ events }, 2), tasks: [later] }
    const looks = [look(5, { service: still({ events }, 2) }), look(320, seen), look(1500, seen)]
    expect(after(looks).verdict.state).toBe('waiting')
  })

  test('a slow pull is not stuck, whatever was said before', () => {
    const pending = deployment({ rolloutState: 'IN_PROGRESS', running: 0, pending: 1 })
    const seen = { service: still({ events: [event(4, capacity)], deployments: [pending, oldDeployment()] }) }
    expect(watching(1500, seen).state).toBe('waiting')
  })

  test('old tasks under protection: all new ones are healthy, so nothing is undone', () => {
    const seen = {
      service: still({
        events: [event(4, protectedTasks)],
        deployments: [deployment({ rolloutState: 'IN_PROGRESS', running: 1 }), oldDeployment({ running: 1 })]
      }),
      tasks: [task('1')]
    }
    expect(watching(590, seen).state).toBe('waiting')
    expect(watching(700, seen)).toMatchObject({
      state: 'inconclusive',
      code: 'stuck',
      what: expect.stringContaining('under protection') as unknown
    })
  })

  test('old tasks that were under protection and only drain by now are waited for', () => {
    const seen = (running: number) => ({
      service: still({
        events: [event(4, protectedTasks)],
        deployments: [deployment({ rolloutState: 'IN_PROGRESS', running: 1 }), oldDeployment({ running })]
      }),
      tasks: [task('1')]
    })
    const looks = [5, 300, 500].map((s) => look(s, seen(1)))
    expect(after([...looks, look(550, seen(0)), look(1300, seen(0))]).verdict.state).toBe('waiting')
  })

  test('old tasks under protection that leave no room for new ones: failing', () => {
    const seen = {
      service: still({ events: [event(4, protectedTasks)], minimumHealthyPercent: 0, maximumPercent: 100 })
    }
    expect(watching(610, seen)).toMatchObject({ state: 'failing', because: 'stuck', code: 'stuck' })
  })
})

test.each([
  [noChange, 'configuration'],
  [protectedTasks, 'protection'],
  [capacity, 'capacity'],
  [quota, 'quota'],
  [
    `(service web) was unable to place a task. Reason: You've reached the limit on the number of vCPUs you can run concurrently`,
    'quota'
  ],
  [
    '(service web) was unable to place a task. Reason: The requested CPU configuration is above your limit.',
    'quota'
  ],
  [
    'service (web) was unable to place tasks in your cluster because the tasks provisioning capacity limit was exceeded.',
    'quota'
  ],
  [blockedAccount, 'blocked'],
  [
    'service (web) was unable to place a task because no container instance met all of its requirements.',
    'capacity'
  ],
  [
    'service (web) was unable to place a task because no container instance met all of its requirements. The closest matching container-instance 0123 has insufficient CPU units available.',
    'capacity'
  ],
  [
    'service (web) was unable to place a task because no container instance met all of its requirements. The closest matching container-instance 0123 is already using a port required by your task.',
    'capacity'
  ]
])('is an obstacle: %s', (message, kind) => {
  expect(blockedBy(event(1, message))).toMatchObject({ kind })
})

test.each([
  '(service web) has reached a steady state.',
  '(service web) has started 1 tasks: (task 0123).',
  '(service web) is unable to consistently start tasks successfully.',
  '(service web) was unable to place a task. Reason: CannotPullContainerError: pull image manifest has been retried 7 time(s): failed to resolve ref a/b:c: a/b:c: not found.',
  '(service web) was unable to place a task. Reason: Internal error.',
  '(service web) operations are being throttled. Will try again later.',
  '(service web) (deployment ecs-svc/2) deployment completed.'
])('is none: %s', (message) => {
  expect(blockedBy(event(1, message))).toBeUndefined()
})
