import type { Counts } from '../domain/counts.js'
import { clockFace } from '../domain/duration.js'
import type { Paint } from './paint.js'
import { forLog } from './untrusted.js'
import { wrap } from './wrap.js'

/** Columns of the rows of a rollout: wide enough for most sentences, narrow enough for GitHub's log. */
const width = 132
const barLength = 10

/** The head of a table of rows. */
export const rowsHead = `    time  ${'healthy'.padEnd(barLength + 6)} pending  running  failed`

/** A row of a rollout: the time, a bar of healthy of desired tasks, the counts, and what it waits for. */
export function rowLines(at: number, counts: Counts, state: string, what: string, paint: Paint): string[] {
  const { desired, healthy, pending, running, failed } = counts
  const counted = [
    `${healthy}/${desired}`.padStart(5),
    String(pending).padStart(8),
    String(running).padStart(9),
    String(failed).padStart(8)
  ].join('')
  const front = `  ${clockFace(at).padStart(6)}  `
  const hue = state === 'failing' ? paint.bad : healthy >= desired && desired > 0 ? paint.good : plainly
  const indent = front.length + barLength + 1 + counted.length + 2
  const [first = '', ...rest] = wrap(forLog(what, 300), Math.max(40, width - indent))
  return [
    `${front}${hue(bar(healthy, desired))} ${counted}  ${first}`,
    ...rest.map((line) => `${' '.repeat(indent)}${forLog(line)}`)
  ]
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

/**
 * An event of the service in fewer words: the service is the one that is watched, target groups by name, tasks by the
 * first letters of their ids, and not more than three of them.
 */
export function shortEvent(message: string): string {
  return message
    .replace(/^\(service [^)]*\)\s*/, '')
    .replace(/arn:[^\s)]*:targetgroup\/([^/\s]+)\/[0-9a-f]+/g, '$1')
    .replace(/(?:\(task [0-9a-f]{32}\)[\s,]*){1,500}/g, (tasks, at: number, whole: string) => {
      const ids = [...tasks.matchAll(/[0-9a-f]{32}/g)].map(([id]) => id.slice(0, 8))
      const more = ids.length > 3 ? ` and ${ids.length - 3} more` : ''
      const what = whole.slice(0, at).endsWith('tasks: ') ? '' : 'task '
      return `${what}${ids.slice(0, 3).join(', ')}${more}${/\s$/.test(tasks) ? ' ' : ''}`
    })
}
