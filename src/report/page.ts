import { clockFace, sayDuration } from '../domain/duration.js'
import { taskId } from '../domain/arn.js'
import type { Happening } from '../domain/events.js'
import type { TaskLog } from '../domain/observation.js'
import { tally, type Finding } from '../domain/finding.js'
import { isGreen } from '../domain/outcome.js'
import type { Attempt } from './attempts.js'
import { auditPart } from './audit-table.js'
import { candidatesPart } from './candidates-table.js'
import { changeTable } from './change-table.js'
import { checksTable, timeLeft } from './checks-table.js'
import { foldedLines, troubleLines } from './findings.js'
import { pictureOf } from './gantt.js'
import { headline, iconOf } from './headline.js'
import { linksLine } from './links.js'
import { planRows, planTitle } from './plan-rows.js'
import { redact } from './redact.js'
import { storyLines } from './saying.js'
import { codeSpan, fenced, pageLine, prose } from './untrusted.js'
import { progressOf, type Planned, type RunView } from './view.js'
import { wrap } from './wrap.js'

/** How much of a page is shown: each step leaves out what is missed least. */
export type Level = 'whole' | 'without-logs' | 'without-timeline' | 'header'

/** From the whole page down to what must be said. */
export const ladder: readonly Level[] = ['whole', 'without-logs', 'without-timeline', 'header']

/** The page of a run in GitHub's Markdown: verdict, cause and next action, old to new, checks, links, the folded rest. */
export function pageOf(view: RunView, level: Level): string {
  const header = level === 'header'
  const parts = [
    headline(view),
    ...why(view, level),
    ...(view.afterwards ?? []).slice(0, 5).map((line) => `**Afterwards:** ${prose(line, 600)}`),
    ...(header
      ? []
      : [
          changeTable(view),
          planned(view),
          checksTable(view),
          auditPart(view.happenings),
          candidatesPart(view.happenings)
        ]),
    timeLeft(view),
    linksLine(view),
    ...(header || level === 'without-timeline' ? [] : folded(view, level)),
    ...(header ? [] : [attemptsTable(view)]),
    footer(view, level)
  ]
  return `${parts.filter((p) => p !== '').join('\n\n')}\n`
}

/** Cause with proof, and what to do; while the run goes on as soon as the cause is known. */
function why(view: RunView, level: Level): string[] {
  const { ending } = view
  if (!ending) {
    const { cause, what } = progressOf(view.happenings)
    if (cause === undefined) return what === undefined ? [] : [`**Now:** ${prose(what, 400)}`]
    return [
      `**Why:** ${prose(cause.sentence, 1000)} (${codeSpan(cause.reasonCode)})`,
      proof(cause.evidence, cause.logs, level),
      ...next(cause.fix)
    ]
  }
  const code = ending.reasonCode === undefined ? '' : ` (${codeSpan(ending.reasonCode)})`
  // A key that goes over several lines is known by its first.
  const lines = redact(ending.reason)
    .split('\n')
    .filter((line) => line.trim() !== '')
  const title = isGreen(ending.outcome) ? 'What' : 'Why'
  const reason =
    lines.length <= 1
      ? `**${title}:** ${prose(lines[0] ?? '')}${code}`
      : [`**${title}:**${code}`, '', ...lines.slice(0, 20).map((line) => `- ${prose(line, 600)}`)].join('\n')
  const proven = isGreen(ending.outcome) ? '' : proof(ending.evidence, ending.logs ?? [], level)
  return [reason, proven, ...(ending.fix === undefined ? [] : next(ending.fix))]
}

const shownLines = 3

/** A few lines: what proves it, and what the container said last. */
function proof(evidence: readonly string[], logs: readonly TaskLog[], level: Level): string {
  const log = logs[0]
  const said =
    log === undefined || level !== 'whole'
      ? []
      : [`container ${log.container} said last:`, ...log.lines.slice(-shownLines).map((line) => `  ${line}`)]
  const proven = evidence.slice(0, shownLines).flatMap((line) => folds(pageLine(line, 600)))
  const lines = [...proven, ...said]
  return lines.length === 0 ? '' : fenced(lines)
}

/** Columns of a fence that a comment shows without scrolling. */
const width = 92

/** A sentence in a fence, its further lines behind an indent. */
function folds(text: string): string[] {
  return wrap(text, width).map((line, i) => (i === 0 ? line : `  ${line}`))
}

/** The next action; a command stands in a block of its own, to be copied. */
function next(fix: string): string[] {
  const [, said = fix, command] = /^(.*?[:,]) (aws [a-z][a-z0-9-]+ [a-z][a-z0-9-]+ .*)$/s.exec(fix) ?? []
  const words = said.replace(/,$/, ':')
  return [`**Next:** ${prose(words, 800)}`, ...(command === undefined ? [] : [fenced([command], 'sh')])]
}

function folded(view: RunView, level: Level): string[] {
  const { happenings, startedAt, ending } = view
  const logs = level === 'whole' ? (ending?.logs ?? progressOf(happenings).cause?.logs ?? []) : []
  const findings = happenings.flatMap((h) => (h.code === 'preflight' ? h.findings : []))
  const risks = happenings.filter((h) => h.code === 'image-at-risk')
  const warnings = [...risks, ...happenings.filter((h) => h.code === 'warning')].map((h) => h.text)
  const fixes = level === 'whole' ? [...new Set(risks.map((h) => h.fix))].slice(0, 2) : []
  const events = happenings.filter((h) => h.code === 'service-event')
  const { plan } = progressOf(happenings)
  const story = storyLines(
    happenings.filter((h) => h.code !== 'service-event'),
    startedAt,
    level === 'whole' ? 200 : 120
  )
  return [
    ...(plan === undefined || plan.only ? [] : [details(planTitle(false), [planBlock(plan)])]),
    details('Timeline', [...picture(view), ...fence(story)]),
    details(`Events of the service (${events.length})`, fence(eventLines(events, startedAt))),
    details('Last lines of the containers', logs.flatMap(logBlock)),
    details(findings.length === 0 ? '' : `Preflight: ${tally(findings)}`, fence(findingLines(findings))),
    details(`Warnings (${warnings.length})`, [
      ...fence(warnings.slice(0, 30)),
      ...fixes.map((fix) => fenced(fix.split('\n'), 'sh'))
    ])
  ]
}

/** What a deploy would change, where that is what was asked for; what one is about to change stands folded. */
function planned({ happenings }: RunView): string {
  const { plan } = progressOf(happenings)
  return plan?.only === true ? `**${planTitle(true)}:**\n\n${planBlock(plan)}` : ''
}

function planBlock({ plan }: Planned): string {
  const front = 13
  return fenced(
    planRows(plan).flatMap(([name, text]) =>
      wrap(pageLine(text), width - front).map((line, i) => `${(i > 0 ? '' : name).padEnd(front)}${line}`)
    )
  )
}

/** The rollout drawn, and the same in words below; names in a drawing are made harmless where it is made. */
function picture({ happenings, startedAt, now }: RunView): string[] {
  const drawn = pictureOf(happenings, startedAt, now)
  if (drawn === undefined || /`{3}/.test(drawn.mermaid)) return []
  return ['```mermaid\n' + drawn.mermaid.trimEnd() + '\n```', fenced(drawn.words)]
}

const fence = (lines: readonly string[]): string[] => (lines.length === 0 ? [] : [fenced(lines)])

/** What a person should read of the checks before the deployment, then how many were well. */
function findingLines(findings: readonly Finding[]): string[] {
  if (findings.length === 0) return []
  return [...troubleLines(findings).slice(0, 80), ...foldedLines(findings)].map(([front, text]) =>
    `${front}${text}`.replace(/^ {2}/, '')
  )
}

const mostEvents = 60

function eventLines(
  events: readonly Extract<Happening, { code: 'service-event' }>[],
  startedAt: number
): string[] {
  const lines = events.map(
    (h) => `${clockFace(Math.max(0, h.eventAt - startedAt)).padStart(6)}  ${h.text.slice(0, 500)}`
  )
  const left = lines.length - mostEvents
  return left > 0 ? [`… ${left} older events left out …`, ...lines.slice(-mostEvents)] : lines
}

function logBlock({ task, container, lines }: TaskLog): string[] {
  return [`Container ${codeSpan(container, 100)} of task ${codeSpan(taskId(task), 40)}:`, fenced(lines)]
}

function details(title: string, blocks: readonly string[]): string {
  if (blocks.length === 0) return ''
  return `<details><summary>${title}</summary>\n\n${blocks.join('\n\n')}\n\n</details>`
}

/** The last attempts of this pull request, newest first; an empty text when there was none before. */
function attemptsTable({ past = [] }: RunView): string {
  if (past.length === 0) return ''
  const rows = past.map(
    (a) => `| ${utc(a.at * 1000)} | ${outcomeCell(a)} | ${revisionCell(a)} | ${tookCell(a)} |`
  )
  const table = ['| Began | Ended | Revision | Took |', '|---|---|---|---|', ...rows].join('\n')
  return details(`Earlier attempts (${past.length})`, [table])
}

function outcomeCell({ outcome, reasonCode }: Attempt): string {
  if (outcome === undefined) return '❔ cut off'
  const code = reasonCode === undefined ? '' : ` (${codeSpan(reasonCode)})`
  return `${iconOf(outcome)} ${outcome}${code}`
}

function revisionCell({ revision, commit }: Attempt): string {
  return [revision, commit].flatMap((t) => (t === undefined ? [] : codeSpan(t, 300))).join(' ')
}

const tookCell = ({ took }: Attempt) => (took === undefined ? '' : sayDuration(took * 1000))

const utc = (ms: number) => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`

const left: Record<Level, string> = {
  whole: '',
  'without-logs': ' · The last lines of the containers did not fit here; the log of the run has them.',
  'without-timeline': ' · Timeline and last lines did not fit here; the log of the run has them.',
  header: ' · The rest did not fit here; the log of the run has it.'
}

function footer({ ending, startedAt, now }: RunView, level: Level): string {
  const took = sayDuration(now - startedAt)
  const when = utc(now).slice(11)
  const said = ending ? `Took ${took}, ended ${when}` : `As of ${when}, ${took} after the start`
  return `<sub>${said}${left[level]}</sub>`
}
