import {
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  paginateDescribeLogStreams,
  paginateFilterLogEvents
} from '@aws-sdk/client-cloudwatch-logs'
import { expect, test } from '@jest/globals'
import { createWorld, type Behaviour } from '../../simulator/index.js'
import { longestEvent } from '../../simulator/world/logs/logs.js'
import { clients, refusal, shop, until } from './support.js'

const group = '/ecs/shop'
const awslogs = {
  logConfiguration: {
    logDriver: 'awslogs',
    options: { 'awslogs-group': group, 'awslogs-region': 'us-west-2', 'awslogs-stream-prefix': 'web' }
  }
}

/** A deployment of an image that behaves so, with its first task and the clients. */
async function printing(behaviour: Behaviour) {
  const s = shop({ targetGroup: null, container: awslogs })
  const deployment = s.deploy({ behaviour })
  until(s.world, () =>
    s.service.tasks.some((t) => t.deploymentId === deployment.id && t.status === 'RUNNING')
  )
  const task = s.service.tasks.find((t) => t.deploymentId === deployment.id)!
  const { logs } = await clients(s.world)
  return { ...s, deployment, task, logs, logStreamName: `web/app/${task.id}`, began: s.world.clock.now() }
}

test('containers print into prefix/container/task, with times of the world; nothing is done to a line', async () => {
  const lines = [
    '::set-output name=x::1',
    '##[error]no',
    '\u001b[31mred\u001b[0m\r',
    '::add-mask::***',
    'ünï 🎈'
  ]
  const { world, logs, task, logStreamName } = await printing({
    prints: [...lines, { line: 'two\nlines', after: 10 }, { line: 'bye', at: 'exit' }],
    exits: { code: 1, after: 20 }
  })
  const { startedAt } = task as never as { startedAt: number }
  world.clock.advanceBy(30_000)
  const events = []
  for await (const p of paginateFilterLogEvents(
    { client: logs },
    { logGroupName: group, logStreamNames: [logStreamName] }
  ))
    events.push(...p.events!)
  expect(events.map((e) => e.message)).toEqual([...lines, 'two', 'lines', 'bye'])
  expect(events.map((e) => e.timestamp! - startedAt)).toEqual([0, 0, 0, 0, 0, 10_000, 10_000, 20_000])
  expect(new Set(events.map((e) => e.eventId)).size).toBe(8)
  expect(events[0]!.ingestionTime! - events[0]!.timestamp!).toBe(800)
})

test('the last words: on SIGTERM, of a refused program, and lines that are too long for one event', async () => {
  const last = await printing({
    prints: [
      { line: 'SIGTERM', at: 'sigterm' },
      { line: 'end', at: 'exit' }
    ]
  })
  last.world.ecs.stopTask(last.task.arn)
  last.world.clock.advanceBy(60_000)
  const messages = async (s: typeof last) =>
    (
      await s.logs.send(
        new GetLogEventsCommand({ logGroupName: group, logStreamName: s.logStreamName, startFromHead: true })
      )
    ).events!.map((e) => e.message!)
  expect(await messages(last)).toEqual(['SIGTERM', 'end'])
  const refused = await printing({ fails: 'exec-format' })
  refused.world.clock.advanceBy(10_000)
  expect(await messages(refused)).toEqual(['exec /usr/local/bin/entrypoint.sh: exec format error'])
  const long = await printing({ prints: 'é'.repeat(longestEvent) })
  long.world.clock.advanceBy(10_000)
  expect((await messages(long)).map((m) => m.length)).toEqual([longestEvent / 2, longestEvent / 2])
})

test('GetLogEvents: the newest first without startFromHead, tokens both ways, the same token at each end', async () => {
  const { world, logs, logStreamName, began } = await printing({
    prints: Array.from({ length: 12 }, (_, i) => ({ line: String(i), after: i }))
  })
  world.clock.advanceBy(60_000)
  const get = async (more: object) => {
    const answer = await logs.send(new GetLogEventsCommand({ logGroupName: group, logStreamName, ...more }))
    return { ...answer, lines: answer.events!.map((e) => e.message).join(' ') }
  }
  const newest = await get({})
  expect(newest.lines).toBe('7 8 9 10 11')
  const older = await get({ nextToken: newest.nextBackwardToken })
  expect(older.lines).toBe('2 3 4 5 6')
  const oldest = await get({ nextToken: older.nextBackwardToken })
  expect(oldest.lines).toBe('0 1')
  const before = await get({ nextToken: oldest.nextBackwardToken })
  expect(before).toMatchObject({ lines: '', nextBackwardToken: oldest.nextBackwardToken })
  const head = await get({ startFromHead: true, limit: 3 })
  expect(head.lines).toBe('0 1 2')
  const next = await get({ startFromHead: true, nextToken: head.nextForwardToken })
  expect(next.lines).toBe('3 4 5 6 7')
  const end = await get({ startFromHead: true, nextToken: newest.nextForwardToken })
  expect(end).toMatchObject({ lines: '', nextForwardToken: newest.nextForwardToken })
  expect((await get({ startTime: began + 3_000, endTime: began + 5_000 })).lines).toBe('3 4')
  expect(newest.nextForwardToken).toMatch(/^f\/\d{56}\/s$/)
  expect((await refusal(get({ nextToken: 'x' }))).name).toBe('InvalidParameterException')
})

test('FilterLogEvents: streams, times and terms; a page without a match may have a next one', async () => {
  const { world, logs, logStreamName, began } = await printing({
    prints: [
      ...Array.from({ length: 8 }, (_, i) => ({ line: `INFO ${i}`, after: i })),
      { line: 'ERROR db "lost"', after: 8 },
      { line: 'WARN ERROR retry', after: 9 }
    ]
  })
  world.logs.group(group).write('other/stream', 'ERROR elsewhere')
  world.clock.advanceBy(60_000)
  const find = async (more: object) => {
    const lines: string[] = []
    let pages = 0
    for await (const p of paginateFilterLogEvents({ client: logs }, { logGroupName: group, ...more })) {
      pages++
      lines.push(...p.events!.map((e) => e.message!))
    }
    return { lines, pages }
  }
  const mine = { logStreamNames: [logStreamName] }
  expect((await find({ filterPattern: 'ERROR' })).lines).toHaveLength(3)
  expect(await find({ ...mine, filterPattern: 'ERROR' })).toEqual({
    lines: ['ERROR db "lost"', 'WARN ERROR retry'],
    pages: 2
  })
  const first = await logs.send(
    new FilterLogEventsCommand({ logGroupName: group, ...mine, filterPattern: 'ERROR' })
  )
  expect(first.events).toEqual([])
  expect(first.nextToken).toBeDefined()
  expect((await find({ ...mine, filterPattern: 'ERROR -retry' })).lines).toEqual(['ERROR db "lost"'])
  expect((await find({ ...mine, filterPattern: '"db \\"lost\\""' })).lines).toEqual(['ERROR db "lost"'])
  expect((await find({ ...mine, filterPattern: '?WARN ?db' })).lines).toHaveLength(2)
  expect((await find({ logStreamNamePrefix: 'other/' })).lines).toEqual(['ERROR elsewhere'])
  expect((await find({ ...mine, startTime: began + 2_000, endTime: began + 4_000 })).lines).toEqual([
    'INFO 2',
    'INFO 3',
    'INFO 4'
  ])
  const both = { ...mine, logStreamNamePrefix: 'web' }
  expect((await refusal(find(both))).name).toBe('InvalidParameterException')
  expect((await refusal(find({ filterPattern: '{ $.level = "error" }' }))).name).toBe(
    'InvalidParameterException'
  )
})

test('groups and streams: made by the task definitions of the story, listed, ordered, in small pages', async () => {
  const s = shop({ targetGroup: null, container: awslogs, service: { desiredCount: 7 } })
  const { logs } = await clients(s.world)
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/ecs' }))
  expect(logGroups).toMatchObject([
    { logGroupName: group, arn: `arn:aws:logs:us-west-2:043309339649:log-group:${group}:*` }
  ])
  const streams = []
  for await (const p of paginateDescribeLogStreams({ client: logs }, { logGroupName: group }))
    streams.push(...p.logStreams!)
  expect(streams.map((l) => l.logStreamName).sort()).toEqual(
    s.service.tasks.map((t) => `web/app/${t.id}`).sort()
  )
  s.world.clock.advanceBy(1000)
  s.world.logs.group(group).write('last', 'x')
  const newest = await logs.send(
    new DescribeLogStreamsCommand({
      logGroupName: group,
      orderBy: 'LastEventTime',
      descending: true,
      limit: 1
    })
  )
  expect(newest.logStreams).toMatchObject([
    { logStreamName: 'last', lastEventTimestamp: s.world.clock.now() }
  ])
})

test('Logs refuses: no such group or stream, a group that is there already', async () => {
  const s = shop({ targetGroup: null, container: awslogs })
  const { logs } = await clients(s.world)
  const get = (logGroupName: string) =>
    refusal(logs.send(new GetLogEventsCommand({ logGroupName, logStreamName: 'none' })))
  expect(await get('/none')).toEqual({
    name: 'ResourceNotFoundException',
    message: 'The specified log group does not exist.',
    status: 400
  })
  expect((await get(group)).message).toBe('The specified log stream does not exist.')
  expect(await refusal(logs.send(new CreateLogGroupCommand({ logGroupName: group })))).toMatchObject({
    name: 'ResourceAlreadyExistsException'
  })
  await logs.send(new DeleteLogGroupCommand({ logGroupName: group }))
  expect((await get(group)).message).toBe('The specified log group does not exist.')
  await logs.send(new CreateLogGroupCommand({ logGroupName: group }))
  expect((await get(group)).message).toBe('The specified log stream does not exist.')
})

test('only awslogs writes to CloudWatch; without a prefix the stream is the id of the container', async () => {
  const streams = async (logDriver: string, options: Record<string, string>) => {
    const world = createWorld()
    world.ecs.containerInstance('c')
    world.logs.group(group)
    const { uri } = world.ecr.repository('web').push({ behaviour: { prints: 'hello' } })
    const service = world.ecs.service({
      cluster: 'c',
      name: 'web',
      launchType: 'EC2',
      desiredCount: 1,
      settled: false,
      taskDefinition: world.ecs.taskDefinition({
        family: 'web',
        containerDefinitions: [
          { name: 'web', image: uri, memory: 64, logConfiguration: { logDriver, options } }
        ]
      })
    })
    until(world, () => service.tasks[0]?.status === 'RUNNING')
    const { logs } = await clients(world)
    const { logStreams } = await logs.send(new DescribeLogStreamsCommand({ logGroupName: group }))
    return logStreams!.map((l) => l.logStreamName)
  }
  expect(await streams('awsfirelens', { Name: 'cloudwatch', 'awslogs-group': group })).toEqual([])
  expect(await streams('awslogs', { 'awslogs-group': group })).toEqual([
    expect.stringMatching(/^[0-9a-f]{64}$/)
  ])
})

test('what was printed can be read a moment later, not before', async () => {
  const { world, logs, logStreamName } = await printing({ prints: [{ line: 'now', after: 5 }] })
  const read = async () =>
    (await logs.send(new GetLogEventsCommand({ logGroupName: group, logStreamName }))).events!.length
  world.clock.advanceBy(5_000)
  expect(await read()).toBe(0)
  world.clock.advanceBy(1_000)
  expect(await read()).toBe(1)
})
