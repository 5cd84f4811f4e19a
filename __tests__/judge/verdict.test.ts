import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Observation } from '../../src/domain/observation.js'
import { tolerance } from '../../src/judge/policy.js'
import {
  after,
  dead,
  deployment,
  exited,
  group,
  lb,
  look,
  newRevision,
  oldDeployment,
  oldRevision,
  service,
  start,
  subject,
  target,
  task
} from './looks.js'

const inProgress = (change = {}) => deployment({ rolloutState: 'IN_PROGRESS', ...change })

describe('healthy', () => {
  test('needs the whole bake time without a break', () => {
    const good = (s: number) => look(s, { tasks: [task('1')] })
    expect(after([good(100)]).verdict).toEqual({
      state: 'healthy',
      since: start + 100_000,
      bakeLeftMs: 60_000
    })
    expect(after([good(100), good(159)]).verdict).toMatchObject({ bakeLeftMs: 1000 })
    expect(after([good(100), good(160)]).verdict).toMatchObject({ bakeLeftMs: 0 })
    const gap = look(130, { service: service({ running: 0, deployments: [deployment({ running: 0 })] }) })
    expect(after([good(100), gap, good(160)]).verdict).toMatchObject({ bakeLeftMs: 60_000 })
  })

  test('one more task that starts takes nothing away: ECS balances zones so', () => {
    const seen = (s: number, running: number, tasks = [task('1')]) =>
      look(s, { service: service({ running, deployments: [deployment({ running })] }), tasks })
    const starting = task('2', { lastStatus: 'PENDING' })
    expect(after([seen(100, 1), seen(130, 2, [task('1'), starting]), seen(160, 1)]).verdict).toMatchObject({
      state: 'healthy',
      bakeLeftMs: 0
    })
    const sick = task('2', { healthStatus: 'UNHEALTHY' })
    expect(after([seen(100, 1), seen(130, 2, [task('1'), sick])]).verdict.state).toBe('waiting')
  })

  test('a task that failed and was replaced between two looks breaks the bake', () => {
    const seen = (s: number, ...more: ReturnType<typeof task>[]) =>
      look(s, { tasks: [task('2', { startedAt: start }), ...more] })
    expect(after([seen(100), seen(150, exited('1')), seen(170, exited('1'))]).verdict).toMatchObject({
      state: 'healthy',
      bakeLeftMs: 40_000
    })
  })

  describe('after a task that was healthy and died', () => {
    // The first one lived for 100 s; the second is whole from 200 s on.
    const first = task('1', { startedAt: start })
    const died = (change = {}) => ({
      ...exited('1'),
      startedAt: start,
      endedAt: start + 100_000,
      stoppedAt: start + 100_000,
      ...change
    })
    const second = task('2', { startedAt: start + 150_000 })
    const looks = (s: number, one = died()) => [
      look(60, { tasks: [first] }),
      look(110, {
        service: service({ running: 0, deployments: [deployment({ running: 0 })] }),
        tasks: [one]
      }),
      look(200, { tasks: [one, second] }),
      look(s, { tasks: [one, second] })
    ]

    test('all must stay healthy for longer than it lived', () => {
      expect(after(looks(260)).verdict).toMatchObject({ state: 'healthy', bakeLeftMs: 40_000 })
      expect(after(looks(300)).verdict).toMatchObject({ state: 'healthy', bakeLeftMs: 0 })
    })

    test('not for longer than ten minutes, not past the deadline, and not where no bake time is asked', () => {
      const old = died({ startedAt: start - 3_600_000 })
      expect(after(looks(260, old)).verdict).toMatchObject({ bakeLeftMs: 540_000 })
      expect(after(looks(260), { deadline: start + 255_000 }).verdict).toMatchObject({ bakeLeftMs: 0 })
      expect(after(looks(200), { bakeMs: 0 }).verdict).toMatchObject({ bakeLeftMs: 0 })
    })

    test('one that never was healthy asks for nothing more', () => {
      const [, gone, again, last] = looks(260)
      expect(after([gone!, again!, last!]).verdict).toMatchObject({ bakeLeftMs: 0 })
    })
  })

  test('an UNHEALTHY container that is not essential takes nothing away, as for ECS', () => {
    const containers = [
      { name: 'agent', lastStatus: 'RUNNING', healthStatus: 'UNHEALTHY', addresses: [], bindings: [] }
    ]
    const seen = look(100, { tasks: [task('1', { containers })] })
    expect(after([seen], {}, { ...subject, healthChecked: ['app'] }).verdict.state).toBe('healthy')
    expect(after([seen], {}, { ...subject, healthChecked: ['agent'] }).verdict.state).toBe('waiting')
    const told = look(100, { tasks: [task('1', { containers, healthStatus: 'UNHEALTHY' })] })
    expect(after([told], {}, { ...subject, healthChecked: ['app'] }).verdict.state).toBe('waiting')
  })

  test('a look without details keeps a health that was established, and establishes none', () => {
    const blind = (s: number): Observation => {
      return { ...look(s), tasks: undefined as never, targets: undefined as never }
    }
    expect(after([look(100, { tasks: [task('1')] }), blind(110)]).verdict).toMatchObject({
      state: 'healthy',
      since: start + 100_000
    })
    expect(after([blind(100)]).verdict.state).toBe('waiting')
  })

  test.each<[string, Partial<Observation>]>([
    [
      'IN_PROGRESS, though running equals desired',
      { service: service({ deployments: [inProgress()] }), tasks: [task('1')] }
    ],
    [
      'a rollout state that we do not know',
      { service: service({ deployments: [deployment({ rolloutState: 'PAUSED' })] }), tasks: [task('1')] }
    ],
    [
      'no rollout state without a classic load balancer',
      {
        service: service({ deployments: [{ ...deployment(), rolloutState: undefined as never }] }),
        tasks: [task('1')]
      }
    ],
    [
      '0 of 0 tasks',
      { service: service({ desired: 0, running: 0, deployments: [deployment({ desired: 0, running: 0 })] }) }
    ],
    [
      'a task fewer than desired',
      {
        service: service({ desired: 2, deployments: [deployment({ desired: 2, running: 1 })] }),
        tasks: [task('1')]
      }
    ],
    [
      'a task that has run for less than 40 s without any check',
      { tasks: [task('1', { startedAt: start + 70_000 })] }
    ],
    [
      'a container that is UNHEALTHY',
      {
        tasks: [
          task('1', {
            containers: [
              { name: 'app', lastStatus: 'RUNNING', healthStatus: 'UNHEALTHY', addresses: [], bindings: [] }
            ]
          })
        ]
      }
    ],
    [
      'a target that is not registered',
      { service: service({ loadBalancers: lb }), tasks: [task('1')], targets: new Map([[group, []]]) }
    ],
    [
      'a target in a state that we do not know',
      {
        service: service({ loadBalancers: lb }),
        tasks: [task('1')],
        targets: new Map([[group, [target('1', 'warming')]]])
      }
    ],
    [
      'a target group whose health was not read this time',
      { service: service({ loadBalancers: lb }), tasks: [task('1')], targets: new Map() }
    ]
  ])('is not: %s', (_, seen) => {
    expect(after([look(100, seen)]).verdict.state).toBe('waiting')
  })

  test('every target group of the service counts', () => {
    const other = group.replace('web-tg', 'admin-tg')
    const both = service({
      loadBalancers: [...lb, { targetGroupArn: other, containerName: 'app', containerPort: 90 }]
    })
    const seen = (state: string) =>
      look(100, {
        service: both,
        tasks: [task('1')],
        targets: new Map([
          [group, [target('1', 'healthy')]],
          [other, [target('1', state, { port: 90 })]]
        ])
      })
    expect(after([seen('initial')]).verdict.state).toBe('waiting')
    expect(after([seen('healthy')]).verdict.state).toBe('healthy')
  })

  test('instance targets are found by instance and host port', () => {
    const onInstance = task('1', {
      addresses: [],
      containerInstanceArn: 'ci',
      containers: [
        {
          name: 'app',
          lastStatus: 'RUNNING',
          addresses: [],
          bindings: [{ containerPort: 80, hostPort: 32768 }]
        }
      ]
    })
    const seen = (port: number) =>
      look(100, {
        service: service({ loadBalancers: lb }),
        tasks: [onInstance],
        instances: new Map([['ci', 'i-1']]),
        targets: new Map([[group, [{ id: 'i-1', port, state: 'healthy' }]]])
      })
    expect(after([seen(32768)]).verdict.state).toBe('healthy')
    expect(after([seen(32769)]).verdict.state).toBe('waiting')
  })

  test('without permission for targets or tasks the rest decides', () => {
    const noTargets = look(100, {
      service: service({ loadBalancers: lb }),
      tasks: [task('1')],
      unreadableTargetGroups: [group]
    })
    expect(after([noTargets]).verdict.state).toBe('healthy')
    const noTasks = { ...look(100, { tasksReadable: false }), tasks: undefined as never }
    expect(after([noTasks]).verdict.state).toBe('healthy')
  })

  test('behind a classic load balancer one settled deployment is the sign', () => {
    const classic = service({
      loadBalancers: [{ classicName: 'elb', containerName: 'app', containerPort: 80 }],
      deployments: [{ ...deployment(), rolloutState: undefined as never }]
    })
    expect(after([look(100, { service: classic, tasks: [task('1')] })]).verdict.state).toBe('healthy')
  })
})

describe('failing', () => {
  const rolling = (s: number, tasks: Observation['tasks'] & {}) =>
    look(s, { service: service({ deployments: [inProgress({ running: 0 }), oldDeployment()] }), tasks })

  test('more failed tasks than tolerated, each counted once', () => {
    expect(after([rolling(40, [exited('1')]), rolling(45, [exited('1')])]).verdict.state).toBe('waiting')
    expect(after([rolling(40, [exited('1')]), rolling(90, [exited('2')])]).verdict).toMatchObject({
      state: 'failing',
      because: 'loop'
    })
  })

  test('a task counts even when two looks straddle its whole life and AWS forgets it after', () => {
    const { verdict, memory } = after([
      rolling(10, []),
      rolling(90, [exited('1')]),
      rolling(9000 / 60, [exited('2')])
    ])
    expect(verdict.state).toBe('failing')
    expect(memory.failed.size).toBe(2)
  })

  test('failures before new healthy ground do not count against later ones', () => {
    const two = (s: number, tasks: Observation['tasks'] & {}) =>
      look(s, {
        service: service({ desired: 2, deployments: [inProgress({ desired: 2 }), oldDeployment()] }),
        tasks
      })
    const looks = [
      two(40, [exited('1')]),
      two(100, [exited('1'), task('2')]),
      two(140, [exited('1'), task('2'), exited('3')])
    ]
    expect(after(looks).verdict.state).toBe('waiting')
  })

  test('flapping is a loop: the same ground again is no gain', () => {
    const looks = [
      rolling(60, [task('1')]),
      rolling(120, [exited('1')]),
      rolling(180, [exited('1'), task('2')]),
      rolling(240, [exited('1'), exited('2')])
    ]
    expect(after(looks).verdict).toMatchObject({ state: 'failing', because: 'loop' })
  })

  test.each([
    ['scale-in', 'ServiceSchedulerInitiated', 'Scaling activity initiated by (deployment ecs-svc/2)'],
    ['Spot', 'SpotInterruption', 'Your Spot Task was interrupted.'],
    ['host loss', 'TerminationNotice', 'Host EC2 (instance i-0123) terminated.'],
    ['infrastructure', 'InfrastructureHealth', 'Task stopped due to infrastructure health'],
    ['a person', 'UserInitiated', 'drill'],
    ['a code that we do not know', 'QuantumDecoherence', 'Essential container in task exited']
  ])('a stop by %s is no failure', (_, code, reason) => {
    const looks = Array.from({ length: 9 }, (__, i) => rolling(40 + i * 10, [dead(String(i), code, reason)]))
    expect(after(looks).verdict.state).toBe('waiting')
  })

  test('a permanent cause at the first task', () => {
    const gone = dead(
      '1',
      'TaskFailedToStart',
      'CannotPullContainerError: pull image manifest has been retried 7 time(s): failed to resolve ref r:1: r:1: not found'
    )
    expect(after([rolling(90, [gone])]).verdict).toMatchObject({ state: 'failing', because: 'permanent' })
  })

  test('tasks of other deployments and the past of one that is promoted again do not count', () => {
    const others = ['1', '2', '3'].map((id) => ({ ...exited(id), startedBy: 'ecs-svc/1' }))
    expect(after([rolling(40, others)]).verdict.state).toBe('waiting')
    const past = ['1', '2', '3'].map((id) => ({ ...exited(id), stoppedAt: start - 5000 }))
    expect(after([rolling(40, past)]).verdict.state).toBe('waiting')
  })

  test('rolloutState FAILED', () => {
    const failed = look(40, {
      service: service({
        deployments: [
          deployment({
            rolloutState: 'FAILED',
            rolloutStateReason: 'ECS deployment circuit breaker: tasks failed to start.'
          })
        ]
      })
    })
    expect(after([failed]).verdict).toEqual({
      state: 'failing',
      because: 'ecs-failed',
      detail: 'ECS deployment circuit breaker: tasks failed to start.'
    })
  })

  test.each<[string, ReturnType<typeof service>]>([
    [
      'the old deployment is promoted again',
      service({
        deployments: [
          oldDeployment({ status: 'PRIMARY', rolloutState: 'IN_PROGRESS', createdAt: start + 1 }),
          deployment({ status: 'ACTIVE', rolloutState: 'FAILED' })
        ]
      })
    ],
    [
      'a third deployment of the old revision says so',
      service({
        deployments: [
          oldDeployment({
            id: 'ecs-svc/3',
            status: 'PRIMARY',
            rolloutState: 'IN_PROGRESS',
            rolloutStateReason: 'ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1.'
          }),
          inProgress({ status: 'ACTIVE' })
        ]
      })
    ],
    [
      'it is over already, and only the events tell',
      service({
        deployments: [oldDeployment({ id: 'ecs-svc/3', status: 'PRIMARY', createdAt: start + 9000 })],
        events: [
          {
            id: 'e',
            at: start + 1,
            message: '(service web) (deployment ecs-svc/2) deployment failed: tasks failed to start.'
          }
        ]
      })
    ]
  ])('ECS rolls back: %s', (_, seen) => {
    expect(after([look(40), look(60, { service: seen })]).verdict).toMatchObject({
      state: 'failing',
      because: 'ecs-rolling-back'
    })
  })

  test('the deadline, unless the deployment is healthy by then', () => {
    expect(after([rolling(1800, [])]).verdict).toMatchObject({ state: 'failing', because: 'deadline' })
    expect(
      after([look(1790, { tasks: [task('1')] }), look(1801, { tasks: [task('1')] })]).verdict.state
    ).toBe('healthy')
    // All new tasks healthy, only the old ones still drain: nothing is undone blindly.
    const draining = look(1800, {
      service: service({ deployments: [inProgress(), oldDeployment({ running: 1 })] }),
      tasks: [task('1')]
    })
    expect(after([draining]).verdict.state).toBe('inconclusive')
  })

  test('scaled to 0 is never healthy, and nothing is undone for it', () => {
    const zero = service({ desired: 0, running: 0, deployments: [deployment({ desired: 0, running: 0 })] })
    expect(after([look(100, { service: zero }), look(1800, { service: zero })]).verdict).toMatchObject({
      state: 'inconclusive',
      code: 'stuck'
    })
  })
})

describe('superseded', () => {
  const theirs = deployment({
    id: 'ecs-svc/9',
    taskDefinition: newRevision.replace(':2', ':3'),
    rolloutState: 'IN_PROGRESS',
    createdAt: start + 30_000
  })
  test('another deployment is PRIMARY', () => {
    const seen = service({ deployments: [theirs, inProgress({ status: 'ACTIVE' })] })
    expect(after([look(10), look(40, { service: seen })]).verdict).toMatchObject({
      state: 'superseded',
      by: { id: 'ecs-svc/9' }
    })
  })
  test('somebody deploys the old revision again: theirs, not a rollback of ECS', () => {
    const seen = service({
      deployments: [{ ...theirs, taskDefinition: oldRevision }, inProgress({ status: 'ACTIVE' })]
    })
    expect(after([look(10), look(40, { service: seen })]).verdict.state).toBe('superseded')
  })
  test('an answer from before the write is no take-over', () => {
    const stale = look(2, { service: service({ deployments: [oldDeployment({ status: 'PRIMARY' })] }) })
    expect(after([stale]).verdict.state).toBe('waiting')
    expect(after([look(1), stale]).verdict.state).toBe('waiting')
  })
})

test('a service that is going away is inconclusive', () => {
  expect(after([look(10, { service: service({ status: 'DRAINING' }) })]).verdict.state).toBe('inconclusive')
})

test('the tolerance: 1 up to 4 desired, else a quarter, always below the breaker', () => {
  const at = (desired: number, breaker = {}) =>
    tolerance('auto', service({ desired, breaker: { enable: false, rollback: false, ...breaker } }))
  expect([1, 4, 5, 8, 20, 100].map((n) => at(n))).toEqual([1, 1, 1, 2, 5, 25])
  expect(tolerance(10, service({ desired: 1, breaker: { enable: true, rollback: true } }))).toBe(2)
  expect(at(8, { enable: true, thresholdType: 'COUNT', thresholdValue: 1 })).toBe(0)
})

test('order and repetition of what is seen change nothing, and more failures never turn failing into waiting', () => {
  const pool = [
    exited('1'),
    exited('2'),
    exited('3', 2),
    task('4'),
    dead('5', 'SpotInterruption', 'x'),
    dead('6', 'ServiceSchedulerInitiated', 'Scaling activity initiated by (deployment ecs-svc/2)')
  ]
  const some = fc.shuffledSubarray(pool)
  const rolling = (s: number, tasks: Observation['tasks'] & {}) =>
    look(s, { service: service({ deployments: [inProgress({ running: 0 })] }), tasks })
  fc.assert(
    fc.property(some, (tasks) => {
      const once = after([rolling(60, tasks)]).verdict
      expect(after([rolling(60, [...tasks].reverse())]).verdict).toEqual(once)
      expect(after([rolling(60, tasks), rolling(60, tasks)]).verdict).toEqual(once)
      if (once.state === 'failing')
        expect(after([rolling(60, tasks), rolling(70, [...tasks, exited('9')])]).verdict.state).toBe(
          'failing'
        )
    })
  )
})
