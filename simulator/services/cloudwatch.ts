/** CloudWatch's alarms over the wire (facts J; the SDK's DescribeAlarms, SetAlarmState, DescribeAlarmHistory). */
import { alarmTexts } from '../world/cloudwatch/alarm-texts.js'
import type { Alarm } from '../world/cloudwatch/alarms.js'
import type { AlarmState } from '../world/api.js'
import { AwsError } from '../world/errors.js'
import type { SimulatedWorld } from '../world/world.js'
import { read, write, type Operation } from './operation.js'
import { page } from './paging.js'

type Shape = Record<string, unknown>

interface DescribeAlarmsInput {
  AlarmNames?: string[]
  AlarmNamePrefix?: string
  AlarmTypes?: string[]
  StateValue?: string
  ActionPrefix?: string
  ChildrenOfAlarmName?: string
  ParentsOfAlarmName?: string
  MaxRecords?: number
  NextToken?: string
}

const kindOf = (alarm: Alarm): string => (alarm.rule === undefined ? 'MetricAlarm' : 'CompositeAlarm')

function stateOf(alarm: Alarm): Shape {
  return {
    AlarmName: alarm.name,
    AlarmArn: alarm.arn,
    AlarmDescription: alarm.options.description,
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.createdAt),
    ActionsEnabled: true,
    OKActions: [],
    AlarmActions: [],
    InsufficientDataActions: [],
    StateValue: alarm.state,
    StateReason: alarm.reason,
    StateReasonData: alarm.reasonData,
    StateUpdatedTimestamp: new Date(alarm.updatedAt),
    StateTransitionedTimestamp: new Date(alarm.transitionedAt)
  }
}

function alarmShape(alarm: Alarm): Shape {
  if (alarm.rule !== undefined) return { ...stateOf(alarm), AlarmRule: alarm.options.rule }
  return {
    ...stateOf(alarm),
    MetricName: 'HTTPCode_Target_5XX_Count',
    Namespace: 'AWS/ApplicationELB',
    Statistic: 'Sum',
    Dimensions: [],
    Period: alarm.options.period ?? 60,
    EvaluationPeriods: alarm.options.evaluationPeriods ?? 1,
    Threshold: alarm.threshold,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'missing',
    ...alarm.options.metric
  }
}

/** Throws ValidationError for filters that exclude each other. */
function describeAlarms(world: SimulatedWorld, input: DescribeAlarmsInput): Shape {
  const { cloudwatch } = world
  const { MaxRecords, NextToken, ChildrenOfAlarmName, ParentsOfAlarmName, ...filters } = input
  const family = ChildrenOfAlarmName ?? ParentsOfAlarmName
  if (family !== undefined && Object.keys(filters).length > 0)
    throw new AwsError(
      'ValidationError',
      'ChildrenOfAlarmName and ParentsOfAlarmName go with no other filter.'
    )
  if (input.AlarmNames !== undefined && input.AlarmNamePrefix !== undefined)
    throw new AwsError('ValidationError', 'AlarmNamePrefix and AlarmNames cannot both be specified.')
  if ((input.AlarmNames?.length ?? 0) > 100)
    throw new AwsError('ValidationError', 'AlarmNames can hold at most 100 names.')
  const types =
    input.AlarmTypes ?? (family === undefined ? ['MetricAlarm'] : ['MetricAlarm', 'CompositeAlarm'])
  const parent = family === undefined ? undefined : cloudwatch.find(family)
  const related = (alarm: Alarm): boolean => {
    if (ChildrenOfAlarmName !== undefined)
      return parent?.rule?.children.some((child) => cloudwatch.find(child) === alarm) ?? false
    if (ParentsOfAlarmName !== undefined)
      return alarm.rule?.children.some((child) => cloudwatch.find(child) === parent) ?? false
    return true
  }
  const found = [...cloudwatch.all.values()]
    .filter(
      (a) =>
        types.includes(kindOf(a)) &&
        related(a) &&
        (input.AlarmNames === undefined || input.AlarmNames.includes(a.name)) &&
        a.name.startsWith(input.AlarmNamePrefix ?? '') &&
        (input.StateValue === undefined || a.state === input.StateValue) &&
        (input.ActionPrefix === undefined || input.ActionPrefix === '')
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  const { items, next } = page(found, NextToken, MaxRecords, 'InvalidNextToken')
  return {
    MetricAlarms: items.filter((a) => a.rule === undefined).map(alarmShape),
    CompositeAlarms: items.filter((a) => a.rule !== undefined).map(alarmShape),
    NextToken: next
  }
}

function setAlarmState(
  world: SimulatedWorld,
  input: { AlarmName: string; StateValue: string; StateReason: string; StateReasonData?: string }
): Shape {
  const alarm = world.cloudwatch.find(input.AlarmName)
  if (alarm === undefined)
    throw new AwsError('ResourceNotFound', alarmTexts.notThere.say(input.AlarmName), 404)
  if (!['OK', 'ALARM', 'INSUFFICIENT_DATA'].includes(input.StateValue))
    throw new AwsError('ValidationError', `StateValue ${input.StateValue} is not valid.`)
  alarm.set(input.StateValue as AlarmState, input.StateReason, input.StateReasonData)
  return {}
}

function describeAlarmHistory(
  world: SimulatedWorld,
  input: {
    AlarmName?: string
    AlarmTypes?: string[]
    HistoryItemType?: string
    StartDate?: number | string
    EndDate?: number | string
    ScanBy?: string
    MaxRecords?: number
    NextToken?: string
  }
): Shape {
  const ms = (given: number | string | undefined, otherwise: number): number => {
    if (given === undefined) return otherwise
    return typeof given === 'number' ? given * 1000 : Date.parse(given)
  }
  const types = input.AlarmTypes ?? ['MetricAlarm']
  const wanted = input.HistoryItemType ?? 'StateUpdate'
  const changes = [...world.cloudwatch.all.values()]
    .filter((a) => (input.AlarmName === undefined || a.name === input.AlarmName) && types.includes(kindOf(a)))
    .flatMap((alarm) => alarm.history.map((change) => ({ alarm, change })))
    .filter(
      ({ change }) =>
        wanted === 'StateUpdate' &&
        change.time >= ms(input.StartDate, -Infinity) &&
        change.time <= ms(input.EndDate, Infinity)
    )
    .sort((a, b) => (input.ScanBy === 'TimestampAscending' ? 1 : -1) * (a.change.time - b.change.time))
  const { items, next } = page(changes, input.NextToken, input.MaxRecords, 'InvalidNextToken')
  return {
    AlarmHistoryItems: items.map(({ alarm, change }) => ({
      AlarmName: alarm.name,
      AlarmType: kindOf(alarm),
      Timestamp: new Date(change.time),
      HistoryItemType: 'StateUpdate',
      HistorySummary: alarmTexts.updated.say(change.from, change.to),
      HistoryData: JSON.stringify({
        version: '1.0',
        oldState: { stateValue: change.from },
        newState: { stateValue: change.to, stateReason: change.reason }
      })
    })),
    NextToken: next
  }
}

/** The operations, by name. */
export const cloudwatchOperations: Record<string, Operation> = {
  DescribeAlarms: read(describeAlarms),
  DescribeAlarmHistory: read(describeAlarmHistory),
  SetAlarmState: write(setAlarmState)
}
