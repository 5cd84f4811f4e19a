import { DescribeTasksCommand } from '@aws-sdk/client-ecs'
import { expect, test } from '@jest/globals'
import type { Behaviours, StartFailure } from '../../simulator/index.js'
import { startFailures } from '../../simulator/world/ecs/start-failures.js'
import { breaker, clients, messages, shop, until } from './support.js'

const names = Object.keys(startFailures) as StartFailure[]
const of = (phase: string) => names.filter((n) => startFailures[n].phase === phase)

/** Deploys an image that fails so and lets ten minutes pass. */
function failing(behaviour: Behaviours, options: Parameters<typeof shop>[0] = {}) {
  const s = shop({ targetGroup: null, ...options })
  const deployment = s.deploy({ behaviour })
  s.world.clock.advanceBy(600_000)
  const mine = s.service.tasks.filter((t) => t.deploymentId === deployment.id)
  return { ...s, deployment, mine }
}

/** A shop on EC2 in bridge mode, with one instance. */
const onEc2 = (instances = 1) => {
  const world = { seed: 1 }
  const s = {
    world,
    service: { launchType: 'EC2' as const, settled: false, desiredCount: 0 },
    taskDefinition: { networkMode: 'bridge', requiresCompatibilities: ['EC2'] }
  }
  const made = shop({ ...s, targetGroup: null })
  for (let i = 0; i < instances; i++) made.world.ecs.containerInstance('c')
  made.world.ecs.scale(made.service, 1)
  return made
}

test.each(of('placement'))('no task comes of %s: an event, a failure counted, another try', (fails) => {
  const { service, deployment, mine, log } = failing({ fails })
  expect(mine).toEqual([])
  const said = messages(service).filter((m) => /unable to place|failed to launch/.test(m))
  const start =
    fails === 'account-blocked'
      ? '(service shop) was unable to place a task because your account is currently blocked.'
      : fails === 'role-not-assumed'
        ? '(service shop) failed to launch a task with (error ECS was unable to assume the role '
        : '(service shop) was unable to place a task. Reason: '
  expect(said).toHaveLength(1)
  expect(said[0]!.startsWith(start)).toBe(true)
  expect(deployment.failedTasks).toBeGreaterThanOrEqual(8)
  const counted = log.all.filter((h) => h.code === 'failure-counted').map((h) => h.s)
  expect(counted[1]! - counted[0]!).toBe(60)
})

test('capacity that comes back: the next try is placed, and the failures are forgotten', () => {
  const s = shop({ targetGroup: null, service: { circuitBreaker: breaker, desiredCount: 10 } })
  s.world.ecs.startsFail(s.service, 'no-capacity')
  const deployment = s.deploy()
  s.world.clock.advanceBy(130_000)
  expect(deployment.failedTasks).toBe(3)
  s.world.ecs.startsFail(s.service, undefined)
  until(s.world, () => deployment.rolloutState === 'COMPLETED', 600)
  expect(deployment.failedTasks).toBe(0)
  expect(messages(s.service)).toContain(
    '(service shop) was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different availability zone.'
  )
})

test.each([...of('network'), ...of('init'), ...of('pull')])(
  '%s: TaskFailedToStart, one reason for task, container and event, counted and backed off',
  (fails) => {
    const { service, deployment, mine } = failing({ fails }, { service: { assignPublicIp: 'ENABLED' } })
    const [first, second] = mine
    expect(first).toMatchObject({
      status: 'STOPPED',
      desiredStatus: 'STOPPED',
      stopCode: 'TaskFailedToStart'
    })
    const reason = first!.stoppedReason!
    expect(messages(service)).toContain(`(service shop) was unable to place a task. Reason: ${reason}`)
    expect(messages(service)).toContain('(service shop) is unable to consistently start tasks successfully.')
    expect(deployment.failedTasks).toBeGreaterThanOrEqual(2)
    expect(second).toBeDefined()
    expect(mine.length).toBeLessThan(5)
    const prefix = {
      network: /^(Unexpected EC2 error while|Timeout waiting for)/,
      init: /^ResourceInitializationError: /,
      pull: /^CannotPullContainerError: /
    }
    expect(reason).toMatch(prefix[startFailures[fails].phase as keyof typeof prefix])
  }
)

test('failures name what they are about: reference, secret, subnet, role', () => {
  const repository = '043309339649.dkr.ecr.us-west-2.amazonaws.com/shop'
  const reasonOf = (fails: StartFailure, options: Parameters<typeof shop>[0] = {}) =>
    failing({ fails }, options).mine[0]!.stoppedReason!
  expect(reasonOf('image-not-found')).toMatch(
    new RegExp(
      `^CannotPullContainerError: pull image manifest has been retried 7 time\\(s\\): failed to resolve ref (${repository}@sha256:[0-9a-f]{64}): \\1: not found$`
    )
  )
  expect(reasonOf('subnet-full', { service: { subnets: ['subnet-1'] } })).toBe(
    "Unexpected EC2 error while attempting to Create Network Interface in subnet 'subnet-1': InsufficientFreeAddressesInSubnet"
  )
  expect(reasonOf('eni-failed', { service: { subnets: ['subnet-1'], assignPublicIp: 'ENABLED' } })).toBe(
    "Unexpected EC2 error while attempting to Create Network Interface with public IP assignment enabled in subnet 'subnet-1': AuthFailure"
  )
  expect(
    reasonOf('secret-denied', { taskDefinition: { executionRoleArn: 'arn:aws:iam::1:role/path/exec' } })
  ).toContain('User: arn:aws:sts::043309339649:assumed-role/exec/')
  expect(startFailures['pull-denied'].say({ image: 'repository', fargate: true } as never)).toBe(
    'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref docker.io/library/repository:latest: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed.'
  )
  expect(startFailures['pull-network'].say({ image: 'latest', fargate: true } as never)).toBe(
    'CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref docker.io/library/latest:latest: failed to do request: Head "https://registry-1.docker.io/v2/library/latest/manifests/latest": dial tcp 44.205.64.79:443: i/o timeout'
  )
  expect(
    startFailures['rate-limit'].say({ image: 'ghcr.io/a/b:v1@sha256:12', fargate: true } as never)
  ).toContain('https://ghcr.io/v2/a/b/manifests/sha256:12: 429 Too Many Requests')
})

test('without a network interface there is no container reason and no connection', async () => {
  const s = failing({ fails: 'subnet-full' })
  const { ecs } = await clients(s.world)
  const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster: 'c', tasks: [s.mine[0]!.arn] }))
  expect(tasks![0]!.containers![0]!.reason).toBeUndefined()
  expect(tasks![0]!.connectivity).toBeUndefined()
  expect(tasks![0]!.pullStartedAt).toBeUndefined()
})

test('a container that cannot be created: the task only failed to start, the container says why', async () => {
  const s = failing({ fails: 'no-entrypoint' })
  const { ecs } = await clients(s.world)
  const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster: 'c', tasks: [s.mine[0]!.arn] }))
  expect(tasks![0]).toMatchObject({ stopCode: 'TaskFailedToStart', stoppedReason: 'Task failed to start' })
  expect(tasks![0]!.containers![0]!.reason).toMatch(/^CannotStartContainerError: .*executable file not found/)
  expect(tasks![0]!.containers![0]!.imageDigest).toMatch(/^sha256:/)
  expect(messages(s.service).some((m) => m.includes('unable to place'))).toBe(false)
  expect(s.deployment.failedTasks).toBeGreaterThan(0)
})

test('exec format error: the container starts, says so in its log and exits with 1', () => {
  const s = failing({ fails: 'exec-format' })
  expect(s.mine[0]).toMatchObject({
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited'
  })
  expect(s.mine.length).toBeGreaterThan(8)
})

test('a failure of some starts only: the third one runs', () => {
  const s = failing([{ fails: 'no-capacity' }, { fails: 'secret-network' }, {}])
  expect(s.mine.map((t) => t.stopCode)).toEqual(['TaskFailedToStart', undefined])
  expect(s.deployment.rolloutState).toBe('COMPLETED')
})

test('secrets: missing, denied, no JSON, out of reach; restored, the next task starts', () => {
  const arn = 'arn:aws:secretsmanager:us-west-2:043309339649:secret:db'
  const s = shop({
    targetGroup: null,
    container: { secrets: [{ name: 'DB', valueFrom: `${arn}-AbCdEf:password::` }] }
  })
  const words = {
    missing: "ResourceNotFoundException: Secrets Manager can't find the specified secret value",
    denied: 'AccessDeniedException: User: ',
    'not-json': "invalid character 'p' in literal true (expecting 'r')",
    unreachable: 'canceled, context deadline exceeded'
  } as const
  for (const [state, word] of Object.entries(words)) {
    s.world.secret(arn, state as keyof typeof words)
    const deployment = s.deploy()
    until(s.world, () => deployment.failedTasks > 0)
    const task = s.service.tasks.find((t) => t.deploymentId === deployment.id)!
    expect(task.stopCode).toBe('TaskFailedToStart')
    expect(task.stoppedReason).toContain(word)
  }
  s.world.secret(arn, 'there')
  const deployment = s.deploy()
  until(s.world, () => deployment.rolloutState === 'COMPLETED')
})

test('parameters of Parameter Store, by ARN or by name', () => {
  const reasons = (valueFrom: string) => {
    const s = shop({ targetGroup: null, container: { secrets: [{ name: 'KEY', valueFrom }] } })
    return (['missing', 'denied', 'unreachable'] as const).map((state) => {
      s.world.secret(valueFrom, state)
      const deployment = s.deploy()
      until(s.world, () => deployment.failedTasks > 0)
      return s.service.tasks.find((t) => t.deploymentId === deployment.id)!.stoppedReason!
    })
  }
  const byName = reasons('/shop/key')
  const byArn = reasons('arn:aws:ssm:us-west-2:043309339649:parameter/shop/key')
  expect(byName[0]).toBe(
    'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 time(s): invalid ssm parameters: /shop/key'
  )
  expect(byArn[0]).toBe(byName[0])
  for (const denied of [byName[1], byArn[1]])
    expect(denied).toContain(
      'is not authorized to perform: ssm:GetParameters on resource: arn:aws:ssm:us-west-2:043309339649:parameter/shop/key because'
    )
  expect(byName[2]).toContain('The task cannot pull secrets from AWS Systems Manager.')
})

test('a blocked account fails the deployment in words of its own', () => {
  const s = shop({ targetGroup: null, service: { circuitBreaker: breaker } })
  const deployment = s.deploy({ behaviour: { fails: 'account-blocked' } })
  until(s.world, () => deployment.rolloutState === 'FAILED')
  expect(messages(s.service)).toContain(
    `(service shop) (deployment ${deployment.id}) deployment failed: deployment failure.`
  )
})

test('log groups: the story makes those it names; one that is gone fails the task, one that may be made is made', () => {
  const logs = (options: Record<string, string>) => ({
    container: { logConfiguration: { logDriver: 'awslogs', options } }
  })
  const region = { 'awslogs-region': 'us-west-2' }
  const gone = shop({ targetGroup: null, ...logs({ 'awslogs-group': '/ecs/shop', ...region }) })
  gone.world.logs.remove('/ecs/shop')
  const define = gone.define
  const first = define(gone.repository.push().uri)
  gone.world.logs.remove('/ecs/shop')
  gone.world.ecs.updateService(gone.service, { taskDefinition: first.arn })
  const deployment = gone.service.primary
  until(gone.world, () => deployment.failedTasks > 0)
  expect(gone.service.tasks.find((t) => t.deploymentId === deployment.id)!.stoppedReason).toContain(
    'failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist.'
  )
  const config = shop({ targetGroup: null, ...logs({ 'awslogs-group': '/ecs/shop' }) })
  const bad = config.deploy()
  until(config.world, () => bad.failedTasks > 0)
  expect(config.service.tasks.find((t) => t.deploymentId === bad.id)!.stoppedReason).toContain(
    'unable to get awslogs driver arguments: awslogs-region is required'
  )
  const made = shop({
    targetGroup: null,
    ...logs({ 'awslogs-group': '/ecs/shop', 'awslogs-create-group': 'true', ...region })
  })
  const good = made.define(made.repository.push().uri)
  made.world.logs.remove('/ecs/shop')
  made.world.ecs.updateService(made.service, { taskDefinition: good.arn })
  until(made.world, () => made.service.primary.rolloutState === 'COMPLETED')
})

test('EC2: the words of the docker engine, and no placement event for a pull', () => {
  const reasons = (fails: StartFailure) => {
    const s = onEc2()
    const deployment = s.deploy({ behaviour: { fails } })
    until(s.world, () => deployment.failedTasks > 0)
    expect(messages(s.service).some((m) => m.includes('unable to place'))).toBe(false)
    return s.service.tasks.find((t) => t.deploymentId === deployment.id)!.stoppedReason
  }
  expect(reasons('no-space')).toBe(
    'CannotPullContainerError: write /var/lib/docker/tmp/GetImageBlob111111111: no space left on device'
  )
  expect(reasons('image-not-found')).toMatch(
    /^CannotPullContainerError: Error response from daemon: manifest for /
  )
  expect(reasons('rate-limit')).toMatch(
    /^CannotPullContainerError: Error response from daemon: toomanyrequests: /
  )
})

test('long messages are cut: 1,024 characters for the container, on Fargate for the task too', async () => {
  const s = failing({ initError: `ResourceInitializationError: ${'x'.repeat(3000)}` })
  const { ecs } = await clients(s.world)
  const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster: 'c', tasks: [s.mine[0]!.arn] }))
  expect(tasks![0]!.containers![0]!.reason).toHaveLength(1024)
  expect(tasks![0]!.stoppedReason).toHaveLength(1024)
})
