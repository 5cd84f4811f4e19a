import { revisionName } from '../domain/arn.js'
import { clockFace, sayDuration } from '../domain/duration.js'
import type { Happening } from '../domain/events.js'
import { tally } from '../domain/finding.js'
import { shortDigest } from '../domain/image.js'
import { isGreen, type Ending } from '../domain/outcome.js'
import { saidLast, sayServing } from './log.js'
import { codeSpan, fenced, oneLine } from './untrusted.js'

/** What the summary shows of a run. */
export interface SummaryOf {
  environment: string
  cluster: string
  service: string
  ending: Ending
  previousTaskDefinition?: string
  newTaskDefinition?: string
  images: Record<string, string>
  imageTags: Record<string, string>
  failedTasks: number
  startedAt: number
  endedAt: number
  happenings: Happening[]
}

const words: Record<Ending['outcome'], string> = {
  deployed: '✅ deployed',
  unchanged: '✅ unchanged',
  'rolled-back': '↩️ rolled back',
  'rollback-failed': '🛑 rollback failed',
  failed: '❌ failed',
  superseded: '⏭️ superseded',
  refused: '⛔ refused',
  inconclusive: '❔ inconclusive',
  cancelled: '⏹️ cancelled',
  ok: '✅ ok',
  problems: '⚠️ problems'
}

/** The job summary in GitHub's Markdown: verdict, cause, old to new, images, timeline. Pure. */
export function summaryOf(run: SummaryOf): string {
  const { ending } = run
  const serving = ending.servingTaskDefinition
  const title = [run.environment, run.service]
    .filter((t) => t !== '')
    .map((t) => oneLine(t, 100))
    .join(' · ')
  const parts = [
    `## ${words[ending.outcome]}${title === '' ? '' : `: ${title}`}`,
    reasonOf(ending),
    serving === undefined ? '' : `**Serving now:** ${codeSpan(sayServing(ending))}`,
    ending.fix === undefined ? '' : `**Next:** ${codeSpan(ending.fix, 600)}`,
    table(run),
    details('Proof', isGreen(ending.outcome) ? [] : ending.evidence),
    details('Last lines of the containers', saidLast(ending.logs ?? [])),
    details('Timeline', timeline(run))
  ]
  return `${parts.filter((p) => p !== '').join('\n\n')}\n`
}

/** The reason holds AWS's words, so it stands where nothing in it can become markup; code spans wrap. */
function reasonOf(ending: Ending): string {
  const code = ending.reasonCode === undefined ? '' : `**Why:** ${codeSpan(ending.reasonCode)}\n\n`
  const lines = ending.reason.split('\n').map((line) => codeSpan(line, 2000))
  return `${code}${lines.map((line) => `> ${line}`).join('\n>\n')}`
}

function table(run: SummaryOf): string {
  const revision = (arn: string | undefined) => (arn === undefined ? '' : codeSpan(revisionName(arn)))
  const rows: [string, string][] = [
    ['Cluster', codeSpan(run.cluster)],
    [
      'Revision',
      [revision(run.previousTaskDefinition), revision(run.newTaskDefinition)]
        .filter((t) => t !== '')
        .join(' → ')
    ],
    ...Object.entries(run.images).map(([name, image]): [string, string] => [
      'Image',
      imageCell(name, image, run.imageTags[name])
    ]),
    ['Failed tasks', String(run.failedTasks)],
    ['Took', sayDuration(run.endedAt - run.startedAt)]
  ]
  const shown = rows.filter(([, value]) => value !== '')
  return ['| What | Value |', '|---|---|', ...shown.map(([name, value]) => `| ${name} | ${value} |`)].join(
    '\n'
  )
}

function imageCell(name: string, image: string, tagged: string | undefined): string {
  const [repository = '', digest = ''] = image.split('@')
  const shown = tagged ?? repository
  return `${codeSpan(name)}: ${codeSpan(shown, 400)} ${codeSpan(shortDigest(digest))}`
}

function details(title: string, lines: string[]): string {
  if (lines.length === 0) return ''
  return `<details><summary>${title}</summary>\n\n${fenced(lines)}\n\n</details>`
}

function timeline(run: SummaryOf): string[] {
  const lines = run.happenings.flatMap((h) => {
    const text = sayHappening(h)
    return text === undefined ? [] : [`${clockFace(h.at - run.startedAt).padStart(6)}  ${text}`]
  })
  // GitHub takes 1 MiB of summary; the ends of a long story say most.
  return lines.length <= 400
    ? lines
    : [...lines.slice(0, 150), `… ${lines.length - 350} lines left out …`, ...lines.slice(-200)]
}

function sayHappening(h: Happening): string | undefined {
  switch (h.code) {
    case 'step':
      return h.title
    case 'fact':
      return `${h.name}: ${h.value}`
    case 'note':
    case 'warning':
      return h.text
    case 'preflight':
      return `preflight: ${tally(h.findings)}`
    case 'rollout':
      return `${h.counts.healthy} of ${h.counts.desired} healthy, ${h.counts.running} running, ${h.counts.failed} failed; ${h.what}`
    case 'task-failed':
    case 'task-stopped':
      return h.text
    case 'service-event':
      return h.text
    case 'cause':
      return `failing: ${h.sentence}`
    case 'task-seen':
    case 'verdict':
    case 'ended':
      return undefined
  }
}
