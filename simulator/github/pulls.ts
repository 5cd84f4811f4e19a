/** Pull requests, and the way from a commit to them. */
import { refusals } from './errors.js'
import type { Asked, Told } from './routes.js'
import { iso, user } from './shapes.js'
import type { Pull } from './state.js'

function shape(pull: Pull, { url, repository }: Asked): Record<string, unknown> {
  const { owner, repo } = repository
  const side = (who: string, ref: string, sha: string): Record<string, unknown> => ({
    label: `${who}:${ref}`,
    ref,
    sha,
    user: user(who),
    repo: { name: repo, full_name: `${who}/${repo}`, fork: who !== owner, owner: user(who) }
  })
  return {
    id: 900_000 + pull.number,
    number: pull.number,
    url: `${url}/pulls/${pull.number}`,
    html_url: `https://github.com/${owner}/${repo}/pull/${pull.number}`,
    issue_url: `${url}/issues/${pull.number}`,
    state: pull.state,
    locked: false,
    draft: false,
    title: pull.title,
    user: user(pull.author),
    created_at: iso(pull.createdAt),
    merged_at: pull.mergedAt === undefined ? null : iso(pull.mergedAt),
    closed_at: pull.closedAt === undefined ? null : iso(pull.closedAt),
    merge_commit_sha: pull.mergeSha ?? null,
    head: side(pull.owner, pull.ref, pull.sha),
    base: side(owner, pull.base, repository.branches.get(pull.base)?.sha ?? '0'.repeat(40))
  }
}

/**
 * For a commit of the default branch the merged pull request that brought it; else the open and merged ones that have
 * it. A commit that only a fork has is found in none (facts 2).
 */
export function listPullsOfCommit(asked: Asked): Told {
  const { repository } = asked
  const [sha = ''] = asked.parts
  if (!repository.knows(sha)) throw refusals.noCommit(sha)
  const now = repository.clock.now()
  const introduced = repository.pulls.filter((pull) => pull.mergeSha === sha)
  const found =
    introduced.length > 0
      ? introduced.filter((pull) => now >= (pull.mergedAt ?? 0) + repository.lookupLagSeconds * 1000)
      : repository.pulls.filter(
          (pull) =>
            pull.commits.has(sha) &&
            pull.owner === repository.owner &&
            (pull.state === 'open' || pull.mergedAt !== undefined)
        )
  return { list: found.map((pull) => shape(pull, asked)) }
}

/** Newest first; `head` counts only as `owner:branch`. */
export function listPulls(asked: Asked): Told {
  const { repository, query } = asked
  const state = query.get('state') ?? 'open'
  const base = query.get('base')
  const head = query.get('head')
  const found = repository.pulls.filter(
    (pull) =>
      (state === 'all' || pull.state === state) &&
      (base === null || pull.base === base) &&
      (!head?.includes(':') || `${pull.owner}:${pull.ref}` === head)
  )
  return { list: found.reverse().map((pull) => shape(pull, asked)) }
}

export function getPull(asked: Asked): Told {
  const pull = asked.repository.pulls.find((one) => String(one.number) === asked.parts[0])
  if (pull === undefined) throw refusals.notFound()
  return { body: { ...shape(pull, asked), merged: pull.mergedAt !== undefined } }
}
