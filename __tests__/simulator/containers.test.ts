import { DescribeTasksCommand, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs'
import { expect, test } from '@jest/globals'
import { createWorld } from '../../simulator/index.js'
import type { Behaviours, World } from '../../simulator/index.js'
import { clients, messages, record, refusal, until } from './support.js'

interface Member {
  behaviour?: Behaviours
  [member: string]: unknown
}

/** A service whose task has several containers, each of an image of its own; nothing runs yet. */
function team(members: Record<string, Member>, taskDefinition: Record<string, unknown> = {}) {
  const world = createWorld()
  const containerDefinitions = Object.entries(members).map(([name, { behaviour, ...rest }]) => {
    const { uri } = world.ecr.repository(name).push(behaviour === undefined ? {} : { behaviour })
    return { name, image: uri, ...rest }
  })
  const start = world.clock.now()
  const log = record(world, start)
  const service = world.ecs.service({
    cluster: 'c',
    name: 'team',
    taskDefinition: world.ecs.taskDefinition({
      family: 'team',
      networkMode: 'awsvpc',
      cpu: '256',
      memory: '512',
      ...taskDefinition,
      containerDefinitions
    }),
    desiredCount: 1,
    settled: false
  })
  return { world, service, log }
}

/** The first task over the wire, as it is now. */
async function described(world: World, arn: string) {
  const { ecs } = await clients(world)
  const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster: 'c', tasks: [arn] }))
  const task = tasks![0]!
  const named = Object.fromEntries(task.containers!.map((c) => [c.name!, c]))
  return { task, named }
}

const check = { command: ['CMD-SHELL', 'check'], interval: 10, retries: 2 }
const script = (code: number, after = 5) => ({ essential: false, behaviour: { exits: { code, after } } })

test('dependsOn: START, COMPLETE, SUCCESS and HEALTHY decide who starts when; RUNNING is when all have started', async () => {
  const { world, service, log } = team({
    app: {
      dependsOn: [
        { containerName: 'router', condition: 'START' },
        { containerName: 'proxy', condition: 'HEALTHY' },
        { containerName: 'migrate', condition: 'SUCCESS' }
      ]
    },
    migrate: { ...script(0, 20), dependsOn: [{ containerName: 'seed', condition: 'COMPLETE' }] },
    seed: script(3),
    router: { essential: false },
    proxy: { healthCheck: check, behaviour: { healthyAfter: 15 } }
  })
  until(world, () => service.tasks.length > 0)
  const [task] = service.tasks
  const statuses: string[] = []
  let last = ''
  while (task!.status !== 'RUNNING') {
    world.clock.advanceBy(500)
    const { containers } = task as never as { containers: { name: string; status: string }[] }
    const now = containers.map((c) => `${c.name} ${c.status}`).join(', ')
    if (now !== last) statuses.push((last = now))
  }
  expect(statuses).toEqual([
    'app PENDING, migrate PENDING, seed PENDING, router PENDING, proxy PENDING',
    'app PENDING, migrate PENDING, seed RUNNING, router RUNNING, proxy RUNNING',
    'app PENDING, migrate RUNNING, seed STOPPED, router RUNNING, proxy RUNNING',
    'app RUNNING, migrate STOPPED, seed STOPPED, router RUNNING, proxy RUNNING'
  ])
  const { task: shown, named } = await described(world, task!.arn)
  expect(shown.lastStatus).toBe('RUNNING')
  expect(named.seed).toMatchObject({ lastStatus: 'STOPPED', exitCode: 3 })
  expect(named.migrate).toMatchObject({ lastStatus: 'STOPPED', exitCode: 0 })
  expect(named.app!.exitCode).toBeUndefined()
  expect(shown.startedAt!.getTime() - shown.pullStoppedAt!.getTime()).toBeGreaterThan(25_000)
  expect(log.all.filter((h) => h.code === 'failure-counted')).toEqual([])
})

test('a dependency that does not exit with 0: the task fails to start, the container that waited says why', async () => {
  const { world, service } = team({
    app: { dependsOn: [{ containerName: 'migrate', condition: 'SUCCESS' }] },
    migrate: script(1)
  })
  until(world, () => service.primary.failedTasks > 0)
  const [task] = service.tasks
  const { task: shown, named } = await described(world, task!.arn)
  expect(shown).toMatchObject({ stopCode: 'TaskFailedToStart', stoppedReason: 'Task failed to start' })
  expect(shown.startedAt).toBeUndefined()
  expect(named.migrate).toMatchObject({ exitCode: 1 })
  expect(named.app!.reason).toContain('as dependency did not exit successfully')
  expect(named.app!.exitCode).toBeUndefined()
  expect(messages(service).some((m) => m.includes('unable to place'))).toBe(false)
})

test('startTimeout of a dependency: whoever waits for it gives up, and the task stops', () => {
  const waiting = (startTimeout?: number) => {
    const { world, service } = team({
      app: { dependsOn: [{ containerName: 'migrate', condition: 'COMPLETE' }] },
      migrate: { essential: false, ...(startTimeout === undefined ? {} : { startTimeout }) }
    })
    world.clock.advanceBy(300_000)
    return service.tasks[0]!
  }
  expect(waiting()).toMatchObject({ status: 'ACTIVATING', desiredStatus: 'RUNNING' })
  const stopped = waiting(60)
  expect(stopped).toMatchObject({ stopCode: 'TaskFailedToStart', stoppedReason: 'Task failed to start' })
})

test('an essential container that ends while others wait: exited, never RUNNING, and backed off', () => {
  const { world, service } = team({
    app: { dependsOn: [{ containerName: 'proxy', condition: 'HEALTHY' }] },
    proxy: { healthCheck: check, behaviour: { healthyAfter: 100, exits: { code: 2, after: 4 } } }
  })
  world.clock.advanceBy(600_000)
  expect(service.tasks[0]).toMatchObject({ stopCode: 'EssentialContainerExited' })
  expect(service.tasks.length).toBeLessThan(5)
  expect(messages(service)).toContain('(service team) is unable to consistently start tasks successfully.')
})

test('an essential container that is unhealthy while others wait for it: the task fails its container checks', () => {
  const { world, service } = team({
    app: { dependsOn: [{ containerName: 'proxy', condition: 'HEALTHY' }] },
    proxy: { healthCheck: check, behaviour: { containerHealth: 'fails' } }
  })
  until(world, () => service.primary.failedTasks > 0)
  expect(service.tasks[0]).toMatchObject({
    stopCode: 'ServiceSchedulerInitiated',
    stoppedReason: 'Task failed container health checks'
  })
})

test('a container that is not essential may end: the task lives on, and its health is that of the essential ones', async () => {
  const { world, service } = team({
    app: { healthCheck: check },
    sidecar: { ...script(1, 30), healthCheck: check }
  })
  until(world, () => service.primary.rolloutState === 'COMPLETED')
  world.clock.advanceBy(60_000)
  const { task, named } = await described(world, service.tasks[0]!.arn)
  expect(task).toMatchObject({ lastStatus: 'RUNNING', healthStatus: 'HEALTHY' })
  expect(named.sidecar).toMatchObject({ lastStatus: 'STOPPED', exitCode: 1 })
  expect(service.tasks).toHaveLength(1)
})

test('the end of an essential container stops the others, dependents first', async () => {
  const { world, service, log } = team({
    app: {
      dependsOn: [{ containerName: 'router', condition: 'START' }],
      behaviour: { onSigterm: { code: 143, after: 5 } }
    },
    router: { essential: false, behaviour: { onSigterm: { code: 0, after: 2 } } },
    worker: { behaviour: { exits: { code: 7, after: 60 }, onSigterm: 'ignored' } }
  })
  until(world, () => service.tasks[0]?.status === 'STOPPED')
  const exits = log.all.filter((h) => h.code === 'container-exited')
  expect(exits.map((h) => `${h.ids.container!} ${h.ids.code!}`)).toEqual(['worker 7', 'app 143', 'router 0'])
  expect(exits.map((h) => h.s - exits[0]!.s)).toEqual([0, 5, 7])
  const { task, named } = await described(world, service.tasks[0]!.arn)
  expect(named.worker!.exitCode).toBe(7)
  expect(task.executionStoppedAt!.getTime() - task.stoppingAt!.getTime()).toBe(7000)
})

test('restartPolicy: a container that ran long enough starts again in its place, and no task is replaced', async () => {
  const crash = { exits: { code: 1, after: 90 } }
  const { world, service, log } = team({
    app: { restartPolicy: { enabled: true, restartAttemptPeriod: 60 }, behaviour: [crash, crash, {}] }
  })
  until(world, () => service.primary.rolloutState === 'COMPLETED')
  world.clock.advanceBy(1_200_000)
  expect(service.tasks).toHaveLength(1)
  expect(log.all.filter((h) => h.code === 'container-exited')).toHaveLength(2)
  expect(service.primary.failedTasks).toBe(0)
  const { task, named } = await described(world, service.tasks[0]!.arn)
  expect(task.lastStatus).toBe('RUNNING')
  expect(named.app).toMatchObject({ lastStatus: 'RUNNING' })
  expect(named.app!.exitCode).toBeUndefined()
})

test('restartPolicy: not before restartAttemptPeriod (300 s), not for an ignored code, not when it is off', () => {
  const ends = (restartPolicy: Record<string, unknown>, after: number) => {
    const { world, service } = team({
      app: { restartPolicy, behaviour: { exits: { code: 4, after } } }
    })
    until(world, () => service.tasks[0]?.status === 'RUNNING')
    world.clock.advanceBy(after * 1000 + 1000)
    return service.tasks[0]!.stopCode
  }
  expect(ends({ enabled: true }, 299)).toBe('EssentialContainerExited')
  expect(ends({ enabled: true }, 301)).toBeUndefined()
  expect(ends({ enabled: true, restartAttemptPeriod: 60, ignoredExitCodes: [4] }, 90)).toBe(
    'EssentialContainerExited'
  )
  expect(ends({ enabled: false, restartAttemptPeriod: 60 }, 90)).toBe('EssentialContainerExited')
})

test('dependencies that cannot be: a cycle, a stranger, SUCCESS on an essential container', async () => {
  const { ecs } = await clients(createWorld())
  const register = (a: object, b: object) =>
    refusal(
      ecs.send(
        new RegisterTaskDefinitionCommand({
          family: 'f',
          containerDefinitions: [
            { name: 'a', image: 'a', memory: 64, ...a },
            { name: 'b', image: 'b', memory: 64, ...b }
          ]
        })
      )
    )
  const on = (containerName: string, condition: 'START' | 'SUCCESS') => ({
    dependsOn: [{ containerName, condition }]
  })
  expect(await register(on('b', 'SUCCESS'), {})).toMatchObject({
    name: 'ClientException',
    message: 'A dependency container with SUCCESS or COMPLETE condition cannot be an essential container'
  })
  expect((await register(on('b', 'START'), on('a', 'START'))).name).toBe('ClientException')
  expect((await register(on('c', 'START'), {})).name).toBe('ClientException')
})

test('a task that is cancelled while some of its containers run stops them properly', () => {
  const { world, service, log } = team({
    app: { dependsOn: [{ containerName: 'migrate', condition: 'COMPLETE' }] },
    migrate: { essential: false, behaviour: { onSigterm: { code: 143, after: 2 } } }
  })
  until(world, () => log.all.some((h) => h.text.endsWith('ACTIVATING')))
  world.clock.advanceBy(30_000)
  world.ecs.stopTask(service.tasks[0]!.arn, 'enough')
  world.clock.advanceBy(60_000)
  expect(service.tasks[0]).toMatchObject({ status: 'STOPPED', stoppedReason: 'enough' })
  expect(log.all.filter((h) => h.code === 'container-exited')).toHaveLength(1)
})

test('a task that lives has no executionStoppedAt, though one container ended before the next began', async () => {
  const { world, service } = team({
    app: { dependsOn: [{ containerName: 'migrate', condition: 'SUCCESS' }] },
    migrate: script(0)
  })
  until(world, () => service.tasks[0]?.status === 'RUNNING')
  const { task } = await described(world, service.tasks[0]!.arn)
  expect(task).toMatchObject({ lastStatus: 'RUNNING' })
  expect(task.executionStoppedAt).toBeUndefined()
})

test('imageDigest is there when the image has been pulled, not before', async () => {
  const { world, service } = team({ app: {} })
  const task = () => service.tasks[0] as unknown as { arn: string; pullStartedAt?: number }
  until(world, () => service.tasks.length > 0 && task().pullStartedAt !== undefined)
  expect((await described(world, task().arn)).named.app!.imageDigest).toBeUndefined()
  world.clock.advanceBy(7_000)
  expect((await described(world, task().arn)).named.app!.imageDigest).toMatch(/^sha256:/)
})

test('a check that has passed within startPeriod counts its failures from then on', () => {
  const { world, service } = team({
    app: {
      healthCheck: { command: ['CMD-SHELL', 'check'], interval: 10, retries: 2, startPeriod: 200 },
      behaviour: { turns: { after: 35, into: { status: 503 } } }
    }
  })
  until(world, () => service.tasks[0]?.status === 'RUNNING')
  const turned = (health: string) => until(world, () => service.tasks[0]!.healthStatus === health, 300)
  expect(turned('HEALTHY')).toBe(10)
  expect(turned('UNHEALTHY')).toBe(40)
})
