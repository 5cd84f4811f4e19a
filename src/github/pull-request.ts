import { field, GitHubFault, type GitHubApi } from './api.js'
import type { WorkflowRun } from './context.js'

/** Where the number of the pull request comes from: it stands in the event, or a commit leads to it. */
export type Lead = { number: number } | { sha: string; branch?: string; owner?: string } | undefined

/**
 * What the event says of its pull request. Pure. `given` is the input `pr-number`, which wins. Undefined: nothing
 * leads to one.
 */
export function leadOf(run: WorkflowRun, given?: number): Lead {
  if (given !== undefined) return { number: given }
  const { event, payload } = run
  const own = number(field(field(payload, 'pull_request'), 'number'))
  if (own !== undefined) return { number: own }
  const issue = field(payload, 'issue')
  const commented = field(issue, 'pull_request') === undefined ? undefined : number(field(issue, 'number'))
  if (commented !== undefined) return { number: commented }
  if (event === 'merge_group') {
    // gh-readonly-queue/main/pr-123-<sha of the base>
    const head = field(field(payload, 'merge_group'), 'head_ref')
    const queued = /\/pr-(\d{1,9})-[0-9a-f]{7,64}$/.exec(typeof head === 'string' ? head : run.ref)?.[1]
    if (queued !== undefined) return { number: Number(queued) }
  }
  if (event === 'workflow_run') return leadOfRun(field(payload, 'workflow_run'))
  const branch = /^refs\/heads\/(.+)$/.exec(run.ref)?.[1]
  return run.sha === '' ? undefined : { sha: run.sha, ...(branch === undefined ? {} : { branch }) }
}

function leadOfRun(workflow: unknown): Lead {
  const sha = text(field(workflow, 'head_sha'))
  const pulls = field(workflow, 'pull_requests')
  // Empty for a fork's; several when several branches have the commit.
  const numbers = (Array.isArray(pulls) ? pulls : [])
    .filter((p) => sha === undefined || [sha, undefined].includes(text(field(field(p, 'head'), 'sha'))))
    .flatMap((p) => number(field(p, 'number')) ?? [])
  if (numbers.length === 1 && numbers[0] !== undefined) return { number: numbers[0] }
  if (sha === undefined) return undefined
  const branch = text(field(workflow, 'head_branch'))
  const owner = text(field(field(field(workflow, 'head_repository'), 'owner'), 'login'))
  return {
    sha,
    ...(branch === undefined ? {} : { branch }),
    ...(owner === undefined ? {} : { owner })
  }
}

/** Follows a lead; undefined when no pull request belongs to it (yet). Throws GitHubFault. */
export async function pullRequest(
  api: GitHubApi,
  lead: Lead,
  signal?: AbortSignal
): Promise<number | undefined> {
  if (lead === undefined) return undefined
  if ('number' in lead) return lead.number
  const found = await ofCommit(api, lead.sha, signal)
  const chosen = choose(found, lead.sha, lead.branch)
  if (chosen !== undefined || lead.owner === undefined || lead.branch === undefined) return chosen
  // A fork's commit is known to none; its branch is.
  const head = encodeURIComponent(`${lead.owner}:${lead.branch}`)
  const list = await api.ask('GET', `/pulls?state=open&head=${head}&per_page=100`, undefined, signal)
  const same = (Array.isArray(list) ? list : []).filter(
    (p) => text(field(field(p, 'head'), 'sha')) === lead.sha
  )
  return number(field(same[0], 'number'))
}

async function ofCommit(api: GitHubApi, sha: string, signal?: AbortSignal): Promise<unknown[]> {
  try {
    const list = await api.ask(
      'GET',
      `/commits/${encodeURIComponent(sha)}/pulls?per_page=100`,
      undefined,
      signal
    )
    return Array.isArray(list) ? (list as unknown[]) : []
  } catch (error) {
    // A commit that GitHub does not know has no pull request.
    if (error instanceof GitHubFault && (error.kind === 'rejected' || error.kind === 'missing')) return []
    throw error
  }
}

/**
 * Of the pull requests that have a commit, the one it was deployed for: that which this commit merged; else the open
 * one whose head it is, of this branch first; else a merged one that has it; else the only one. Pure.
 */
export function choose(pulls: readonly unknown[], sha: string, branch?: string): number | undefined {
  const newest = [...pulls].sort(
    (a, b) => (number(field(b, 'number')) ?? 0) - (number(field(a, 'number')) ?? 0)
  )
  const isMerged = (p: unknown) => typeof field(p, 'merged_at') === 'string'
  const isHead = (p: unknown) => field(p, 'state') === 'open' && field(field(p, 'head'), 'sha') === sha
  const chosen =
    newest.find((p) => isMerged(p) && field(p, 'merge_commit_sha') === sha) ??
    newest.find((p) => isHead(p) && field(field(p, 'head'), 'ref') === branch) ??
    newest.find(isHead) ??
    newest.find(isMerged) ??
    (newest.length === 1 ? newest[0] : undefined)
  return number(field(chosen, 'number'))
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
