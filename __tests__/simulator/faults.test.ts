import { DescribeServicesCommand, ListTasksCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs'
import { DescribeTargetHealthCommand } from '@aws-sdk/client-elastic-load-balancing-v2'
import { expect, test } from '@jest/globals'
import { clients, refusal, shop } from './support.js'

const where = { cluster: 'c', services: ['shop'] }

test('throttle: ThrottlingException, Rate exceeded, 400; the SDK gets through when it tries again', async () => {
  const s = shop()
  const { ecs, server } = await clients(s.world)
  server.faults.add({ operation: 'DescribeServices', fault: { kind: 'throttle' }, calls: 1 })
  expect(await refusal(ecs.send(new DescribeServicesCommand(where)))).toEqual({
    name: 'ThrottlingException',
    message: 'Rate exceeded',
    status: 400
  })
  expect((await ecs.send(new DescribeServicesCommand(where))).services).toHaveLength(1)
  expect(server.journal.of('DescribeServices').map((e) => e.error)).toEqual([
    'ThrottlingException',
    undefined
  ])
})

test('faults: the nth call, a window of virtual time, and taking a rule back', async () => {
  const s = shop()
  const { ecs, server } = await clients(s.world)
  const now = s.world.clock.now()
  const outcomes = async (n: number) => {
    const seen: string[] = []
    for (let i = 0; i < n; i++)
      seen.push(
        await ecs.send(new DescribeServicesCommand(where)).then(
          () => 'ok',
          (e: unknown) => (e as Error).name
        )
      )
    return seen
  }
  const remove = server.faults.add({
    operation: 'DescribeServices',
    fault: { kind: 'server-error' },
    fromCall: 2,
    calls: 2
  })
  expect(await outcomes(4)).toEqual(['ok', 'ServerException', 'ServerException', 'ok'])
  remove()
  server.faults.add({ fault: { kind: 'throttle' }, after: now + 1000, until: now + 2000 })
  expect(await outcomes(1)).toEqual(['ok'])
  s.world.clock.advanceBy(1000)
  expect(await outcomes(1)).toEqual(['ThrottlingException'])
  s.world.clock.advanceBy(1000)
  expect(await outcomes(1)).toEqual(['ok'])
})

test("AccessDenied in AWS's words, JSON and XML", async () => {
  const s = shop()
  const { ecs, elb, server } = await clients(s.world)
  server.faults.add({ fault: { kind: 'access-denied' } })
  const denied = await refusal(ecs.send(new ListTasksCommand({ cluster: 'c' })))
  expect(denied).toMatchObject({ name: 'AccessDeniedException', status: 400 })
  expect(denied.message).toMatch(
    /^User: arn:aws:sts::\d+:\S+ is not authorized to perform: ecs:ListTasks on resource: \S+ because no identity-based policy allows the ecs:ListTasks action$/
  )
  expect(
    await refusal(elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: s.targetGroup!.arn })))
  ).toMatchObject({ name: 'AccessDenied', status: 403 })
})

test('an expired token', async () => {
  const s = shop()
  const { ecs, server } = await clients(s.world)
  server.faults.add({ fault: { kind: 'expired-token' } })
  expect(await refusal(ecs.send(new DescribeServicesCommand(where)))).toEqual({
    name: 'ExpiredTokenException',
    message: 'The security token included in the request is expired',
    status: 400
  })
})

test('connection reset and silence', async () => {
  const s = shop()
  const { ecs, server } = await clients(s.world)
  server.faults.add({ operation: 'DescribeServices', fault: { kind: 'connection-reset' } })
  expect((await refusal(ecs.send(new DescribeServicesCommand(where)))).message).toMatch(
    /ECONNRESET|socket hang up|aborted/
  )
  server.faults.add({ operation: 'ListTasks', fault: { kind: 'silence' } })
  const abort = new AbortController()
  const silent = ecs.send(new ListTasksCommand({ cluster: 'c' }), { abortSignal: abort.signal })
  while (server.journal.of('ListTasks').length === 0) await new Promise((resolve) => setImmediate(resolve))
  abort.abort()
  expect((await refusal(silent)).name).toBe('AbortError')
  expect(server.journal.entries.map((e) => e.error)).toEqual(['connection-reset', 'silence'])
})

test('stale reads: DescribeServices answers as of before the write for so long', async () => {
  const s = shop()
  const { ecs, server } = await clients(s.world)
  server.faults.add({ fault: { kind: 'stale', seconds: 5 } })
  const primary = async () =>
    (await ecs.send(new DescribeServicesCommand(where))).services![0]!.deployments![0]!.id
  const before = await primary()
  const updated = await ecs.send(
    new UpdateServiceCommand({ cluster: 'c', service: 'shop', forceNewDeployment: true })
  )
  const mine = updated.service!.deployments![0]!.id
  expect(mine).not.toBe(before)
  expect(await primary()).toBe(before)
  s.world.clock.advanceBy(5000)
  expect(await primary()).toBe(mine)
})
