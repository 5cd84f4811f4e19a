/** The judge at its edges: the last moment at which something is waited for, and the first at which it is not. */
import { describe, expect, test } from '@jest/globals'
import type { Observation } from '../../src/domain/observation.js'
import { explain } from '../../src/judge/causes.js'
import { findings } from '../../src/judge/findings.js'
import { freshMemory } from '../../src/judge/memory.js'
import { isFlapping } from '../../src/judge/task-memory.js'
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
  policy,
  service,
  start,
  subject,
  target,
  task
} from './looks.js'

const inProgress = (change = {}) => deployment({ rolloutState: 'IN_PROGRESS', ...change })
const deadlineAt = (policy.deadline - start) / 1000

describe('past the deadline', () => {
  const missing = (s: number) =>
    look(s, { service: service({ running: 0, deployments: [deployment({ running: 0 })] }) })
  const settled = deadlineAt + 60 + 300

  test('a completed deployment gets its bake time and five minutes to be whole again', () => {
    const looks = (s: number) => [look(100, { tasks: [task('1')] }), missing(deadlineAt - 5), missing(s)]
    expect(after(looks(settled - 1)).verdict.state).toBe('waiting')
    expect(after(looks(settled)).verdict).toMatchObject({ state: 'inconclusive', code: 'stuck' })
  })

  test('and is failing after them only where something of it was seen to be bad', () => {
    const sick = (s: number) =>
      look(s, {
        service: service({ loadBalancers: lb }),
        tasks: [task('1')],
        targets: new Map([[group, [target('1', 'unhealthy', { reason: 'Target.Timeout' })]]])
      })
    const looks = (s: number) => [100, settled - 10, s].map(sick)
    expect(after(looks(settled - 1)).verdict.state).toBe('waiting')
    expect(after(looks(settled)).verdict).toMatchObject({ state: 'failing', because: 'deadline' })
  })

  test('a service that was at 0 for a while and is not any more is judged like any other', () => {
    const zero = look(100, {
      service: service({ desired: 0, running: 0, deployments: [inProgress({ desired: 0, running: 0 })] })
    })
    const late = look(deadlineAt, { service: service({ deployments: [inProgress({ running: 0 })] }) })
    expect(after([zero, late]).verdict).toMatchObject({ state: 'failing', because: 'deadline' })
  })
})

describe('answers from before the write', () => {
  const old = (s: number, change = {}) =>
    look(s, { service: service({ deployments: [oldDeployment({ status: 'PRIMARY', ...change })] }) })

  test('are believed when they stay so for a minute', () => {
    expect(after([look(1), old(5), old(64)]).verdict.state).toBe('waiting')
    expect(after([look(1), old(5), old(65)]).verdict).toMatchObject({ because: 'ecs-rolling-back' })
  })

  test('are none when the old deployment was touched since', () => {
    expect(after([look(1), old(5, { updatedAt: start + 4000 })]).verdict).toMatchObject({
      because: 'ecs-rolling-back'
    })
  })
})

test('a third revision that ECS calls a rollback, while ours has not ended, is somebody else’s', () => {
  const theirs = deployment({
    id: 'ecs-svc/9',
    taskDefinition: newRevision.replace(':2', ':3'),
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: 'ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/9.'
  })
  const seen = (state: string) =>
    look(40, {
      service: service({
        deployments: [theirs, deployment({ status: 'ACTIVE', rolloutState: state })]
      })
    })
  expect(after([look(10), seen('IN_PROGRESS')]).verdict.state).toBe('superseded')
  expect(after([look(10), seen('FAILED')]).verdict).toMatchObject({ because: 'ecs-rolling-back' })
})

describe('failed tasks', () => {
  const rolling = (s: number, tasks: Observation['tasks'] & {}, desired = 2) =>
    look(s, {
      service: service({
        desired,
        running: desired,
        deployments: [inProgress({ desired, running: 1 }), oldDeployment()]
      }),
      tasks
    })
  const gone = dead(
    '1',
    'TaskFailedToStart',
    'CannotPullContainerError: pull image manifest has been retried 7 time(s): failed to resolve ref r:1: r:1: not found'
  )

  test('a permanent cause that was overcome all the same is no failure', () => {
    const looks = [
      rolling(40, [gone, task('2')]),
      rolling(100, [gone, task('2'), task('3', { startedAt: start })])
    ]
    expect(after(looks.slice(1)).verdict.state).toBe('failing')
    const overcome = [rolling(30, [gone]), rolling(35, [gone, task('2', { startedAt: start - 60_000 })])]
    expect(after(overcome.slice(0, 1)).verdict.state).toBe('failing')
    expect(after(overcome).verdict.state).toBe('waiting')
  })

  test('without sight of tasks ECS’s count is held against the same number', () => {
    const counted = (failed: number) => ({
      ...look(40, {
        tasksReadable: false,
        service: service({ desired: 2, deployments: [inProgress({ desired: 2, failed }), oldDeployment()] })
      }),
      tasks: undefined as never
    })
    expect(after([counted(1)]).verdict.state).toBe('waiting')
    expect(after([counted(2)]).verdict).toMatchObject({ state: 'failing', because: 'loop' })
  })

  test('of a deployment that reached what it had before: no new ground', () => {
    const one = (id: string) => task(id, { startedAt: start })
    const looks = [
      rolling(60, [one('1')]),
      rolling(70, [exited('1'), one('2')]),
      rolling(80, [exited('1'), exited('2'), one('3')])
    ]
    expect(after(looks).verdict.state).toBe('failing')
  })
})

test('scaling out raises what is tolerated, and scaling in does not lower it', () => {
  const at = (desired: number, most: number) => tolerance('auto', service({ desired }), most)
  expect([at(20, 8), at(8, 20), at(8, 8)]).toEqual([5, 5, 2])
})

describe('health', () => {
  test('a target that still drains does not hide the one that took its address over', () => {
    const seen = (...states: string[]) =>
      look(100, {
        service: service({ loadBalancers: lb }),
        tasks: [task('1')],
        targets: new Map([[group, states.map((state) => target('1', state))]])
      })
    expect(after([seen('draining', 'healthy')]).verdict.state).toBe('healthy')
    expect(after([seen('draining')]).verdict.state).toBe('waiting')
  })

  test('a container check that has not spoken holds up a deployment in progress, not a completed one', () => {
    const containers = [{ name: 'app', lastStatus: 'RUNNING', addresses: [], bindings: [] }]
    const about = { ...subject, healthChecked: ['app'] }
    const tasks = [task('1', { containers })]
    expect(after([look(100, { tasks })], {}, about).verdict.state).toBe('healthy')
    const rolling = look(100, { tasks, service: service({ deployments: [inProgress()] }) })
    expect(after([rolling], {}, about).memory.counts.healthy).toBe(0)
  })

  test('the service must run all its tasks too, not only the deployment', () => {
    const seen = look(100, { tasks: [task('1')], service: service({ running: 0 }) })
    expect(after([seen]).verdict.state).toBe('waiting')
  })

  test('behind a classic load balancer a second deployment says that it still goes on', () => {
    const classic = [{ classicName: 'elb', containerName: 'app', containerPort: 80 }]
    const ours = { ...deployment(), rolloutState: undefined as never }
    const old = { ...oldDeployment(), rolloutState: undefined as never }
    const seen = (change: object) =>
      look(100, { tasks: [task('1')], service: service({ loadBalancers: classic, ...change }) })
    expect(after([seen({ deployments: [ours, old] })]).verdict.state).toBe('waiting')
    expect(after([seen({ deployments: [ours], pending: 1 })]).verdict.state).toBe('waiting')
    expect(after([seen({ deployments: [ours] })]).verdict.state).toBe('healthy')
  })

  test('what was healthy is never more than what runs', () => {
    const rolling = (s: number, running: number, change = {}) => ({
      ...look(s, { service: service({ desired: 2, deployments: [inProgress({ desired: 2, running })] }) }),
      ...change
    })
    const seen = rolling(60, 2, { tasks: [task('1'), task('2')] })
    const blind = rolling(65, 1, { tasks: undefined })
    expect(after([seen, blind]).memory.counts).toMatchObject({ running: 1, healthy: 1 })
  })
})

test('the percentages leave no room only before anything of ours has run', () => {
  const seen = (s: number, own: number) =>
    look(s, {
      service: service({
        desired: 2,
        running: 2,
        minimumHealthyPercent: 100,
        maximumPercent: 100,
        deployments: [
          inProgress({ desired: 2, running: own }),
          oldDeployment({ desired: 2, running: 2 - own })
        ]
      })
    })
  expect(after([5, 300].map((s) => seen(s, 1))).verdict.state).toBe('waiting')
  expect(after([5, 300].map((s) => seen(s, 0))).verdict).toMatchObject({ because: 'stuck' })
})

describe('which cause is told first', () => {
  const failedTasks = (...codes: [string, number][]) => {
    const memory = freshMemory()
    for (const [code, n] of codes)
      for (let i = 0; i < n; i += 1) {
        const one = exited(`${code}${i}`)
        memory.failed.set(one.arn, { arn: one.arn, code: code as never, task: one })
      }
    return findings(memory, []).map((f) => f.code)
  }
  test('a known one before an unknown, however rare', () => {
    expect(failedTasks(['unknown', 3], ['container-oom', 1])).toEqual(['container-oom', 'unknown'])
  })
  test('then what most tasks share, and among equals what lies deeper', () => {
    expect(failedTasks(['container-oom', 1], ['elb-health-code', 2])).toEqual([
      'elb-health-code',
      'container-oom'
    ])
    expect(failedTasks(['container-exit', 1], ['container-oom', 1])).toEqual([
      'container-oom',
      'container-exit'
    ])
  })
})

test('a task that exits was healthy until then, however long nobody looked', () => {
  const ended = (s: number) => ({ ...exited('1'), endedAt: start + s * 1000, stoppedAt: start + s * 1000 })
  const seen = (s: number) =>
    after([look(60, { tasks: [task('1')] }), look(200, { tasks: [ended(s)] })]).memory
  expect(isFlapping(seen(101))).toBe(true)
  // A mere start-up is no flapping.
  expect(isFlapping({ ...seen(99), completed: Infinity })).toBe(false)
})

test('an alarm of ECS is told as one, also where only the sentence names it', () => {
  const verdict = {
    state: 'failing',
    because: 'ecs-rolling-back',
    detail: '(service web) (deployment ecs-svc/2) deployment failed: alarm detected.'
  } as const
  const cause = explain(verdict, subject, freshMemory(), look(60), {})
  expect(cause).toMatchObject({ code: 'alarm', sentence: 'a deployment alarm of the service ended it' })
})
