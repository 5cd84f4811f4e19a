import { revisionName } from '../domain/arn.js'
import type { Check, Checks } from '../domain/checks.js'
import { sayDuration } from '../domain/duration.js'
import { codeSpan, prose } from './untrusted.js'
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
  return [
    `| Checks of ${codeSpan(revisionName(checks.taskDefinition))} | Now | Limit | |`,
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

/** Numbers and states; a bar in them would end the cell. */
const cell = (value: string) => prose(value, 60).replace(/\|/g, '│')

function bakeOf({ healthySince, bakeMs }: Checks, { now }: RunView): Check {
  const limit = bakeMs === 0 ? 'once' : sayDuration(bakeMs)
  if (healthySince === undefined) return { kind: 'bake', value: 'not yet', limit, state: 'wait' }
  const been = Math.min(Math.max(0, now - healthySince), Math.max(bakeMs, 0))
  return { kind: 'bake', value: sayDuration(been), limit, state: been >= bakeMs ? 'good' : 'wait' }
}

/** The least and the most time that is left while a deployment is watched; an empty text at other times. */
export function timeLeft(view: RunView): string {
  if (view.ending) return ''
  const { checks, cause, step } = progressOf(view.happenings)
  if (!checks || cause || (step !== 'watch' && step !== 'release')) return ''
  const { healthySince, bakeMs, deadline } = checks.checks
  const least = healthySince === undefined ? bakeMs : Math.max(0, healthySince + bakeMs - view.now)
  const most = Math.max(least, deadline - view.now)
  return `**Time left:** at least ${sayDuration(least)}, at most ${sayDuration(most)}`
}
