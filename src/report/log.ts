import { clockFace } from '../domain/duration.js'
import type { Counts } from '../domain/counts.js'
import type { Happening } from '../domain/events.js'
import { isGreen, type Ending } from '../domain/outcome.js'
import { revisionName, taskId } from '../domain/arn.js'
import type { TaskLog } from '../domain/observation.js'
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
      return [{ group: h.title }]
    case 'fact':
      return [{ line: `  ${forLog(h.name).padEnd(16)} ${forLog(h.value)}` }]
    case 'note':
      return [{ line: `  ${forLog(h.text)}` }]
    case 'warning':
      return [{ line: `  ! ${forLog(h.text)}` }]
    case 'rollout':
      return [
        ...(h.first ? [{ line: header }] : []),
        { line: `  ${row(h.elapsedMs, h.counts)}   ${forLog(h.what, 300)}` }
      ]
    case 'task-failed':
      return [{ line: `  ✖ failed: ${forLog(h.text)}` }]
    case 'task-stopped':
      return [{ line: `  · not counted: ${forLog(h.text)}` }]
    case 'service-event':
      return [
        {
          line: `  · event ${new Date(h.eventAt).toISOString().slice(11, 19)}Z  ${forLog(shortArns(h.text))}`
        }
      ]
    case 'task-seen':
    case 'verdict':
      // The row above and the box below say it.
      return []
    case 'cause':
      return [
        { line: '' },
        { line: `  Failing: ${forLog(h.sentence)}` },
        ...h.evidence.map((proof) => ({ line: `    proof  ${forLog(proof)}` })),
        ...saidLast(h.logs).map((line) => ({ line: `    ${line}` })),
        { line: `    to do  ${forLog(h.fix)}` }
      ]
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

/** Target groups by name: their ARNs are longer than the news. */
function shortArns(text: string): string {
  return text.replace(/arn:[^\s)]*:targetgroup\/([^/\s]+)\/[0-9a-f]+/g, '$1')
}

/** The revision that is PRIMARY at the end, and how well it does when that is not well. */
export function sayServing({ servingTaskDefinition, servingNote }: Ending): string {
  const revision = revisionName(servingTaskDefinition ?? '')
  return servingNote === undefined ? revision : `${revision} (${servingNote})`
}

/** The last lines of containers, under the name of each. */
export function saidLast(logs: TaskLog[]): string[] {
  return logs.flatMap(({ task, container, lines }) => [
    `the last lines of container ${forLog(container)}, task ${taskId(task)}:`,
    ...lines.map((line) => `  > ${forLog(line)}`)
  ])
}

/** The verdict at the end of the log: what, why, what serves, what to do. Needs no scrolling. */
export function verdictBox(ending: Ending): string[] {
  const mark = isGreen(ending.outcome) ? '✔' : '✖'
  const code = ending.reasonCode === undefined ? '' : `  (${ending.reasonCode})`
  const line = (name: string, text: string) => `│ ${name.padEnd(8)} ${forLog(text)}`
  return [
    `┌─ ${mark} ${ending.outcome.toUpperCase()}${code}`,
    ...ending.reason
      .split('\n')
      .map((reason, i) => line(i > 0 ? '' : isGreen(ending.outcome) ? 'what' : 'why', reason)),
    ...ending.evidence.slice(0, 6).map((proof) => line('proof', proof)),
    ...saidLast((ending.logs ?? []).slice(0, 1)).map((said) => line('', said)),
    ...(ending.servingTaskDefinition === undefined ? [] : [line('serving', sayServing(ending))]),
    ...(ending.fix === undefined ? [] : [line('next', ending.fix)]),
    '└─'
  ]
}
