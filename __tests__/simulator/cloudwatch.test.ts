import {
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  type DescribeAlarmsCommandInput,
  paginateDescribeAlarms,
  SetAlarmStateCommand
} from '@aws-sdk/client-cloudwatch'
import { expect, test } from '@jest/globals'
import { createWorld } from '../../simulator/index.js'
import { clients, refusal } from './support.js'

function alarmed() {
  const world = createWorld()
  const errors = world.cloudwatch.alarm('shop-errors', { metric: { Threshold: 5 } })
  world.cloudwatch.alarm('shop-latency', { state: 'INSUFFICIENT_DATA' })
  world.cloudwatch.alarm('other', { state: 'ALARM' })
  world.cloudwatch.alarm('any', { rule: 'ALARM("shop-errors") OR ALARM("other")' })
  return { world, errors }
}

test('DescribeAlarms: metric alarms with state, reason and times; filters by name, prefix, state and type', async () => {
  const { world, errors } = alarmed()
  const { cloudwatch } = await clients(world)
  const made = new Date(world.clock.now())
  world.clock.advanceBy(60_000)
  errors.set('ALARM')
  world.clock.advanceBy(60_000)
  errors.set('ALARM', 'still')
  const names = async (input: DescribeAlarmsCommandInput) => {
    const { MetricAlarms, CompositeAlarms } = await cloudwatch.send(new DescribeAlarmsCommand(input))
    return [...MetricAlarms!, ...CompositeAlarms!].map((a) => a.AlarmName)
  }
  const { MetricAlarms } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: ['shop-errors'] }))
  expect(MetricAlarms).toHaveLength(1)
  expect(MetricAlarms![0]).toMatchObject({
    AlarmArn: 'arn:aws:cloudwatch:us-west-2:043309339649:alarm:shop-errors',
    StateValue: 'ALARM',
    StateReason: 'still',
    StateTransitionedTimestamp: new Date(made.getTime() + 60_000),
    StateUpdatedTimestamp: new Date(made.getTime() + 120_000),
    AlarmConfigurationUpdatedTimestamp: made,
    Threshold: 5,
    Period: 60
  })
  expect(await names({})).toEqual(['other', 'shop-errors', 'shop-latency'])
  expect(await names({ AlarmNamePrefix: 'shop-' })).toEqual(['shop-errors', 'shop-latency'])
  expect(await names({ StateValue: 'ALARM' })).toEqual(['other', 'shop-errors'])
  expect(await names({ AlarmTypes: ['CompositeAlarm'] })).toEqual(['any'])
  expect(await names({ AlarmNames: ['nobody'] })).toEqual([])
  expect(await names({ ChildrenOfAlarmName: 'any' })).toEqual(['other', 'shop-errors'])
  expect(await names({ ParentsOfAlarmName: 'other' })).toEqual(['any'])
})

test('DescribeAlarms: paging, and refusals with the query code in a header', async () => {
  const world = createWorld()
  for (let i = 0; i < 12; i++) world.cloudwatch.alarm(`alarm-${String(i).padStart(2, '0')}`)
  const { cloudwatch, server } = await clients(world)
  const seen: (string | undefined)[] = []
  let pages = 0
  for await (const page of paginateDescribeAlarms({ client: cloudwatch }, {})) {
    seen.push(...page.MetricAlarms!.map((a) => a.AlarmName))
    pages++
  }
  expect([seen.length, new Set(seen).size, pages]).toEqual([12, 12, 3])
  const both = new DescribeAlarmsCommand({ AlarmNames: ['a'], AlarmNamePrefix: 'a' })
  expect(await refusal(cloudwatch.send(both))).toMatchObject({
    name: 'ValidationException',
    status: 400
  })
  const answer = await fetch(server.url, {
    method: 'POST',
    headers: { 'x-amz-target': 'GraniteServiceVersion20100801.SetAlarmState' },
    body: JSON.stringify({ AlarmName: 'nobody', StateValue: 'OK', StateReason: 'test' })
  })
  expect(answer.status).toBe(404)
  expect(answer.headers.get('content-type')).toBe('application/x-amz-json-1.0')
  expect(answer.headers.get('x-amzn-query-error')).toBe('ResourceNotFound;Sender')
})

test('SetAlarmState changes an alarm as a write, and its history tells of it', async () => {
  const { world, errors } = alarmed()
  const { cloudwatch, server } = await clients(world)
  const state = { AlarmName: 'shop-errors', StateValue: 'ALARM', StateReason: 'a drill' } as const
  await cloudwatch.send(new SetAlarmStateCommand(state))
  expect(errors.state).toBe('ALARM')
  expect(server.journal.writes().map((e) => e.operation)).toEqual(['SetAlarmState'])
  world.clock.advanceBy(60_000)
  errors.set('OK')
  const { AlarmHistoryItems } = await cloudwatch.send(
    new DescribeAlarmHistoryCommand({ AlarmName: 'shop-errors', HistoryItemType: 'StateUpdate' })
  )
  expect(AlarmHistoryItems!.map((i) => i.HistorySummary)).toEqual([
    'Alarm updated from ALARM to OK',
    'Alarm updated from OK to ALARM'
  ])
  expect(
    await refusal(cloudwatch.send(new SetAlarmStateCommand({ ...state, AlarmName: 'x' })))
  ).toMatchObject({
    name: 'ResourceNotFound'
  })
})

test('CloudWatch speaks the query protocol too, for clients from before its JSON', async () => {
  const { world } = alarmed()
  const { server } = await clients(world)
  const ask = async (form: Record<string, string>) => {
    const answer = await fetch(server.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: 'AWS4-HMAC-SHA256 Credential=AK/20260601/us-west-2/monitoring/aws4_request'
      },
      body: new URLSearchParams({ Version: '2010-08-01', ...form })
    })
    return await answer.text()
  }
  const described = await ask({ Action: 'DescribeAlarms', 'AlarmNames.member.1': 'other' })
  expect(described).toContain(
    '<DescribeAlarmsResponse xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/">'
  )
  expect(described).toContain('<AlarmName>other</AlarmName>')
  expect(described).toContain('<StateValue>ALARM</StateValue>')
  const set = { Action: 'SetAlarmState', AlarmName: 'other', StateValue: 'OK', StateReason: 'done' }
  expect(await ask(set)).toContain('<SetAlarmStateResponse')
  expect(await ask({ ...set, AlarmName: 'nobody' })).toContain('<Code>ResourceNotFound</Code>')
})
