import { revisionName } from '../domain/arn.js'
import type { CandidateRow } from '../domain/candidate-row.js'
import type { Happening } from '../domain/events.js'
import { shortDigest } from '../domain/image.js'
import { cellProse, codeSpan, forLog } from './untrusted.js'
import { wrap } from './wrap.js'

const marks: Record<CandidateRow['standing'], string> = {
  taken: '→',
  'runs-now': '·',
  eligible: ' ',
  'not-eligible': '✖'
}

const words: Record<CandidateRow['standing'], string> = {
  taken: 'taken',
  'runs-now': 'runs now',
  eligible: 'eligible',
  'not-eligible': 'not eligible'
}

const mostTags = 3

/** The candidates of a rollback as a table for the log; what speaks against one, or is not known, stands under it. */
export function candidatesTable(candidates: readonly CandidateRow[], width: number): string[] {
  const head = ['revision', 'image', 'commit', 'was good', '']
  const blocks = candidates.map((c) => {
    const [first = '', ...more] = c.images.map((image) => sayImage(image))
    const row = [sayRevision(c), first, commitOf(c), day(c), sayStanding(c)].map((cell) => forLog(cell, 160))
    return { c, rows: [row, ...more.map((image) => ['', forLog(image, 160)])] }
  })
  const all = [head, ...blocks.flatMap(({ rows }) => rows)]
  const widths = head.map((_, i) => Math.max(...all.map((row) => row[i]?.length ?? 0)))
  // What forLog trims in front is the indent.
  const line = (mark: string, row: readonly string[]) => {
    const cells = row.map((cell, i) => cell.padEnd(widths[i] ?? 0))
    return `  ${mark} ${cells.join('  ')}`.trimEnd()
  }
  return [
    line(' ', head),
    ...blocks.flatMap(({ c, rows }) => [
      ...rows.map((row, i) => line(i === 0 ? marks[c.standing] : ' ', row)),
      ...under(c).flatMap((text) => wrap(forLog(text), width - 6).map((part) => `      ${forLog(part)}`))
    ])
  ]
}

/** The same for the job summary; an empty text when nothing was looked for. */
export function candidatesPart(happenings: readonly Happening[]): string {
  const found = happenings.findLast((h) => h.code === 'candidates')
  if (!found) return ''
  const lines = found.candidates.map((c) => {
    const images = c.images.map((image) => codeSpan(sayImage(image), 300)).join('<br>')
    const commit = codeSpan(commitOf(c))
    const why = under(c).map((text) => cellProse(text, 400))
    const stands = [`${standingIcon(c)}${words[c.standing]}`, ...why].join('<br>')
    return `| ${codeSpan(revisionName(c.taskDefinition), 280)}${c.inactive ? ' INACTIVE' : ''} | ${images} | ${commit} | ${[day(c), cellProse(c.evidence, 120)].filter((t) => t !== '').join('<br>')} | ${stands} |`
  })
  return [
    '**What could be gone back to:**',
    '',
    '| Revision | Image | Commit | Was good | |',
    '|---|---|---|---|---|',
    ...lines
  ].join('\n')
}

function standingIcon({ standing }: CandidateRow): string {
  if (standing === 'taken') return '➡️ '
  return standing === 'not-eligible' ? '✖ ' : ''
}

/** Seven letters, of what is a commit. */
const commitOf = ({ commit = '' }: CandidateRow) =>
  /^[0-9a-f]{7,64}$/.test(commit) ? commit.slice(0, 7) : ''

function sayRevision({ taskDefinition, inactive }: CandidateRow): string {
  return revisionName(taskDefinition) + (inactive ? ' (INACTIVE)' : '')
}

/** `web release-v2 sha256:0123456789ab` */
function sayImage({ container, tags, digest }: CandidateRow['images'][number]): string {
  const more = tags.length > mostTags ? [`+${tags.length - mostTags}`] : []
  const short = digest === undefined ? 'digest unknown' : shortDigest(digest)
  return [container, ...tags.slice(0, mostTags), ...more, short].join(' ')
}

function sayStanding({ standing, evidence }: CandidateRow): string {
  return `${words[standing]}${standing === 'not-eligible' ? '' : ` (${evidence})`}`
}

function day({ goodAt }: CandidateRow): string {
  return goodAt === undefined ? '' : `${new Date(goodAt).toISOString().slice(0, 16).replace('T', ' ')}Z`
}

/** What stands under a candidate; whole digests say no more than their beginning. */
function under({ why, unknown }: CandidateRow): string[] {
  const said = [...why, ...unknown.map((text) => `not known: ${text}`)]
  return said.map((text) => text.replace(/(sha256:[0-9a-f]{12})[0-9a-f]{52}/g, '$1'))
}
