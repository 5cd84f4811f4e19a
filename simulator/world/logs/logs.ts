/** CloudWatch Logs: groups, streams, and what containers print into them. */
import type { Clock } from '../../clock.js'
import type { LogGroupHandle, LogsBuilder } from '../api.js'

/** One line, as it was printed: nobody has looked at it. */
export interface LogEvent {
  /** Epoch ms. */
  timestamp: number
  ingestionTime: number
  message: string
  eventId: string
}

/** The longest event: 256 KiB less the 26 bytes that each event costs; a longer line is cut into several. */
export const longestEvent = 262_144 - 26

/** A stream: what one container of one task prints. */
export class LogStream {
  readonly events: LogEvent[] = []

  constructor(
    readonly group: LogGroup,
    readonly name: string,
    readonly createdAt: number
  ) {}

  get arn(): string {
    return `${this.group.arn}:log-stream:${this.name}`
  }
}

export class LogGroup implements LogGroupHandle {
  readonly streamsByName = new Map<string, LogStream>()

  constructor(
    private readonly logs: Logs,
    readonly name: string,
    readonly arn: string,
    readonly createdAt: number
  ) {}

  get streams(): LogStream[] {
    return [...this.streamsByName.values()]
  }

  stream(name: string): LogStream {
    const known = this.streamsByName.get(name)
    if (known !== undefined) return known
    const made = new LogStream(this, name, this.logs.clock.now())
    this.streamsByName.set(name, made)
    return made
  }

  write(stream: string, text: string): void {
    for (const line of text.split('\n'))
      for (const piece of piecesOf(line)) this.stream(stream).events.push(this.logs.event(piece))
  }
}

/** A line in pieces that fit into an event. */
function piecesOf(line: string): string[] {
  if (Buffer.byteLength(line) <= longestEvent) return [line]
  const pieces: string[] = []
  let piece = ''
  let size = 0
  for (const sign of line) {
    const bytes = Buffer.byteLength(sign)
    if (size + bytes > longestEvent) {
      pieces.push(piece)
      piece = ''
      size = 0
    }
    piece += sign
    size += bytes
  }
  return [...pieces, piece]
}

/** All groups of the account in its region. */
export class Logs implements LogsBuilder {
  readonly groups = new Map<string, LogGroup>()
  private counted = 0

  constructor(
    readonly clock: Clock,
    readonly region: string,
    readonly account: string
  ) {}

  group(name: string): LogGroup {
    const known = this.groups.get(name)
    if (known !== undefined) return known
    const arn = `arn:aws:logs:${this.region}:${this.account}:log-group:${name}`
    const made = new LogGroup(this, name, arn, this.clock.now())
    this.groups.set(name, made)
    return made
  }

  remove(name: string): void {
    this.groups.delete(name)
  }

  event(message: string): LogEvent {
    const timestamp = this.clock.now()
    const eventId = `${timestamp}${String(this.counted++).padStart(43, '0')}`
    // What is printed can be read a moment later.
    return { timestamp, ingestionTime: timestamp + 800, message, eventId }
  }
}
