import { clockFace, sayDuration } from '../domain/duration.js'
import type { Happening, TaskState } from '../domain/events.js'
import { groupTasks, type TaskGroup } from './task-groups.js'
import { timelineOf, type Mood, type Phase, type Span, type Timeline } from './timeline.js'
import { oneLine } from './untrusted.js'

/** The rollout as a picture, and the same in words for who cannot see it. */
export interface Picture {
  /** Text of a Mermaid gantt; stands in a fence of the language `mermaid`. */
  mermaid: string
  /** The same, as lines of plain text. */
  words: string[]
}

/** Rows of tasks that still read well on one screen; fewer, and at last none, when the text gets too long. */
const rowsThatRead = [10, 6, 3, 0]
/** Longer ones would crowd a comment; GitHub itself draws up to 50,000 characters. */
const mostCharacters = 9000
const mostPhases = 24

/**
 * Draws a run. `startedAt` and `now` are epoch milliseconds; `now` is the end of the run, or this moment while it
 * goes on. Undefined when nothing was begun yet. Every name in it is harmless for Mermaid and for Markdown. Pure.
 */
export function pictureOf(
  happenings: readonly Happening[],
  startedAt: number,
  now: number
): Picture | undefined {
  const timeline = timelineOf(happenings, startedAt, now)
  if (timeline.phases.length === 0 || timeline.totalMs === 0) return undefined
  const drawn = rowsThatRead.map((most) => drawWith(timeline, most))
  return drawn.find((picture) => picture.mermaid.length <= mostCharacters) ?? drawn.at(-1)
}

function drawWith(timeline: Timeline, most: number): Picture {
  const phases = timeline.phases.slice(0, mostPhases)
  const withTasks = phases.filter((p) => p.tasks.length > 0).length
  const each = Math.min(most, Math.max(1, Math.floor(most / Math.max(1, withTasks))))
  const rows = phases.flatMap((phase) => [
    phaseRow(phase),
    ...(each === 0 ? [] : groupTasks(phase.tasks, each).map((group) => taskRow(group)))
  ])
  return { mermaid: mermaidOf(rows, timeline.totalMs), words: rows.map((row) => row.words) }
}

/** One row: what stands before it, its bars, and the same in words. */
interface Row {
  title: string
  bars: (Span & { look: Look; label: string })[]
  words: string
}

/** How Mermaid paints a bar. */
type Look = 'done' | 'active' | 'crit' | ''

const looksOfStates: Record<TaskState, Look> = {
  starting: 'done',
  running: '',
  healthy: 'active',
  unhealthy: 'crit',
  failed: 'crit',
  stopped: 'done'
}
const looksOfMoods: Record<Mood, Look> = { good: 'active', bad: 'crit', plain: '' }

function phaseRow({ name, revision, spans }: Phase): Row {
  const about = revision === undefined ? '' : ` ${name === 'rollback' ? 'to' : 'of'} ${plain(revision, 40)}`
  const prepares = name !== 'rollout' && name !== 'rollback' && name !== 'bake'
  const times = spans.map((s) => {
    const bad = s.mood !== 'bad' ? '' : name === 'bake' ? ', broken off' : ', failing'
    return `${clockFace(s.from)} for ${sayDuration(s.to - s.from)}${bad}`
  })
  return {
    title: `${plain(name, 30)}${about}`,
    bars: spans.map((s) => ({
      ...s,
      look: prepares ? 'done' : looksOfMoods[s.mood],
      label: `${sayDuration(s.to - s.from)}${s.mood === 'bad' && name !== 'bake' ? ', failing' : ''}`
    })),
    words: `${plain(name, 30)}${about.replace(plain(revision ?? '', 40), oneLine(revision ?? '', 60))}: ${times.join('; ')}`
  }
}

function taskRow({ tasks, states, reasonCode }: TaskGroup): Row {
  const last = states.at(-1)?.state ?? 'starting'
  const end = reasonCode === undefined ? last : plain(reasonCode, 40)
  const ids = tasks.map((task) => plain(task, 8))
  const few = ids.slice(0, 3).join(', ')
  const who =
    ids.length === 1
      ? `task ${few}`
      : `${ids.length} tasks (${few}${ids.length > 3 ? ` and ${ids.length - 3} more` : ''})`
  const way = states.map((s, i) => {
    const why = i === states.length - 1 && reasonCode !== undefined ? ` (${end})` : ''
    return `${s.state} ${clockFace(s.from)}${why}`
  })
  return {
    title: ids.length === 1 ? `${plain(tasks[0] ?? '', 6)} ${end}` : `${ids.length} tasks ${end}`,
    bars: states.map((s) => ({ ...s, look: looksOfStates[s.state], label: labelOf(s.state) })),
    words: `  ${who}: ${way.join(', ')}`
  }
}

function labelOf(state: TaskState): string {
  return state === 'failed' ? '✖' : state === 'stopped' ? '■' : state
}

/** Pixels of the drawing as GitHub shows it, about: only for which label fits into its bar. */
const widthOfDrawing = 800
const widthOfLetter = 6.5
/** Mermaid wants some name for every bar. */
const noLabel = '·'

function mermaidOf(rows: readonly Row[], totalMs: number): string {
  const titles = unlike(rows.map((row) => row.title))
  const left = Math.round(Math.max(60, ...titles.map((t) => t.length * widthOfLetter + 24)))
  const perMs = (widthOfDrawing - left) / Math.max(totalMs, 1000)
  const settings = {
    displayMode: 'compact',
    leftPadding: left,
    rightPadding: 30,
    topPadding: 50,
    barHeight: 18,
    barGap: 4,
    fontSize: 11,
    sectionFontSize: 12,
    numberSectionStyles: 2
  }
  return [
    `%%{init: ${JSON.stringify({ gantt: settings })}}%%`,
    'gantt',
    '  dateFormat YYYY-MM-DD HH:mm:ss',
    `  axisFormat ${totalMs >= 3_600_000 ? '%H:%M' : '%M:%S'}`,
    '  todayMarker off',
    ...rows.flatMap((row, i) => [
      `  section ${titles[i] ?? ''}`,
      ...row.bars.map((bar) => {
        const isMoment = bar.label === '✖' || bar.label === '■'
        const fits = bar.label.length * widthOfLetter < (bar.to - bar.from) * perMs
        const label = isMoment || fits || row.bars.length === 1 ? bar.label : noLabel
        const tags = [...(bar.look === '' ? [] : [bar.look]), ...(isMoment ? ['milestone'] : [])]
        const to = isMoment ? bar.from : Math.max(bar.to, bar.from + 1000)
        return `    ${label} :${[...tags, moment(bar.from), moment(to)].join(', ')}`
      })
    ])
  ].join('\n')
}

/** Mermaid takes two sections of the same name for one. */
function unlike(titles: readonly string[]): string[] {
  const seen = new Map<string, number>()
  return titles.map((title) => {
    const times = (seen.get(title) ?? 0) + 1
    seen.set(title, times)
    return times === 1 ? title : `${title} (${times})`
  })
}

/** Elapsed time as a date that no time zone moves: drawn and read in the same local time, on a day without a jump. */
function moment(ms: number): string {
  return new Date(Date.UTC(2000, 0, 1) + Math.round(ms / 1000) * 1000)
    .toISOString()
    .slice(0, 19)
    .replace('T', ' ')
}

/**
 * A name without anything that means something to Mermaid or to Markdown: letters, digits, spaces and `.`, `-`, `_`,
 * `/` only. A colon of a revision becomes a space.
 */
function plain(text: string, most: number): string {
  const harmless = oneLine(text, most * 4)
    .replace(/[^\p{L}\p{N}._/-]+/gu, ' ')
    .replace(/_{2,}/g, '_')
    .trim()
  const cut = Array.from(harmless).slice(0, most).join('')
  return cut === '' ? 'unnamed' : cut
}
