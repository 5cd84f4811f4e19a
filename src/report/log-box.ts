import { revisionName, taskId } from '../domain/arn.js'
import type { TaskLog } from '../domain/observation.js'
import { isGreen, type Ending } from '../domain/outcome.js'
import type { Paint } from './paint.js'
import { coveredLines } from './redact.js'
import { forLog } from './untrusted.js'
import { wrap } from './wrap.js'

/** Columns that every log view shows without scrolling. */
const width = 100
const mostProofs = 4
const mostLogLines = 8

/** The revision that is PRIMARY at the end, and how well it does when that is not well. */
export function sayServing({ servingTaskDefinition, servingNote, outcome }: Ending): string {
  const revision = revisionName(servingTaskDefinition ?? '')
  if (servingNote !== undefined) return `${revision} (${servingNote})`
  return isGreen(outcome) || outcome === 'rolled-back' ? `${revision}, healthy` : revision
}

/** The last lines of containers, under the name of each. */
export function saidLast(logs: TaskLog[]): string[] {
  return logs.flatMap(({ task, container, lines }) => [
    `the last lines of container ${forLog(container)}, task ${forLog(taskId(task))}:`,
    ...lines.map((line) => `  ${forLog(`> ${line}`)}`)
  ])
}

/** The verdict at the end of the log: what, what serves, what to do, the proof. Needs no scrolling. */
export function verdictBox(ending: Ending, paint: Paint): string[] {
  const green = isGreen(ending.outcome)
  const title = [
    green ? '✔' : '✖',
    ending.outcome.toUpperCase(),
    ...(ending.reasonCode === undefined || ending.reasonCode === ending.outcome
      ? []
      : [`(${ending.reasonCode})`])
  ].join(' ')
  const rule = '─'.repeat(Math.max(2, width - title.length - 4))
  const hue = green ? paint.good : paint.bad
  const edge = paint.quiet('│')
  const part = (name: string, texts: string[]) =>
    texts
      .flatMap((text) => wrap(forLog(text), width - 11))
      .map((line, i) => `${edge} ${(i > 0 ? '' : name).padEnd(8)} ${forLog(line)}`)
  const log = (ending.logs ?? [])
    .slice(0, 1)
    .map((said) => ({ ...said, lines: said.lines.slice(-mostLogLines) }))
  return [
    `${paint.quiet('┌─')} ${hue(title)} ${paint.quiet(rule)}`,
    ...part(green ? 'what' : 'why', coveredLines(ending.reason)),
    ...(ending.servingTaskDefinition === undefined ? [] : part('serving', [sayServing(ending)])),
    ...(ending.fix === undefined ? [] : part('next', [ending.fix])),
    ...ending.evidence.slice(0, mostProofs).flatMap((proof) => part('proof', [proof])),
    // Lines of a log are cut rather than wrapped: their beginnings stand under each other.
    ...saidLast(log).map((said) => `${edge} ${''.padEnd(8)} ${cutTo(said, width - 11)}`),
    paint.quiet(`└${'─'.repeat(width - 1)}`)
  ]
}

function cutTo(line: string, most: number): string {
  return line.length <= most ? line : `${line.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`
}
