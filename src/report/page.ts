import { clockFace, sayDuration } from '../domain/duration.js'
import { taskId } from '../domain/arn.js'
import type { Happening } from '../domain/events.js'
import type { TaskLog } from '../domain/observation.js'
import { tally, type Finding } from '../domain/finding.js'
import type { Attempt } from './attempts.js'
import { auditPart } from './audit-table.js'
import { candidatesPart } from './candidates-table.js'
import { changeTable } from './change-table.js'
import { checksTable } from './checks-table.js'
import { foldedLines, troubleLines } from './findings.js'
import { pictureOf } from './gantt.js'
import { headline, iconOf } from './headline.js'
import { linksLine } from './links.js'
import { planRows, planTitle } from './plan-rows.js'
import { storyLines } from './saying.js'
import { shortEvent } from './shortly.js'
import { sayTimeLeft, timeLeftOf } from './time-left.js'
import { codeLines } from './redact.js'
import { codeSpan, fenced, pageLine, prose } from './untrusted.js'
import { progressOf, type Planned, type RunView } from './view.js'
import { folds, whyPart } from './why.js'
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
    ...whyPart(view, level === 'whole'),
    timeLeft(view),
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
    linksLine(view),
    ...(header || level === 'without-timeline' ? [] : folded(view, level)),
    ...(header ? [] : [attemptsTable(view)]),
    footer(view, level)
  ]
  return `${parts.filter((p) => p !== '').join('\n\n')}\n`
}

function timeLeft({ ending, happenings, now }: RunView): string {
  const left = ending ? undefined : timeLeftOf(happenings, now)
  return left === undefined ? '' : `**Time left:** ${sayTimeLeft(left)}`
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
    preflightPart(findings),
    details(`Warnings (${warnings.length})`, [
      ...fence(warnings.slice(0, 30).flatMap(folds)),
      ...fixes.map((fix) => fenced(codeLines(fix), 'sh'))
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
      wrap(pageLine(text), 92 - front).map((line, i) => `${(i > 0 ? '' : name).padEnd(front)}${line}`)
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

/** A line where all is well, else a part to unfold. */
function preflightPart(findings: readonly Finding[]): string {
  if (findings.length === 0) return ''
  const title = `Preflight: ${tally(findings)}`
  return findings.every((f) => f.state === 'ok') ? title : details(title, fence(findingLines(findings)))
}

/** What a person should read of the checks before the deployment, then how many were well. */
function findingLines(findings: readonly Finding[]): string[] {
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
    (h) => `${clockFace(Math.max(0, h.eventAt - startedAt)).padStart(6)}  ${shortEvent(h.text).slice(0, 500)}`
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
