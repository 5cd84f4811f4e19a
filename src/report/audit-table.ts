import type { AuditFinding, AuditRow } from '../domain/audit.js'
import type { Happening } from '../domain/events.js'
import { codeLines } from './redact.js'
import { codeSpan, fenced, forLog, prose } from './untrusted.js'

const words: Record<AuditRow['standing'], string> = {
  gone: '✖ gone',
  archived: '✖ archived',
  expiring: '✖ goes next',
  soon: '✖ goes soon',
  later: 'goes later',
  kept: 'kept',
  unknown: '? unknown',
  elsewhere: 'not in ECR'
}

/** Cleaned before anything is cut off: half a secret has no form that betrays it. */
const cell = (text: string) => forLog(text, 120)

/** Every image as a row of a table for the log: whose, which, needed by whom, how it stands, and what becomes of it. */
export function auditTable(rows: readonly AuditRow[], width: number): string[] {
  const cells = rows.map((row) => [
    cell(row.service),
    cell(row.container),
    cell(row.image).replace(/^.*\//, ''),
    cell(row.neededBy.join(', ')),
    words[row.standing],
    cell(short(row))
  ])
  const head = ['service', 'container', 'image', 'needed by', 'in ECR', '']
  const widths = head.map((title, i) => Math.max(title.length, ...cells.map((row) => row[i]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    forLog(
      `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd(),
      Math.max(width, 240)
    )
  // What forLog trims in front is the indent.
  return [head, ...cells].map((row) => `  ${line(row)}`)
}

/** When it goes, in few words; the findings and the report say all of it. */
function short({ standing, stays }: AuditRow): string {
  if (standing !== 'soon' && standing !== 'later') return ''
  return stays
    .replace(/ \(.*$/, '')
    .replace(/, by rule.*$/, '')
    .replace(/^expires /, '')
}

/** The same for the job summary, behind each finding and what to do; an empty text when nothing was audited. */
export function auditPart(happenings: readonly Happening[]): string {
  const found = happenings.findLast((h) => h.code === 'audit')
  if (!found) return ''
  return [
    ...section('Problems', found.findings, 'problem'),
    ...section('Warnings', found.findings, 'warning'),
    tableOf(found.rows)
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

const mostRows = 200

function tableOf(rows: readonly AuditRow[]): string {
  if (rows.length === 0) return ''
  const span = (text: string) => codeSpan(text, 200)
  const lines = rows
    .slice(0, mostRows)
    .map(
      (row) =>
        `| ${span(row.service)} | ${span(row.container)} | ${span(row.image)} | ${span(row.neededBy.join(', '))} | ${words[row.standing]} | ${span(short(row))} |`
    )
  const more = rows.length > mostRows ? [`\n${rows.length - mostRows} more rows are in the report file.`] : []
  return [
    '| Service | Container | Image | Needed by | In ECR | Goes |',
    '|---|---|---|---|---|---|',
    ...lines,
    ...more
  ].join('\n')
}

function section(title: string, findings: readonly AuditFinding[], level: AuditFinding['level']): string[] {
  const of = findings.filter((f) => f.level === level).slice(0, 50)
  if (of.length === 0) return []
  return [
    `**${title}:**`,
    ...of.flatMap(({ service, text, todo, fix }) => [
      `- ${[prose(service, 200), prose(text, 1000)].filter((t) => t !== '').join(': ')}${todo === undefined ? '' : ` — ${prose(todo, 600)}`}`,
      ...(fix === undefined ? [] : [fenced(codeLines(fix), 'sh')])
    ])
  ]
}
