import { BatchGetImageCommand, PutImageCommand } from '@aws-sdk/client-ecr'
import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  ListServiceDeploymentsCommand,
  ListTasksCommand,
  UpdateServiceCommand
} from '@aws-sdk/client-ecs'
import { DescribeTargetHealthCommand } from '@aws-sdk/client-elastic-load-balancing-v2'
import { expect, test } from '@jest/globals'
import { limits, Throttles } from '../../simulator/faults/throttles.js'
import { Faults, namedFaults, orderFault } from '../../simulator/index.js'
import {
  deniedTexts,
  expiredTexts,
  serverErrorTexts,
  throttleTexts
} from '../../simulator/wire/fault-texts.js'
import { clients, refusal, shop, until } from './support.js'

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

test('stale reads: tasks, their lists and the service deployments lag too, each alone when named', async () => {
  const s = shop()
  const { ecs, server } = await clients(s.world)
  const look = async () => {
    const listed = await ecs.send(new ListTasksCommand({ cluster: 'c', serviceName: 'shop' }))
    const stopped = await ecs.send(
      new ListTasksCommand({ cluster: 'c', serviceName: 'shop', desiredStatus: 'STOPPED' })
    )
    const rollouts = await ecs.send(
      new ListServiceDeploymentsCommand({ cluster: s.service.clusterName, service: s.service.arn })
    )
    return {
      running: listed.taskArns!.length,
      stopped: stopped.taskArns!.length,
      deployments: rollouts.serviceDeployments!.length
    }
  }
  const before = await look()
  server.faults.add({ fault: { kind: 'stale', seconds: 300 } })
  await ecs.send(new UpdateServiceCommand({ cluster: 'c', service: 'shop', forceNewDeployment: true }))
  until(s.world, () => s.service.tasks.length === 2 && s.service.tasks[0]!.desiredStatus === 'STOPPED')
  expect(await look()).toEqual(before)
  const [old, young] = s.service.tasks
  const described = await ecs.send(new DescribeTasksCommand({ cluster: 'c', tasks: [young!.arn, old!.arn] }))
  expect(described.tasks!.map((t) => [t.taskArn, t.desiredStatus, t.tags])).toEqual([
    [old!.arn, 'RUNNING', undefined]
  ])
  expect(described.failures).toEqual([{ arn: young!.arn, reason: 'MISSING' }])
  s.world.clock.advanceBy(300_000)
  expect(await look()).toEqual({ running: 1, stopped: 1, deployments: before.deployments + 1 })

  server.faults.clear()
  server.faults.add({ fault: { kind: 'stale', seconds: 60 }, operation: 'ListServiceDeployments' })
  const settled = await look()
  await ecs.send(new UpdateServiceCommand({ cluster: 'c', service: 'shop', forceNewDeployment: true }))
  const services = await ecs.send(new DescribeServicesCommand(where))
  expect(services.services![0]!.deployments).toHaveLength(2)
  expect(await look()).toEqual(settled)
})

test('lost answers: the write happened, and nobody was told', async () => {
  const s = shop()
  const { ecs, server } = await clients(s.world)
  const update = () =>
    ecs.send(new UpdateServiceCommand({ cluster: 'c', service: 'shop', forceNewDeployment: true }))
  const first = s.service.primary.id
  server.faults.add({ operation: 'UpdateService', fault: { kind: 'connection-reset' }, calls: 1 })
  await refusal(update())
  expect(s.service.primary.id).toBe(first)
  server.faults.add({
    operation: 'UpdateService',
    fault: { kind: 'connection-reset', when: 'after' },
    calls: 1
  })
  await refusal(update())
  expect(s.service.primary.id).not.toBe(first)
  expect(server.journal.writes().map((e) => [e.error, e.output !== undefined])).toEqual([
    ['connection-reset', false],
    ['connection-reset', true]
  ])
})

test('broken answers: half a body, and a connection that ends in the middle of one', async () => {
  const s = shop()
  const { ecs, server } = await clients(s.world)
  server.faults.add({ fault: { kind: 'malformed', how: 'truncated' }, calls: 1 })
  expect((await refusal(ecs.send(new DescribeServicesCommand(where)))).name).toBe('SyntaxError')
  server.faults.add({ fault: { kind: 'malformed', how: 'cut' }, calls: 1 })
  expect((await refusal(ecs.send(new DescribeServicesCommand(where)))).message).toMatch(
    /aborted|ECONNRESET|terminated|hang up/
  )
  expect(server.journal.entries.map((e) => e.error)).toEqual(['truncated', 'cut'])
})

test('slow answers: they come at their virtual moment, the work is done at once', async () => {
  const s = shop()
  const { ecs, server } = await clients(s.world)
  server.faults.add({ operation: 'UpdateService', fault: { kind: 'slow', ms: 90_000 } })
  const first = s.service.primary.id
  let answered = false
  const slow = ecs
    .send(new UpdateServiceCommand({ cluster: 'c', service: 'shop', forceNewDeployment: true }))
    .then(() => (answered = true))
  while (s.service.primary.id === first) await new Promise((resolve) => setImmediate(resolve))
  const advance = async (body: object) => {
    const answer = await fetch(`${server.url}/_simulator/advance`, {
      method: 'POST',
      body: JSON.stringify(body)
    })
    return ((await answer.json()) as { now: number }).now - s.start
  }
  expect(await advance({ by: 89_999 })).toBe(89_999)
  expect(answered).toBe(false)
  expect(await advance({ by: 10_000, untilAnswer: true })).toBe(90_000)
  expect(await slow).toBe(true)
  expect(await advance({ by: 10_000, untilAnswer: true })).toBe(100_000)
})

test('request limits: a burst, then a refill in virtual time, shared by the operations of a category', async () => {
  const s = shop()
  const { ecs, server } = await clients(s.world)
  const ask = (operation: 'ListTasks' | 'DescribeTasks') =>
    operation === 'ListTasks'
      ? ecs.send(new ListTasksCommand({ cluster: 'c' }))
      : ecs.send(new DescribeTasksCommand({ cluster: 'c', tasks: ['x'] }))
  for (let i = 0; i < 50; i++) await Promise.all([ask('ListTasks'), ask('DescribeTasks')])
  expect(await refusal(ask('ListTasks'))).toEqual({
    name: 'ThrottlingException',
    message: 'Rate exceeded',
    status: 400
  })
  await ecs.send(new DescribeServicesCommand(where))
  s.world.clock.advanceBy(100)
  await ask('DescribeTasks')
  await ask('ListTasks')
  expect((await refusal(ask('DescribeTasks'))).name).toBe('ThrottlingException')
  const free = await clients(s.world, { limits: false })
  for (let i = 0; i < 101; i++) await free.ecs.send(new ListTasksCommand({ cluster: 'c' }))
  expect(server.violations).toEqual([])
})

test('request limits: the documented bursts and rates, operation by operation', () => {
  const measured = (service: string, operation: string) => {
    const throttles = new Throttles()
    const drain = (now: number) => {
      let n = 0
      while (n < 4000 && throttles.take(service, operation, now)) n++
      return n
    }
    return [drain(0), drain(1000), drain(1000), drain(3_600_000)]
  }
  expect(measured('ecs', 'DescribeServices')).toEqual([100, 20, 0, 100])
  expect(measured('ecs', 'UpdateService')).toEqual([50, 5, 0, 50])
  expect(measured('ecs', 'StopTask')).toEqual([100, 40, 0, 100])
  expect(measured('ecs', 'ListServiceDeployments')).toEqual([50, 20, 0, 50])
  expect(measured('ecs', 'RegisterTaskDefinition')).toEqual([20, 1, 0, 20])
  expect(measured('ecs', 'DescribeTaskDefinition')).toEqual([50, 20, 0, 50])
  expect(measured('ecs', 'TagResource')).toEqual([20, 10, 0, 20])
  expect(measured('ecr', 'PutImage')).toEqual([10, 10, 0, 10])
  expect(measured('ecr', 'BatchGetImage')).toEqual([2000, 2000, 0, 2000])
  expect(measured('elasticloadbalancing', 'DescribeTargetHealth')[0]).toBe(4000)
  expect(new Set(Object.values(limits['ecs']!).flatMap((one) => one.operations)).size).toBe(
    Object.values(limits['ecs']!).flatMap((one) => one.operations).length
  )
})

test('request limits: ECR counts by the second', async () => {
  const s = shop()
  const { ecr } = await clients(s.world)
  const { imageManifest } = (
    await ecr.send(new BatchGetImageCommand({ repositoryName: 'shop', imageIds: [{ imageTag: 'v1' }] }))
  ).images![0]!
  const put = (n: number) =>
    ecr.send(new PutImageCommand({ repositoryName: 'shop', imageManifest, imageTag: `t${n}` }))
  for (let n = 0; n < 10; n++) await put(n)
  expect(await refusal(put(10))).toMatchObject({ name: 'ThrottlingException', message: 'Rate exceeded' })
  s.world.clock.advanceBy(1000)
  await put(10)
})

test('faults: each service refuses in its own words, code and status', () => {
  const who = { caller: 'arn:aws:sts::1:assumed-role/r/s', action: 'ec2:DescribeSubnets', resource: '*' }
  const said = (texts: typeof deniedTexts, service: string) => {
    const { code, status, say } = texts[service] ?? texts.default
    return [code, status, say(who)]
  }
  const sentence = `User: ${who.caller} is not authorized to perform: ec2:DescribeSubnets on resource: * because no identity-based policy allows the ec2:DescribeSubnets action`
  const short = sentence.replace(' on resource: *', '')
  expect(said(deniedTexts, 'ecs')).toEqual(['AccessDeniedException', 400, sentence])
  expect(said(deniedTexts, 'logs')).toEqual(['AccessDeniedException', 400, sentence])
  expect(said(deniedTexts, 'monitoring')).toEqual(['AccessDenied', 403, sentence])
  expect(said(deniedTexts, 'elasticloadbalancing')).toEqual(['AccessDenied', 403, short])
  expect(said(deniedTexts, 'ec2')).toEqual([
    'UnauthorizedOperation',
    403,
    `You are not authorized to perform this operation. ${short}`
  ])
  expect(said(throttleTexts, 'ec2').slice(0, 2)).toEqual(['RequestLimitExceeded', 503])
  expect(said(throttleTexts, 'elasticloadbalancing')).toEqual(['Throttling', 400, 'Rate exceeded'])
  expect(['ecr', 'sts', 'ec2'].map((service) => said(expiredTexts, service).slice(0, 2))).toEqual([
    ['ExpiredTokenException', 400],
    ['ExpiredToken', 403],
    ['RequestExpired', 400]
  ])
  for (const texts of [deniedTexts, expiredTexts, serverErrorTexts, throttleTexts])
    for (const { facts, known } of Object.values(texts)) {
      expect(facts).toMatch(/^[A-J]\d?$/)
      expect(['DOC', 'OBS', 'DOC+OBS', 'INF']).toContain(known)
    }
})

test('weather: the same seed strikes the same calls, whatever comes between', () => {
  const strikes = (seed: number, rate: number, between: boolean) => {
    const faults = new Faults()
    faults.weather(seed, rate)
    return Array.from({ length: 400 }, () => {
      if (between) faults.strike('ListTasks', 0)
      return faults.strike('DescribeServices', 0)
    })
  }
  const calm = strikes(7, 0.1, false)
  expect(strikes(7, 0.1, true)).toEqual(calm)
  expect(strikes(8, 0.1, false)).not.toEqual(calm)
  expect(strikes(7, 0, false).filter((one) => one !== undefined)).toEqual([])
  const other = new Faults()
  other.weather(7, 0.1)
  expect(Array.from({ length: 400 }, () => other.strike('ListTasks', 0))).not.toEqual(calm)
  const hit = calm.filter((one) => one !== undefined)
  expect(hit.length).toBeGreaterThan(20)
  expect(hit.length).toBeLessThan(60)
  const kinds = new Set(strikes(7, 1, false).map((one) => JSON.stringify(one)))
  expect([...kinds].sort()).toEqual([
    '{"kind":"connection-reset","when":"after"}',
    '{"kind":"connection-reset","when":"before"}',
    '{"kind":"server-error"}',
    '{"kind":"throttle"}'
  ])
  expect(() => new Faults().weather(1, 1.5)).toThrow('A rate is from 0 to 1, not 1.5')
})

test('faults by name: for every call or for one operation; an unknown name is answered with the names', () => {
  for (const [name, { weather }] of Object.entries(namedFaults)) {
    const faults = new Faults()
    orderFault(faults, name, 1000)
    const struck = Array.from({ length: 50 }, () => faults.strike('ListTasks', 1000))
    const stale = faults.staleSeconds('ListTasks', 1000) > 0
    expect([name, stale || struck.some((one) => one !== undefined)]).toEqual([name, true])
    if (weather !== undefined) continue
    const narrow = new Faults()
    orderFault(narrow, `${name}:DescribeTasks`, 1000)
    expect(narrow.strike('ListTasks', 1000)).toBeUndefined()
    expect(narrow.staleSeconds('ListTasks', 1000)).toBe(0)
  }
  const faults = new Faults()
  orderFault(faults, 'throttle', 1000)
  expect(faults.strike('ListTasks', 20_999)).toEqual({ kind: 'throttle' })
  expect(faults.strike('ListTasks', 21_000)).toBeUndefined()
  expect(() => orderFault(faults, 'rain', 0)).toThrow(
    'There is no fault "rain". The faults are:\n  throttle\n'
  )
  expect(() => orderFault(faults, 'weather:ListTasks', 0)).toThrow(
    'The fault "weather" strikes any operation.'
  )
})
