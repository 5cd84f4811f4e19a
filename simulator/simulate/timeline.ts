/** The world's timeline as lines for people: when, what, and in whose words. */
import type { Happening, JournalEntry } from '../index.js'
import type { Paint } from '../terminal.js'

/** Seconds as `+1:02:03`, so that a deploy's minutes can be read off. */
export function sinceStart(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const two = (n: number): string => String(n).padStart(2, '0')
  return `+${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}

const width = 'task-definition-registered'.length

/** Lines of one column: since the start, the clock, what kind of thing, and what it was. */
export class Timeline {
  constructor(
    private readonly start: number,
    private readonly paint: Paint
  ) {}

  /** Something that happened in the world. */
  happening({ time, code, text }: Happening): string {
    return this.line(time, code, this.tone(code, text)(text))
  }

  /** An AWS call that somebody made. */
  call({ time, service, operation, error, write }: JournalEntry): string {
    const name = `${service}:${operation}`
    const what = error === undefined ? name : this.paint.red(`${name} → ${error}`)
    return this.line(time, write ? 'call (write)' : 'call', what)
  }

  private line(time: number, kind: string, what: string): string {
    const clock = new Date(time).toISOString().slice(11, 19)
    const { cyan, dim } = this.paint
    return `${sinceStart(time - this.start).padStart(9)}  ${dim(clock)}  ${cyan(kind.padEnd(width))}  ${what}`
  }

  private tone(code: string, text: string): (text: string) => string {
    if (code === 'deployment-failed' || code === 'failure-counted') return this.paint.red
    if (/unhealthy|unable|failed|stopped/i.test(`${code} ${text}`)) return this.paint.yellow
    if (code === 'deployment-completed' || /steady state|healthy/.test(text)) return this.paint.green
    return (same) => same
  }
}
