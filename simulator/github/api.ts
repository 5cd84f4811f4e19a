/** What stories and tests say to GitHub, and what they may read of it. */
import type { Faults } from '../faults.js'
import type { Journal } from '../journal.js'

/** What a token may do, in the words of a workflow's `permissions:`. */
export interface Permissions {
  contents?: 'read' | 'write'
  issues?: 'read' | 'write'
  pull_requests?: 'read' | 'write'
  deployments?: 'read' | 'write'
}

export interface GitHubOptions {
  /** `owner/name`. Default `octo-org/shop`. */
  repository?: string
  defaultBranch?: string
  /**
   * What the workflow's own token may do; a fork's or Dependabot's may only read. Default: contents read,
   * pull_requests and deployments write.
   */
  permissions?: Permissions
}

export interface PullOptions {
  title?: string
  /** The branch, its newest commit, and its owner when it is a fork's. */
  head: { ref: string; sha: string; owner?: string; commits?: string[] }
  base?: string
  author?: string
}

export interface PullHandle {
  readonly number: number
  readonly state: 'open' | 'closed'
  /** Merges it as that commit of its base branch. */
  merge(sha: string): void
  close(): void
  /** The branch moves on. */
  push(sha: string): void
}

export interface CommentView {
  readonly id: number
  readonly issue: number
  readonly author: string
  readonly body: string
  readonly createdAt: number
  readonly updatedAt: number
}

export interface StatusView {
  readonly state: string
  readonly description: string
  readonly logUrl: string
  readonly environmentUrl: string
}

export interface GitHubDeploymentView {
  readonly id: number
  readonly ref: string
  readonly sha: string
  readonly environment: string
  readonly payload: unknown
  /** Oldest first. */
  readonly statuses: readonly StatusView[]
}

/** Somebody was told of a comment. */
export interface Notification {
  comment: number
  /** `subscribed`: whoever follows the thread; `mention`: that login was named. */
  reason: 'subscribed' | 'mention'
  login?: string
}

/** A name with an at sign in a body as GitHub would show it, outside of code. */
export interface Mention {
  comment: number
  login: string
  /** Found when the comment was edited. */
  edited: boolean
}

/** One repository on GitHub. */
export interface GitHub {
  readonly owner: string
  readonly repo: string
  /** The token of the workflow run, `github-actions[bot]`. */
  readonly token: string
  readonly comments: readonly CommentView[]
  readonly deployments: readonly GitHubDeploymentView[]
  readonly notifications: readonly Notification[]
  readonly mentions: readonly Mention[]
  /** Every request, in order; operations have the names of Octokit's methods. */
  readonly journal: Journal
  /** Faults by Octokit's method name, e.g. `createComment`. */
  readonly faults: Faults
  /** One more token: another app, or a person. */
  addToken(token: string, login: string, permissions: Permissions): void
  pull(options: PullOptions): PullHandle
  /** A branch and its commit. `behind`: by commits of the default branch; `conflicts`: with them. */
  branch(name: string, sha: string, options?: { behind?: boolean; conflicts?: boolean }): void
  /** A commit status or check. */
  status(sha: string, context: string, state: 'success' | 'pending' | 'failure' | 'error'): void
  /** What somebody else writes under an issue or pull request. */
  comment(issue: number, author: string, body: string): CommentView
  /** For so long after a merge, looking its commit up finds nothing (seconds). */
  lookupLagSeconds: number
}
