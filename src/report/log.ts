import { clockFace } from '../domain/duration.js'
import type { Counts } from '../domain/counts.js'
import type { Happening } from '../domain/events.js'
import { isGreen, type Ending } from '../domain/outcome.js'
import { revisionName } from '../domain/arn.js'
import { forLog } from './untrusted.js'

/** What the log host is asked to do: open a group, or print a line. */
export type LogLine = { group: string } | { endGroup: true } | { line: string }

const header = '    time  desired  pending  running  healthy  failed'

/**
 * One happening as log lines. Groups are the steps; a row stands only when something changed. Pure: the
 * host prints.
 */
export function logLines(h: Happening): LogLine[] {
  switch (h.code) {
    case 'step':
      return [{ group: h.title }, ...(h.step === 'watch' || h.step === 'restore' ? [{ line: header }] : [])]
    case 'fact':
      return [{ line: `  ${forLog(h.name).padEnd(16)} ${forLog(h.value)}` }]
    case 'note':
      return [{ line: `  ${forLog(h.text)}` }]
    case 'warning':
      return [{ line: `  ! ${forLog(h.text)}` }]
    case 'rollout':
      return [{ line: `  ${row(h.elapsedMs, h.counts)}   ${forLog(h.what, 300)}` }]
    case 'task-failed':
      return [{ line: `  ✖ failed: ${forLog(h.text)}` }]
    case 'task-stopped':
      return [{ line: `  · not counted: ${forLog(h.text)}` }]
    case 'service-event':
      return [{ line: `  · event ${new Date(h.eventAt).toISOString().slice(11, 19)}  ${forLog(h.text)}` }]
    case 'verdict':
      return [{ line: `  verdict: ${h.state}${h.text === '' ? '' : ` (${forLog(h.text)})`}` }]
    case 'ended':
      return [{ endGroup: true }, ...verdictBox(h.ending).map((line) => ({ line }))]
  }
}

function row(elapsedMs: number, c: Counts): string {
  const cells: [number, number][] = [
    [c.desired, 9],
    [c.pending, 9],
    [c.running, 9],
    [c.healthy, 9],
    [c.failed, 8]
  ]
  return clockFace(elapsedMs).padStart(6) + cells.map(([n, width]) => String(n).padStart(width)).join('')
}

/** The verdict at the end of the log: what, why, what serves, what to do. Needs no scrolling. */
export function verdictBox(ending: Ending): string[] {
  const mark = isGreen(ending.outcome) ? '✔' : '✖'
  const code = ending.reasonCode === undefined ? '' : `  (${ending.reasonCode})`
  const line = (name: string, text: string) => `│ ${name.padEnd(8)} ${forLog(text)}`
  return [
    `┌─ ${mark} ${ending.outcome.toUpperCase()}${code}`,
    line(isGreen(ending.outcome) ? 'what' : 'why', ending.reason),
    ...ending.evidence.slice(0, 5).map((proof) => line('proof', proof)),
    ...(ending.servingTaskDefinition === undefined
      ? []
      : [line('serving', revisionName(ending.servingTaskDefinition))]),
    ...(ending.fix === undefined ? [] : [line('next', ending.fix)]),
    '└─'
  ]
}
