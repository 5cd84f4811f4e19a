import { GetTaskProtectionCommand, RunTaskCommand, UpdateTaskProtectionCommand } from '@aws-sdk/client-ecs'
import { expect, test } from '@jest/globals'
import { clients, messages, refusal, shop, until } from './support.js'

const scaledIn = (s: ReturnType<typeof shop>) =>
  messages(s.service).filter((m) => m.includes('was unable to scale in'))

test('a protected task survives a deployment until its protection ends, and the service says so once', () => {
  const s = shop({ service: { desiredCount: 2 } })
  const [old, other] = s.service.tasks
  const { id } = s.service.primary
  s.world.ecs.protect(old!.arn, 10)
  const mine = s.deploy()
  s.world.clock.advanceBy(500_000)
  expect([old!.status, other!.status]).toEqual(['RUNNING', 'STOPPED'])
  expect(mine.rolloutState).toBe('IN_PROGRESS')
  expect(s.service.deployments.map((d) => d.id)).toEqual([mine.id, id])
  expect(scaledIn(s)).toEqual([
    `(service shop) was unable to reach steady state because (taskSet ${id}) was unable to scale in due to (reason 1 tasks under protection)`
  ])
  s.world.clock.advanceBy(100_000)
  until(s.world, () => mine.rolloutState === 'COMPLETED', 120)
  expect(old!.stoppedReason).toContain('Scaling activity initiated by')
})

test('scale-in takes the tasks that are not protected, and waits for those that are', () => {
  const s = shop({ service: { desiredCount: 3 } })
  const [a, b, c] = s.service.tasks
  s.world.ecs.protect(a!.arn, 60)
  s.world.ecs.protect(b!.arn, 60)
  s.world.ecs.scale(s.service, 2)
  s.world.clock.advanceBy(60_000)
  expect(c!.desiredStatus).toBe('STOPPED')
  expect(scaledIn(s)).toEqual([])
  s.world.ecs.scale(s.service, 1)
  s.world.clock.advanceBy(60_000)
  expect([a!.status, b!.status]).toEqual(['RUNNING', 'RUNNING'])
  expect(scaledIn(s)[0]).toContain('(reason 2 tasks under protection)')
  s.world.ecs.protect(b!.arn, 0)
  s.world.clock.advanceBy(60_000)
  expect([a!.desiredStatus, b!.desiredStatus]).toEqual(['RUNNING', 'STOPPED'])
})

test('protection does not save an unhealthy task, nor one that somebody stops', () => {
  const s = shop({ service: { desiredCount: 2 } })
  const [a, b] = s.service.tasks
  for (const t of [a, b]) s.world.ecs.protect(t!.arn, 60)
  s.world.ecs.misbehave(a!.arn, { healthCheck: 'timeout' })
  s.world.ecs.stopTask(b!.arn)
  s.world.clock.advanceBy(300_000)
  expect([a!.status, b!.status]).toEqual(['STOPPED', 'STOPPED'])
})

test('UpdateTaskProtection and GetTaskProtection: two hours unless told, failures, refusals', async () => {
  const s = shop({ service: { desiredCount: 2 } })
  const { ecs } = await clients(s.world)
  const [a, b] = s.service.tasks
  const update = (input: { tasks: string[]; protectionEnabled: boolean; expiresInMinutes?: number }) =>
    ecs.send(new UpdateTaskProtectionCommand({ cluster: 'c', ...input }))
  const { protectedTasks, failures } = await update({
    tasks: [a!.arn, 'f'.repeat(32)],
    protectionEnabled: true
  })
  const expirationDate = new Date(s.start + 7_200_000)
  expect(protectedTasks).toEqual([{ taskArn: a!.arn, protectionEnabled: true, expirationDate }])
  expect(failures).toMatchObject([{ reason: 'MISSING' }])
  await update({ tasks: [b!.id], protectionEnabled: true, expiresInMinutes: 1 })
  s.world.clock.advanceBy(60_000)
  const got = await ecs.send(new GetTaskProtectionCommand({ cluster: 'c', tasks: [a!.arn, b!.arn] }))
  expect(got.protectedTasks!.map((t) => t.protectionEnabled)).toEqual([true, false])
  const { tasks } = await ecs.send(
    new RunTaskCommand({
      cluster: 'c',
      taskDefinition: 'shop',
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0aaa1111bbb2222cc'] } }
    })
  )
  const alone = await update({ tasks: [tasks![0]!.taskArn!], protectionEnabled: true })
  expect(alone.failures).toMatchObject([{ reason: 'TASK_NOT_VALID' }])
  for (const bad of [0, 2881])
    expect(
      await refusal(update({ tasks: [a!.arn], protectionEnabled: true, expiresInMinutes: bad }))
    ).toMatchObject({ name: 'InvalidParameterException' })
})
