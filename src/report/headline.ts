import { revisionName } from '../domain/arn.js'
import { sayDuration } from '../domain/duration.js'
import type { Checks } from '../domain/checks.js'
import { isGreen, type Ending, type Outcome } from '../domain/outcome.js'
import { codeSpan, prose } from './untrusted.js'
import { progressOf, type RunView } from './view.js'

const icons: Record<Outcome, string> = {
  deployed: '✅',
  unchanged: '✅',
  'rolled-back': '↩️',
  'rollback-failed': '🛑',
  failed: '❌',
  superseded: '⏭️',
  refused: '⛔',
  inconclusive: '❔',
  cancelled: '⏹️',
  ok: '✅',
  problems: '⚠️'
}

const words: Record<Outcome, string> = {
  deployed: 'deployed',
  unchanged: 'nothing to change',
  'rolled-back': 'failed and rolled back',
  'rollback-failed': 'failed, and the rollback failed too',
  failed: 'failed and left as it is',
  superseded: 'superseded by another deployment',
  refused: 'refused, nothing was touched',
  inconclusive: 'no verdict',
  cancelled: 'cancelled',
  ok: 'looks good',
  problems: 'has problems'
}

/** The icon of an outcome; none of them is said without its word. */
export const iconOf = (outcome: Outcome): string => icons[outcome]

/** The verdict line: environment, service, the state in a word and an icon, and what serves now. */
export function headline(view: RunView): string {
  const { icon, words: said } = stateOf(view)
  const serving = view.ending ? afterwards(view, view.ending) : meanwhile(view)
  const mode = titles[view.mode ?? ''] ?? ''
  const where = [codeSpan(view.service, 100), prose(view.environment, 40)]
    .filter((t) => t !== '')
    .join(' in ')
  const now = serving === '' ? '' : ` · now serving ${serving}`
  return `### ${icon} ${where === '' ? '' : `${mode}${where}: `}${said}${now}`
}

/** What stands before the service where it is no deploy. */
const titles: Record<string, string> = {
  rollback: 'Rollback of ',
  plan: 'Plan for ',
  diagnose: 'Diagnosis of ',
  audit: 'Audit of '
}

/** In mode rollback the same outcomes have other words. */
const rollbackWords: Partial<Record<Outcome, string>> = {
  deployed: 'done',
  'rollback-failed': 'failed'
}

function stateOf(view: RunView): { icon: string; words: string } {
  if (view.ending) {
    const { outcome } = view.ending
    const own = view.mode === 'rollback' ? rollbackWords[outcome] : undefined
    return { icon: icons[outcome], words: own ?? words[outcome] }
  }
  const { step, checks, cause } = progressOf(view.happenings)
  if (step === 'restore') return { icon: '↩️', words: 'failing, going back' }
  if (cause !== undefined) return { icon: '❌', words: 'failing' }
  if (step !== 'release' && step !== 'watch')
    return { icon: '⏳', words: 'preparing, nothing is touched yet' }
  if (checks?.checks.healthySince !== undefined)
    return { icon: '🔄', words: `healthy, must stay so for ${sayDuration(checks.checks.bakeMs)}` }
  const tasks = checks && healthyOf(checks.checks)
  return { icon: '🔄', words: tasks === undefined ? 'deploying' : `deploying, ${tasks} new tasks healthy` }
}

/** The revision that serves at the end, and how well; what cannot be known is not said. */
function afterwards(view: RunView, ending: Ending): string {
  const { servingTaskDefinition: now, servingNote: note, outcome } = ending
  if (now === undefined) return ''
  const stays = now === view.previousTaskDefinition && now !== view.newTaskDefinition
  // Where nothing was to be written there is no before.
  const before = stays && view.mode !== 'plan' ? ' as before' : ''
  const revision = `${codeSpan(revisionName(now))}${before}`
  if (note !== undefined) return `${revision} (${prose(note, 200)})`
  if (isGreen(outcome) || outcome === 'rolled-back') return `${revision}, healthy`
  const { checks } = progressOf(view.happenings)
  const seen = checks?.taskDefinition === now ? healthyOf(checks.checks) : undefined
  return seen === undefined ? revision : `${revision} (${seen} tasks healthy when last seen)`
}

const healthyOf = ({ checks }: Checks) => checks.find((c) => c.kind === 'tasks-healthy')?.value

function meanwhile(view: RunView): string {
  const { previousTaskDefinition: old, newTaskDefinition: next } = view
  if (old === undefined) return ''
  const before = codeSpan(revisionName(old))
  const { step, checks } = progressOf(view.happenings)
  if (next === undefined || old === next || (step !== 'watch' && step !== 'restore')) return before
  const after = codeSpan(revisionName(next))
  if (step === 'restore') return `${before} is put back; ${after} is taken away`
  const left = checks?.checks.checks.find((c) => c.kind === 'old-tasks')?.value
  const healthy = (checks && healthyOf(checks.checks)) ?? ''
  if (left === '0') return after
  return /^[1-9]/.test(healthy) ? `${before} and ${after}, task by task` : before
}
