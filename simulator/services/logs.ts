/** CloudWatch Logs: what containers printed, in small pages. Times are epoch milliseconds. */
import { AwsError } from '../world/errors.js'
import { filterOf } from '../world/logs/log-filter.js'
import type { LogEvent, LogGroup, LogStream } from '../world/logs/logs.js'
import { logTexts } from '../world/texts.js'
import type { SimulatedWorld } from '../world/world.js'
import { read, write, type Operation } from './operation.js'
import { defaultPage, page } from './paging.js'

interface GroupRef {
  logGroupName?: string
  logGroupIdentifier?: string
}

const invalid = (message: string): AwsError => new AwsError('InvalidParameterException', message)

function groupOf(world: SimulatedWorld, { logGroupName, logGroupIdentifier }: GroupRef): LogGroup {
  if ((logGroupName === undefined) === (logGroupIdentifier === undefined))
    throw invalid(logTexts.oneName.say())
  const ref = logGroupName ?? logGroupIdentifier ?? ''
  const name = ref.startsWith('arn:') ? ref.slice(ref.indexOf(':log-group:') + 11).replace(/:\*$/, '') : ref
  const found = world.logs.groups.get(name)
  if (found === undefined) throw new AwsError('ResourceNotFoundException', logTexts.noGroup.say())
  return found
}

function streamOf(group: LogGroup, name: string): LogStream {
  const found = group.streamsByName.get(name)
  if (found === undefined) throw new AwsError('ResourceNotFoundException', logTexts.noStream.say())
  return found
}

const bytesOf = (events: readonly LogEvent[]): number =>
  events.reduce((sum, e) => sum + Buffer.byteLength(e.message) + 26, 0)

function describeLogGroups(
  world: SimulatedWorld,
  input: { logGroupNamePrefix?: string; logGroupNamePattern?: string; nextToken?: string; limit?: number }
): Record<string, unknown> {
  if (input.logGroupNamePrefix !== undefined && input.logGroupNamePattern !== undefined)
    throw invalid(logTexts.prefixAndPattern.say())
  const pattern = (input.logGroupNamePattern ?? '').toLowerCase()
  const groups = [...world.logs.groups.values()]
    .filter((g) => g.name.startsWith(input.logGroupNamePrefix ?? ''))
    .filter((g) => g.name.toLowerCase().includes(pattern))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  const { items, next } = page(groups, input.nextToken, input.limit)
  return {
    logGroups: items.map((g) => ({
      logGroupName: g.name,
      creationTime: g.createdAt,
      metricFilterCount: 0,
      arn: `${g.arn}:*`,
      storedBytes: g.streams.reduce((sum, s) => sum + bytesOf(s.events), 0),
      logGroupClass: 'STANDARD',
      logGroupArn: g.arn
    })),
    nextToken: next
  }
}

function describeLogStreams(
  world: SimulatedWorld,
  input: GroupRef & {
    logStreamNamePrefix?: string
    orderBy?: string
    descending?: boolean
    nextToken?: string
    limit?: number
  }
): Record<string, unknown> {
  const group = groupOf(world, input)
  const byTime = input.orderBy === 'LastEventTime'
  if (byTime && input.logStreamNamePrefix !== undefined) throw invalid(logTexts.timeAndPrefix.say())
  const last = (s: LogStream): number => s.events.at(-1)?.timestamp ?? s.createdAt
  const streams = group.streams
    .filter((s) => s.name.startsWith(input.logStreamNamePrefix ?? ''))
    .sort((a, b) => (byTime ? last(a) - last(b) : 0) || (a.name < b.name ? -1 : 1))
  if (input.descending === true) streams.reverse()
  const { items, next } = page(streams, input.nextToken, input.limit)
  return {
    logStreams: items.map((s) => ({
      logStreamName: s.name,
      creationTime: s.createdAt,
      firstEventTimestamp: s.events[0]?.timestamp,
      lastEventTimestamp: s.events.at(-1)?.timestamp,
      lastIngestionTime: s.events.at(-1)?.ingestionTime,
      arn: s.arn,
      storedBytes: 0
    })),
    nextToken: next
  }
}

const sizeOf = (limit: number | undefined): number => Math.max(1, Math.min(limit ?? defaultPage, defaultPage))

/** `f/…/s` goes on forward from an event, `b/…/s` backward. */
const tokenOf = (way: 'f' | 'b', at: number): string => `${way}/3${String(at).padStart(55, '0')}/s`

function getLogEvents(
  world: SimulatedWorld,
  input: GroupRef & {
    logStreamName: string
    startTime?: number
    endTime?: number
    nextToken?: string
    limit?: number
    startFromHead?: boolean
  }
): Record<string, unknown> {
  const { events } = streamOf(groupOf(world, input), input.logStreamName)
  const now = world.clock.now()
  const below = (fits: (e: LogEvent) => boolean): number => {
    const found = events.findIndex((e) => !fits(e))
    return found === -1 ? events.length : found
  }
  const low = below((e) => e.timestamp < (input.startTime ?? 0))
  const high = below((e) => e.timestamp < (input.endTime ?? Infinity) && e.ingestionTime <= now)
  const token = /^([fb])\/3(\d{55})\/s$/.exec(input.nextToken ?? '')
  if (input.nextToken !== undefined && token === null) throw invalid(logTexts.badToken.say())
  const size = sizeOf(input.limit)
  const at = token === null ? undefined : Number(token[2])
  const forward = token === null ? input.startFromHead === true : token[1] === 'f'
  const from = forward ? Math.max(low, at ?? low) : Math.max(low, Math.min(high, at ?? high) - size)
  const to = forward ? Math.min(high, from + size) : Math.max(from, Math.min(high, at ?? high))
  return {
    events: events
      .slice(from, to)
      .map((e) => ({ timestamp: e.timestamp, message: e.message, ingestionTime: e.ingestionTime })),
    nextForwardToken: tokenOf('f', Math.max(from, to)),
    nextBackwardToken: tokenOf('b', from)
  }
}

function filterLogEvents(
  world: SimulatedWorld,
  input: GroupRef & {
    logStreamNames?: string[]
    logStreamNamePrefix?: string
    startTime?: number
    endTime?: number
    filterPattern?: string
    nextToken?: string
    limit?: number
  }
): Record<string, unknown> {
  const group = groupOf(world, input)
  if (input.logStreamNames !== undefined && input.logStreamNamePrefix !== undefined)
    throw invalid(logTexts.namesAndPrefix.say())
  const fits = filterOf(input.filterPattern)
  const streams =
    input.logStreamNames?.map((name) => streamOf(group, name)) ??
    group.streams.filter((s) => s.name.startsWith(input.logStreamNamePrefix ?? ''))
  const now = world.clock.now()
  const all = streams
    .flatMap((s) => s.events.map((e) => ({ stream: s.name, e })))
    .filter(
      ({ e }) =>
        e.ingestionTime <= now &&
        e.timestamp >= (input.startTime ?? 0) &&
        e.timestamp <= (input.endTime ?? Infinity)
    )
    .sort((a, b) => a.e.timestamp - b.e.timestamp || (a.e.eventId < b.e.eventId ? -1 : 1))
  // So many events are searched for a page: one without a match is empty and still has a next one (documented).
  const { items, next } = page(all, input.nextToken, input.limit)
  return {
    events: items
      .filter(({ e }) => fits(e.message))
      .map(({ stream, e }) => ({
        logStreamName: stream,
        timestamp: e.timestamp,
        message: e.message,
        ingestionTime: e.ingestionTime,
        eventId: e.eventId
      })),
    searchedLogStreams: [],
    nextToken: next
  }
}

/** The operations, by name. */
export const logsOperations: Record<string, Operation> = {
  DescribeLogGroups: read(describeLogGroups),
  DescribeLogStreams: read(describeLogStreams),
  GetLogEvents: read(getLogEvents),
  FilterLogEvents: read(filterLogEvents),
  CreateLogGroup: write((world, input: { logGroupName: string }) => {
    if (world.logs.groups.has(input.logGroupName))
      throw new AwsError('ResourceAlreadyExistsException', logTexts.groupExists.say())
    world.logs.group(input.logGroupName)
    return {}
  }),
  DeleteLogGroup: write((world, input: { logGroupName: string }) => {
    groupOf(world, input)
    world.logs.remove(input.logGroupName)
    return {}
  })
}
