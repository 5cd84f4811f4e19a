import type { TaskRow } from './timeline.js'

/** One task, or several that went the same way at about the same time; the times are the middle ones. */
export interface TaskGroup {
  tasks: string[]
  states: TaskRow['states']
  reasonCode?: string
}

/** How far apart alike tasks may start and still share a row, milliseconds: the first that makes few enough rows. */
const spreads = [5000, 15_000, 30_000, 60_000, 120_000, 300_000, 900_000]

/** By what tasks share a row. */
type Way = (row: TaskRow, index: number) => string

/**
 * Tasks as at most `most` rows, in the order in which they began. Alike tasks share one: first those that went
 * through the same states at about the same time, then at any time, then those that ended the same way; what is
 * still too many becomes one row by its last state.
 */
export function groupTasks(rows: readonly TaskRow[], most: number): TaskGroup[] {
  const ways: Way[] = [
    (_, i) => String(i),
    ...spreads.map(
      (spread): Way =>
        (row) =>
          `${path(row)} ${Math.floor(began(row) / spread)}`
    ),
    path,
    (row) => `${row.states.at(-1)?.state ?? ''} ${row.reasonCode ?? ''}`,
    (row) => row.states.at(-1)?.state ?? ''
  ]
  let groups: TaskRow[][] = []
  for (const way of ways) {
    groups = [...grouped(rows, way).values()]
    if (groups.length <= most) break
  }
  return groups.map(merge)
}

function grouped(rows: readonly TaskRow[], way: Way): Map<string, TaskRow[]> {
  const groups = new Map<string, TaskRow[]>()
  rows.forEach((row, i) => {
    const key = way(row, i)
    groups.set(key, [...(groups.get(key) ?? []), row])
  })
  return groups
}

const path = (row: TaskRow): string => `${row.states.map((s) => s.state).join(' ')} ${row.reasonCode ?? ''}`

const began = (row: TaskRow): number => row.states[0]?.from ?? 0

/** The way of the first of them, with the middle of the times of those that went the same. */
function merge(rows: TaskRow[]): TaskGroup {
  const [first] = rows
  const alike = rows.filter((row) => first && path(row) === path(first))
  const states = (first?.states ?? []).map(({ state }, i) => ({
    state,
    from: middle(alike.map((row) => row.states[i]?.from ?? 0)),
    to: middle(alike.map((row) => row.states[i]?.to ?? 0))
  }))
  const reasonCode = first?.reasonCode
  const shared = reasonCode !== undefined && rows.every((row) => row.reasonCode === reasonCode)
  return { tasks: rows.map((r) => r.task), states, ...(shared ? { reasonCode } : {}) }
}

function middle(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
