import { revisionName } from '../domain/arn.js'
import type { Ending, Outcome } from '../domain/outcome.js'
import { oneLine } from './untrusted.js'
import { withoutAccounts } from './redact.js'
import type { RunView } from './view.js'

/** A status of a GitHub deployment. */
export interface DeploymentStatus {
  state: 'in_progress' | 'success' | 'failure' | 'inactive'
  description: string
}

/** GitHub takes no more. */
const mostCharacters = 140

/** The statuses that an ending gives the deployment of this run, in order. Pure. */
export function statusesOf(ending: Ending): DeploymentStatus[] {
  const description = describe(ending)
  // It failed, and it does not serve: the environment shows the deployment before.
  return states[ending.outcome].map((state) => ({ state, description }))
}

const states: Record<Outcome, DeploymentStatus['state'][]> = {
  deployed: ['success'],
  unchanged: ['success'],
  'rolled-back': ['failure', 'inactive'],
  'rollback-failed': ['failure'],
  failed: ['failure'],
  superseded: ['inactive'],
  refused: ['failure'],
  inconclusive: ['failure'],
  cancelled: ['failure'],
  ok: ['success'],
  problems: ['failure']
}

function describe({ outcome, reason }: Ending): string {
  const first = withoutAccounts(reason.split('\n')[0] ?? '')
  return cut(oneLine(`${outcome}: ${first}`, 400))
}

/** What is said when the deployment begins. */
export function describeStart({ service, previousTaskDefinition, newTaskDefinition }: RunView): string {
  const way = [previousTaskDefinition, newTaskDefinition]
    .flatMap((arn) => (arn === undefined ? [] : revisionName(arn)))
    .join(' to ')
  return cut(oneLine(`${service}: ${way}`, 400))
}

function cut(text: string): string {
  const all = Array.from(text)
  return all.length <= mostCharacters ? text : `${all.slice(0, mostCharacters - 1).join('')}…`
}
