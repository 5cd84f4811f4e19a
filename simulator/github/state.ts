/** What one repository holds: pull requests, comments, deployments. */
import type { Clock } from '../clock.js'
import { Faults } from '../faults.js'
import { Journal } from '../journal.js'
import type {
  CommentView,
  GitHubDeploymentView,
  GitHub,
  GitHubOptions,
  Mention,
  Notification,
  Permissions,
  PullHandle,
  PullOptions,
  StatusView
} from './api.js'
import { Limits } from './limits.js'
import { mentionsIn } from './mentions.js'

export interface Comment extends CommentView {
  body: string
  updatedAt: number
}

export interface DeploymentStatus extends StatusView {
  id: number
  createdAt: number
  creator: string
}

export interface Deployment extends GitHubDeploymentView {
  task: string
  description: string
  transient: boolean
  production: boolean
  createdAt: number
  creator: string
  statuses: DeploymentStatus[]
}

/** A pull request. */
export class Pull implements PullHandle {
  state: 'open' | 'closed' = 'open'
  readonly createdAt: number
  closedAt: number | undefined
  mergedAt: number | undefined
  mergeSha: string | undefined
  readonly commits: Set<string>

  constructor(
    private readonly clock: Clock,
    readonly number: number,
    readonly title: string,
    readonly author: string,
    readonly owner: string,
    readonly ref: string,
    public sha: string,
    readonly base: string,
    commits: readonly string[]
  ) {
    this.commits = new Set([...commits, sha])
    this.createdAt = clock.now()
  }

  merge(sha: string): void {
    this.close()
    this.mergedAt = this.clock.now()
    this.mergeSha = sha
  }

  close(): void {
    this.state = 'closed'
    this.closedAt = this.clock.now()
  }

  push(sha: string): void {
    this.sha = sha
    this.commits.add(sha)
  }
}

export interface Branch {
  name: string
  sha: string
  behind: boolean
  conflicts: boolean
}

/** The repository's state; `routes.ts` answers over it. */
export class Repository implements GitHub {
  readonly owner: string
  readonly repo: string
  readonly token = 'ghs_simulated'
  readonly defaultBranch: string
  readonly comments: Comment[] = []
  readonly deployments: Deployment[] = []
  readonly notifications: Notification[] = []
  readonly mentions: Mention[] = []
  readonly pulls: Pull[] = []
  readonly branches = new Map<string, Branch>()
  readonly statuses = new Map<string, Map<string, string>>()
  readonly tokens = new Map<string, { login: string; permissions: Permissions; limits: Limits }>()
  readonly journal = new Journal()
  readonly faults = new Faults()
  lookupLagSeconds = 0
  private lastId = 1000
  private lastNumber = 0

  constructor(
    readonly clock: Clock,
    options: GitHubOptions
  ) {
    const [owner = '', repo = ''] = (options.repository ?? 'octo-org/shop').split('/')
    this.owner = owner
    this.repo = repo
    this.defaultBranch = options.defaultBranch ?? 'main'
    this.addToken(
      this.token,
      'github-actions[bot]',
      options.permissions ?? { contents: 'read', pull_requests: 'write', deployments: 'write' }
    )
  }

  id(): number {
    return ++this.lastId
  }

  addToken(token: string, login: string, permissions: Permissions): void {
    this.tokens.set(token, { login, permissions, limits: new Limits() })
  }

  pull({ title, head, base, author }: PullOptions): PullHandle {
    const number = ++this.lastNumber
    const made = new Pull(
      this.clock,
      number,
      title ?? `Change ${number}`,
      author ?? 'octocat',
      head.owner ?? this.owner,
      head.ref,
      head.sha,
      base ?? this.defaultBranch,
      head.commits ?? []
    )
    this.pulls.push(made)
    return made
  }

  branch(name: string, sha: string, options: { behind?: boolean; conflicts?: boolean } = {}): void {
    this.branches.set(name, {
      name,
      sha,
      behind: options.behind ?? false,
      conflicts: options.conflicts ?? false
    })
  }

  status(sha: string, context: string, state: string): void {
    const known = this.statuses.get(sha) ?? new Map<string, string>()
    known.set(context, state)
    this.statuses.set(sha, known)
  }

  comment(issue: number, author: string, body: string): Comment {
    const now = this.clock.now()
    const made: Comment = { id: this.id(), issue, author, body, createdAt: now, updatedAt: now }
    this.comments.push(made)
    this.notifications.push({ comment: made.id, reason: 'subscribed' })
    for (const login of mentionsIn(body)) {
      this.mentions.push({ comment: made.id, login, edited: false })
      this.notifications.push({ comment: made.id, reason: 'mention', login })
    }
    return made
  }

  /** Editing tells nobody; who is named now is kept. */
  edit(comment: Comment, body: string): void {
    const before = mentionsIn(comment.body)
    comment.body = body
    comment.updatedAt = this.clock.now()
    for (const login of mentionsIn(body))
      if (!before.includes(login)) this.mentions.push({ comment: comment.id, login, edited: true })
  }

  /** Every commit there is, and whether a fork alone has it. */
  knows(sha: string): boolean {
    return (
      this.pulls.some((pull) => pull.commits.has(sha) || pull.mergeSha === sha) ||
      [...this.branches.values()].some((branch) => branch.sha === sha)
    )
  }
}
