import type { Counts } from '../domain/counts.js'
import { clockFace } from '../domain/duration.js'
import type { Paint } from './paint.js'
import type { TimeLeft } from './time-left.js'
import { forLog } from './untrusted.js'
import { wrap } from './wrap.js'

/** Columns of the rows of a rollout: wide enough for most sentences, narrow enough for GitHub's log. */
const width = 132
const barLength = 10

/** The head of a table of rows. */
export const rowsHead = `    time  ${'healthy'.padEnd(barLength + 6)} pending  running  failed  time left`

/**
 * A row of a rollout: the time, a bar of healthy of desired tasks, the counts, the least and the most time that is left,
 * and what it waits for.
 */
export function rowLines(
  at: number,
  counts: Counts,
  state: string,
  what: string,
  paint: Paint,
  left?: TimeLeft
): string[] {
  const { desired, healthy, pending, running, failed } = counts
  const counted = [
    `${healthy}/${desired}`.padStart(5),
    String(pending).padStart(8),
    String(running).padStart(9),
    String(failed).padStart(8)
  ].join('')
  const front = `  ${clockFace(at).padStart(6)}  `
  const hue = state === 'failing' ? paint.bad : healthy >= desired && desired > 0 ? paint.good : plainly
  const rest = sayLeft(left).padEnd(leftWidth)
  const indent = front.length + barLength + 1 + counted.length + 2 + rest.length + 2
  const [first = '', ...more] = wrap(forLog(what, 300), Math.max(40, width - indent))
  return [
    `${front}${hue(bar(healthy, desired))} ${counted}  ${rest}  ${first}`,
    ...more.map((line) => `${' '.repeat(indent)}${forLog(line)}`)
  ]
}

/** As wide as `12:50–1:02:50`. */
const leftWidth = 13

/** `2:50–30:00`: the least and the most; one time where only one is possible or known. */
function sayLeft(left: TimeLeft | undefined): string {
  if (left === undefined || (left.sure && left.leastMs < 1000)) return ''
  const [least, most] = [left.leastMs, left.mostMs].map(clockFace)
  if (left.sure) return least ?? ''
  return left.leastMs < 1000 ? `≤ ${most ?? ''}` : `${least ?? ''}–${most ?? ''}`
}

/** A line between the rows, with its own time and a sign: an event, or a task that stopped. */
export function noteLines(at: number, sign: string, text: string): string[] {
  const front = `  ${clockFace(at).padStart(6)}  ${sign} `
  const [first = '', ...rest] = wrap(forLog(text), width - front.length)
  return [`${front}${first}`, ...rest.map((line) => `${' '.repeat(front.length)}${forLog(line)}`)]
}

const plainly = (text: string): string => text

/** Full only when all are healthy, empty only when none is. */
function bar(healthy: number, desired: number): string {
  const share = desired === 0 ? 0 : Math.min(1, healthy / desired)
  const cells = share === 0 || share === 1 ? share * barLength : Math.round(share * barLength)
  const filled = share > 0 && share < 1 ? Math.min(barLength - 1, Math.max(1, cells)) : cells
  return '█'.repeat(filled) + '░'.repeat(barLength - filled)
}
