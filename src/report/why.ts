import type { TaskLog } from '../domain/observation.js'
import { isGreen, type Ending } from '../domain/outcome.js'
import { coveredLines } from './redact.js'
import { shortly } from './shortly.js'
import { codeSpan, fenced, pageLine, prose } from './untrusted.js'
import { progressOf, type RunView } from './view.js'
import { wrap } from './wrap.js'

/**
 * Cause with proof, and what to do, as Markdown; while the run goes on as soon as the cause is known, and until then
 * what is waited for. `withLogs`: with what the containers said last.
 */
export function whyPart(view: RunView, withLogs: boolean): string[] {
  const { ending } = view
  const { cause, what } = progressOf(view.happenings)
  // The problems that an audit found stand below, each with what to do.
  if (ending?.outcome === 'problems' && view.happenings.some((h) => h.code === 'audit')) return []
  if (!ending) {
    if (cause === undefined) return what === undefined ? [] : [`**Now:** ${prose(what, 400)}`]
    return [
      sentence(cause.sentence, cause.reasonCode),
      proof(cause.evidence, withLogs ? cause.logs : []),
      ...next(cause.fix)
    ]
  }
  // That it was put back, and what serves, says the line above.
  const told = ending.outcome === 'rolled-back' && cause?.reasonCode === ending.reasonCode ? cause : undefined
  return [
    told === undefined ? reason(ending) : sentence(told.sentence, told.reasonCode),
    isGreen(ending.outcome) ? '' : proof(ending.evidence, withLogs ? (ending.logs ?? []) : []),
    ...(ending.fix === undefined ? [] : next(ending.fix))
  ]
}

function reason({ reason: text, reasonCode, outcome }: Ending): string {
  const lines = coveredLines(text)
  const title = isGreen(outcome) ? '**What:**' : '**Why:**'
  const [only = ''] = lines
  return lines.length <= 1
    ? coded(`${title} ${prose(reasonCode === undefined ? only : only.replace(/\.$/, ''))}`, reasonCode)
    : [coded(title, reasonCode), '', ...lines.slice(0, 20).map((line) => `- ${prose(line, 600)}`)].join('\n')
}

const coded = (text: string, code: string | undefined) =>
  code === undefined ? text : `${text} · ${codeSpan(code)}`

/** A cause as a sentence of its own. */
function sentence(cause: string, code: string): string {
  const first = /^[a-z]+(?= )/.exec(cause)?.[0] ?? ''
  const said = `${first.slice(0, 1).toUpperCase()}${cause.slice(Math.min(1, first.length))}`
  return coded(`**Why:** ${prose(said, 1000)}`, code)
}

const shownLines = 3

/** A few lines: what proves it, and what the container said last. */
function proof(evidence: readonly string[], logs: readonly TaskLog[]): string {
  const log = logs[0]
  const said =
    log === undefined
      ? []
      : [`container ${log.container} said last:`, ...log.lines.slice(-shownLines).map((line) => `  ${line}`)]
  const lines = [...evidence.slice(0, shownLines).flatMap(folds), ...said]
  return lines.length === 0 ? '' : fenced(lines)
}

/** Columns of a fence that a comment shows without scrolling. */
const width = 92

/** A sentence in a fence, short, its further lines behind an indent. */
export function folds(text: string): string[] {
  return wrap(pageLine(shortly(text), 600), width).map((line, i) => (i === 0 ? line : `  ${line}`))
}

/** The next action; a command stands in a block of its own, to be copied. */
function next(fix: string): string[] {
  const [, said = fix, command] = /^(.*?[:,.]) (aws [a-z][a-z0-9-]+ [a-z][a-z0-9-]+ .*)$/s.exec(fix) ?? []
  const words = said.replace(/,$/, ':')
  return [`**Next:** ${prose(words, 800)}`, ...(command === undefined ? [] : [fenced([command], 'sh')])]
}
