import { revisionName } from '../domain/arn.js'
import type { Happening, TaskState } from '../domain/events.js'

/** A stretch of time, milliseconds since the run began. */
export interface Span {
  from: number
  to: number
}

/** How a phase stands: it ended well, ended badly, or neither is known. */
export type Mood = 'good' | 'bad' | 'plain'

/** What one task went through; the last state goes on until the watching ended, `failed` and `stopped` are moments. */
export interface TaskRow {
  task: string
  states: (Span & { state: TaskState })[]
  /** Why it failed. */
  reasonCode?: string
}

/** A part of the run, such as `pin` or `rollout`, with the tasks that were watched in it. */
export interface Phase {
  name: string
  /** `web:42`: what is rolled out or put back. */
  revision?: string
  spans: (Span & { mood: Mood })[]
  tasks: TaskRow[]
}

/** A run as stretches of time. */
export interface Timeline {
  totalMs: number
  phases: Phase[]
}

/** A look around that took no time is not worth a row. */
const looks = ['inspect', 'way-back', 'preflight']
/** What is written before the service is touched; of those that took no time, several share a row. */
const writes = ['pin', 'promote', 'tag', 'register']
const worthARowMs = 2000
/** Of a service that flaps for long, the last bakes say it. */
const mostBakes = 6

/**
 * Reads a run's happenings as phases and tasks. `startedAt` and `now` are epoch milliseconds; `now` is the end of the
 * run, or this moment while it goes on. Times of ECS that lie outside of their phase are taken into it. Pure.
 */
export function timelineOf(happenings: readonly Happening[], startedAt: number, now: number): Timeline {
  const totalMs = Math.max(0, now - startedAt)
  const phases = phasesOf(happenings, startedAt, now).flatMap((part) => phaseRows(part, startedAt, totalMs))
  return { totalMs, phases: joined(phases) }
}

/** Short phases before the rollout that follow each other as one: `pin/tag/register`. */
function joined(phases: readonly Phase[]): Phase[] {
  const isShort = ({ name, spans: [span], tasks }: Phase) =>
    name.split('/').every((n) => writes.includes(n)) &&
    tasks.length === 0 &&
    (span?.to ?? 0) - (span?.from ?? 0) < worthARowMs
  const rows: Phase[] = []
  for (const phase of phases) {
    const before = rows.at(-1)
    const [from, to] = [before?.spans[0]?.from ?? 0, phase.spans[0]?.to ?? 0]
    if (before && isShort(before) && isShort(phase))
      rows[rows.length - 1] = {
        ...before,
        name: `${before.name}/${phase.name}`,
        spans: [{ from, to, mood: 'plain' }]
      }
    else rows.push(phase)
  }
  return rows
}

/** The happenings of one phase, epoch milliseconds. */
interface Part {
  name: string
  from: number
  to: number
  happenings: Happening[]
}

const names: Record<string, string> = { release: 'rollout', watch: 'rollout', restore: 'rollback' }

function phasesOf(happenings: readonly Happening[], startedAt: number, now: number): Part[] {
  const parts: Part[] = []
  let open: Part | undefined
  for (const h of happenings) {
    if (h.code === 'step') {
      const name = names[h.step] ?? h.step
      if (open && open.name !== name) open.to = h.at
      if (open?.name !== name) parts.push((open = { name, from: h.at, to: now, happenings: [] }))
    } else if (h.code === 'task-seen' && !open) {
      // The post step watches without a step of its own.
      parts.push((open = { name: 'watch', from: startedAt, to: now, happenings: [] }))
    }
    open?.happenings.push(h)
  }
  return parts.filter((p) => !looks.includes(p.name) || p.to - p.from >= worthARowMs)
}

function phaseRows(part: Part, startedAt: number, totalMs: number): Phase[] {
  const within = (at: number) => Math.min(Math.max(at - startedAt, 0), totalMs)
  const whole: Span = { from: within(part.from), to: within(Math.max(part.from, part.to)) }
  const bakes = bakesOf(part, whole, within)
  const mood = moodOf(part, bakes)
  const tasks = taskRows(part, whole, within)
  const taskDefinition = part.happenings.find((h) => h.code === 'task-seen')?.taskDefinition
  const last = bakes.at(-1)
  // What failed in the bake had come through the rollout.
  const baked = last !== undefined && last.to === whole.to
  const until = baked ? last.from : whole.to
  return [
    {
      name: part.name,
      ...(taskDefinition === undefined ? {} : { revision: revisionName(taskDefinition) }),
      spans: [{ from: whole.from, to: until, mood: baked ? 'good' : mood }],
      tasks
    },
    ...(bakes.length === 0 ? [] : [{ name: 'bake', spans: bakes, tasks: [] }])
  ]
}

/** Good or bad by the verdict; a run that goes on, or was superseded or cut off, is neither. */
function moodOf({ happenings }: Part, bakes: readonly Span[]): Mood {
  const verdict = happenings.findLast((h) => h.code === 'verdict')?.state
  if (verdict === 'failing' || happenings.some((h) => h.code === 'cause')) return 'bad'
  if (verdict === 'healthy' || bakes.length > 0) return 'good'
  const last = happenings.findLast((h) => h.code === 'rollout')?.state
  return last === 'healthy' ? 'good' : last === 'failing' ? 'bad' : 'plain'
}

/** The times in which all was healthy and had to stay so. */
function bakesOf(part: Part, whole: Span, within: (at: number) => number): (Span & { mood: Mood })[] {
  const bakes: (Span & { mood: Mood })[] = []
  let since: number | undefined
  for (const h of part.happenings) {
    if (h.code !== 'rollout') continue
    if (h.state === 'healthy') since ??= within(h.at)
    else if (since !== undefined) {
      bakes.push({ from: since, to: within(h.at), mood: 'bad' })
      since = undefined
    }
  }
  if (since !== undefined) bakes.push({ from: since, to: whole.to, mood: 'good' })
  return bakes.filter((b) => b.to > b.from).slice(-mostBakes)
}

function taskRows(part: Part, whole: Span, within: (at: number) => number): TaskRow[] {
  const rows = new Map<string, TaskRow>()
  for (const h of part.happenings) {
    if (h.code !== 'task-seen') continue
    const row = rows.get(h.task) ?? { task: h.task, states: [] }
    const before = row.states.at(-1)
    const from = Math.min(Math.max(within(h.since), before?.from ?? whole.from), whole.to)
    if (before) before.to = from
    const ends = h.state === 'failed' || h.state === 'stopped'
    row.states.push({ state: h.state, from, to: ends ? from : whole.to })
    if (h.reasonCode !== undefined) row.reasonCode = h.reasonCode
    rows.set(h.task, row)
  }
  for (const row of rows.values()) row.states = row.states.filter(isSeen)
  return [...rows.values()].sort((a, b) => (a.states[0]?.from ?? 0) - (b.states[0]?.from ?? 0))
}

/** States that passed within a second are not drawn; the last one is, and each end. */
function isSeen({ from, to }: Span, i: number, all: readonly Span[]): boolean {
  return to - from >= 1000 || i === all.length - 1
}
