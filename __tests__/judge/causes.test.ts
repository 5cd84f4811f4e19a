/** Which cause is told, from verdict and memory: the most specific that is proven. */
import { expect, test } from '@jest/globals'
import { explain } from '../../src/judge/causes.js'
import { isFlapping } from '../../src/judge/task-memory.js'
import {
  after,
  dead,
  deployment,
  exited,
  group,
  lb,
  look,
  oldDeployment,
  service,
  start,
  subject,
  target,
  task
} from './looks.js'

const definition = {
  family: 'web',
  containerDefinitions: [
    {
      name: 'app',
      image: 'x',
      healthCheck: { command: ['CMD-SHELL', 'curl -f localhost'] },
      logConfiguration: {
        logDriver: 'awslogs',
        options: { 'awslogs-group': '/ecs/web', 'awslogs-region': 'eu-west-1' }
      }
    }
  ]
}
const rolling = (seconds: number, change: Parameters<typeof look>[1] = {}) =>
  look(seconds, {
    service: service({
      loadBalancers: lb,
      deployments: [deployment({ rolloutState: 'IN_PROGRESS', running: 0 }), oldDeployment()]
    }),
    ...change
  })

function causeOf(looks: ReturnType<typeof look>[], policy = {}) {
  const { verdict, memory, seen } = after(looks, policy)
  if (verdict.state !== 'failing') throw new Error(`expected failing, got ${verdict.state}`)
  return { ...explain(verdict, subject, memory, seen, definition), memory }
}

test('an exit: code, sentence with the container, proof, and where its log is', () => {
  const cause = causeOf([rolling(90, { tasks: [exited('1', 3), exited('2', 3)] })])
  expect(cause).toMatchObject({
    code: 'container-exit',
    sentence: 'container app exits with code 3 (2 tasks failed)'
  })
  expect(cause.fix).toContain('aws logs tail /ecs/web --since 15m --region eu-west-1')
  expect(cause.evidence[0]).toContain(
    'task 1 stopped after 30s: Essential container in task exited; container app exited with code 3'
  )
})

test('healthy for long, then dead, again and again: flapping; healthy for a mere start-up: the exit', () => {
  const up = (id: string, seconds: number) =>
    rolling(seconds, { tasks: [task(id)], targets: new Map([[group, [target(id, 'healthy')]]]) })
  const gone = (ids: string[], seconds: number) => rolling(seconds, { tasks: ids.map((id) => exited(id)) })
  const flapping = [
    up('1', 10),
    up('1', 90),
    gone(['1'], 100),
    up('2', 140),
    up('2', 220),
    gone(['1', '2'], 230)
  ]
  expect(causeOf(flapping)).toMatchObject({ code: 'flapping' })
  const starting = [
    up('1', 10),
    up('1', 30),
    gone(['1'], 40),
    up('2', 80),
    up('2', 100),
    gone(['1', '2'], 110)
  ]
  const cause = causeOf(starting)
  expect(cause.code).toBe('container-exit')
  expect(isFlapping(cause.memory)).toBe(false)
})

test('after ECS had completed it, healthy at all and then dead is flapping', () => {
  const completed = (seconds: number, ids: { up?: string; gone: string[] }) =>
    look(seconds, {
      service: service({ loadBalancers: lb, deployments: [deployment()] }),
      tasks: [
        ...(ids.up === undefined ? [] : [task(ids.up)]),
        ...ids.gone.map((id) => exitedLate(id, seconds))
      ],
      targets: new Map([[group, ids.up === undefined ? [] : [target(ids.up, 'healthy')]]])
    })
  const exitedLate = (id: string, seconds: number) => ({
    ...exited(id),
    stoppedAt: subject.since + seconds * 1000
  })
  const looks = [
    completed(50, { up: '1', gone: [] }),
    completed(60, { up: '1', gone: [] }),
    completed(70, { gone: ['1'] }),
    completed(90, { up: '2', gone: ['1'] }),
    completed(100, { gone: ['1', '2'] })
  ]
  expect(after(looks.slice(0, 3)).verdict.state).toBe('waiting')
  const cause = causeOf(looks)
  expect(cause).toMatchObject({ code: 'flapping' })
  expect(cause.sentence).toBe(
    'tasks get healthy and die again (2 tasks failed): container app exits with code 1'
  )
})

test('the code that most failed tasks share; among equals the one nearer to the root', () => {
  const sick = (id: string) => dead(id, 'ServiceSchedulerInitiated', 'Task failed container health checks')
  expect(causeOf([rolling(90, { tasks: [exited('1'), sick('2'), sick('3')] })]).code).toBe(
    'container-health-check'
  )
  expect(causeOf([rolling(90, { tasks: [sick('2'), exited('1')] })]).code).toBe('container-exit')
})

test('the command of a container health check is told', () => {
  const sick = (id: string) => dead(id, 'ServiceSchedulerInitiated', 'Task failed container health checks')
  expect(causeOf([rolling(90, { tasks: [sick('1'), sick('2')] })]).sentence).toContain('curl -f localhost')
})

test.each([
  ['Target.ResponseCodeMismatch', 'Health checks failed with these codes: [404]', 'elb-health-code'],
  ['Target.Timeout', 'Request timed out', 'elb-health-timeout'],
  ['Target.FailedHealthChecks', 'Health checks failed', 'elb-health-unreachable']
])('load balancer: %s, seen before ECS killed the task', (reason, description, code) => {
  const ids = ['1', '2']
  const alive = rolling(60, {
    tasks: ids.map((id) => task(id)),
    targets: new Map([[group, ids.map((id) => target(id, 'unhealthy', { reason, description }))]])
  })
  const killed = rolling(90, {
    tasks: ids.map((id) =>
      dead(id, 'ServiceSchedulerInitiated', `Task failed ELB health checks in (target-group ${group})`)
    )
  })
  const cause = causeOf([alive, killed])
  expect(cause.code).toBe(code)
  expect(cause.sentence).toContain('web-tg')
})

test('a breaker or an alarm that ended it is the cause only where no root was seen', () => {
  const ended = (reason: string, tasks: Parameters<typeof rolling>[1] = {}) =>
    look(90, {
      service: service({ deployments: [deployment({ rolloutState: 'FAILED', rolloutStateReason: reason })] }),
      ...tasks
    })
  expect(causeOf([ended('ECS deployment circuit breaker: tasks failed to start.')]).code).toBe(
    'circuit-breaker'
  )
  expect(causeOf([ended('ECS deployment failed: alarm detected.')]).code).toBe('alarm')
  expect(
    causeOf([ended('ECS deployment circuit breaker: tasks failed to start.', { tasks: [exited('1')] })]).code
  ).toBe('container-exit')
})

test('ECS goes back, and neither breaker nor alarm says why: no breaker is blamed', () => {
  const back = (reason?: string) =>
    look(90, {
      service: service({
        deployments: [
          oldDeployment({
            status: 'PRIMARY',
            rolloutState: 'IN_PROGRESS',
            createdAt: start + 80_000,
            ...(reason === undefined ? {} : { rolloutStateReason: reason })
          }),
          deployment({ status: 'ACTIVE', rolloutState: 'IN_PROGRESS' })
        ]
      })
    })
  const stopped = causeOf([back()])
  expect(stopped.code).toBe('unknown')
  expect(stopped.sentence).toContain('somebody may have stopped the deployment')
  expect(
    causeOf([back('ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1.')]).code
  ).toBe('circuit-breaker')
})

test.each([
  ['no target registered', [], 'target-not-registered'],
  [
    'a group without load balancer',
    [
      target('1', 'unused', {
        reason: 'Target.NotInUse',
        description: 'Target group is not configured to receive traffic from the load balancer'
      })
    ],
    'target-not-in-use'
  ],
  ['nothing that says why', [target('1', 'initial')], 'stuck']
])('at the deadline: %s', (_, targets, code) => {
  expect(causeOf([rolling(1800, { tasks: [task('1')], targets: new Map([[group, targets]]) })]).code).toBe(
    code
  )
})

test('at the deadline an event is read where no task says anything', () => {
  const event = {
    id: 'e',
    at: subject.since + 1000,
    message:
      '(service web) was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different availability zone.'
  }
  const seen = rolling(1800)
  expect(causeOf([{ ...seen, service: { ...seen.service, events: [event] } }]).code).toBe('capacity')
})

test('without permission to see tasks, ECS’s own counter makes a loop, and the cause is honestly unknown', () => {
  const blind = rolling(90, {
    tasksReadable: false,
    service: service({ deployments: [deployment({ rolloutState: 'IN_PROGRESS', running: 0, failed: 2 })] })
  })
  expect(causeOf([blind])).toMatchObject({ code: 'unknown' })
})
