import { revisionName } from '../domain/arn.js'
import type { Check, Checks } from '../domain/checks.js'
import { sayDuration } from '../domain/duration.js'
import { isGreen } from '../domain/outcome.js'
import { cellProse, codeSpan } from './untrusted.js'
import { progressOf, type RunView } from './view.js'

const marks: Record<Check['state'], string> = {
  good: '✅ good',
  bad: '❌ bad',
  wait: '⏳ not yet',
  unread: '❔ not seen'
}

const names: Record<Check['kind'], string> = {
  'tasks-healthy': 'New tasks healthy',
  'failed-tasks': 'Failed tasks',
  targets: 'Targets in',
  container: 'Health check of container',
  'old-tasks': 'Old tasks running',
  alarm: 'Alarm',
  'circuit-breaker': 'Circuit breaker of ECS',
  bake: 'Stays healthy',
  'rollout-state': 'ECS calls it'
}

/** Of many target groups and alarms those that are not well come first, and so many are shown. */
const mostRows = 16

/** The checks of the new revision as a table, value against limit; an empty text when there are none yet. */
export function checksTable(view: RunView): string {
  const { checks } = progressOf(view.happenings, view.ending ? view.newTaskDefinition : undefined)
  if (!checks) return ''
  const rows = [...checks.checks.checks, bakeOf(checks.checks, view)]
  const worst = [...rows].sort((a, b) => rank(a) - rank(b)).slice(0, mostRows)
  const shown = rows.length <= mostRows ? rows : rows.filter((row) => worst.includes(row))
  const left = rows.length - shown.length
  // Of what was given up, the numbers are those that decided.
  const when = view.ending && !isGreen(view.ending.outcome) ? 'Last seen' : 'Now'
  return [
    `| Checks of ${codeSpan(revisionName(checks.taskDefinition))} | ${when} | Limit | |`,
    '|---|---|---|---|',
    ...shown.map((check) => row(check, view.ending !== undefined)),
    ...(left > 0 ? [`| and ${left} more, all well | | | |`] : [])
  ].join('\n')
}

const rank = ({ state }: Check) => ['bad', 'unread', 'wait', 'good'].indexOf(state)

function row({ kind, name, value, limit, state }: Check, ended: boolean): string {
  const title = name === undefined ? names[kind] : `${names[kind]} ${codeSpan(name, 100)}`
  return `| ${title} | ${cell(value)} | ${cell(limit)} | ${ended && state === 'wait' ? '➖ not reached' : marks[state]} |`
}

/** Numbers, and states as ECS spells them. */
const cell = (value: string) => (/^[A-Z_]{4,40}$/.test(value) ? codeSpan(value) : cellProse(value, 60))

function bakeOf({ healthySince, bakeMs }: Checks, { now }: RunView): Check {
  const limit = bakeMs === 0 ? 'once' : sayDuration(bakeMs)
  if (healthySince === undefined) return { kind: 'bake', value: 'not yet', limit, state: 'wait' }
  const been = Math.min(Math.max(0, now - healthySince), Math.max(bakeMs, 0))
  return { kind: 'bake', value: sayDuration(been), limit, state: been >= bakeMs ? 'good' : 'wait' }
}
