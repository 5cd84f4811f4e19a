import {
  isNewer,
  isOurs,
  readState,
  type Attempt,
  type CommentKey,
  type CommentState
} from '../report/attempts.js'
import { commentOf } from '../report/comment.js'
import { ladder, type Level } from '../report/page.js'
import type { RunView } from '../report/view.js'
import { field, GitHubFault, type GitHubApi } from './api.js'

/** A comment as GitHub lists it, as far as it is read. */
interface Listed {
  id: number
  author: string
  body: string
}

/** The workflow's own token speaks for this one; taken where GitHub does not say whom a token speaks for. */
const workflowBot = 'github-actions[bot]'

/** A run that began so long ago and has not ended was cut off, seconds. */
const longestAtWork = 3600

/** How writing went: `newer` means that a newer run has the comment, and ours is done with it. */
export type Written = 'written' | 'newer'

/**
 * The one comment of an environment and service under a pull request: found by the marker at its start and by its
 * author, made when there is none, edited in place, never over a newer run.
 */
export class StickyComment {
  private id: number | undefined
  private login: string | undefined
  private level: Level = 'whole'
  private before: CommentState | undefined

  constructor(
    private readonly api: GitHubApi,
    readonly pull: number,
    private readonly key: CommentKey,
    /** Known from an earlier step of this run. */
    id?: number
  ) {
    this.id = id
  }

  /** Id of the comment, once there is one. */
  get comment(): number | undefined {
    return this.id
  }

  /** Shows this view. Throws GitHubFault; going down the ladder is done here. */
  async write(view: RunView, current: Attempt, signal?: AbortSignal): Promise<Written> {
    const there = this.id === undefined ? await this.find(signal) : await this.look(this.id, signal)
    this.before = there === undefined ? this.before : readState(there.body, this.key)
    if (this.before && isNewer(this.before.current, current, view.now / 1000)) return 'newer'
    for (;;) {
      const { body, level } = commentOf(view, current, this.before, this.level)
      try {
        if (there !== undefined) await this.edit(there.id, body, signal)
        else return await this.create(body, view, current, signal)
        this.id = there.id
        return 'written'
      } catch (error) {
        const lower = ladder[ladder.indexOf(level) + 1]
        if (!(error instanceof GitHubFault) || error.kind !== 'too-long' || lower === undefined) throw error
        this.level = lower
      }
    }
  }

  /**
   * Writes the last words. An older run that is still at work may have looked before we wrote, and write after it: then,
   * after a pause, ours are written once more.
   */
  async settle(
    view: RunView,
    current: Attempt,
    pause: () => Promise<void>,
    signal?: AbortSignal
  ): Promise<Written> {
    const written = await this.write(view, current, signal)
    if (written === 'newer' || !this.before || this.id === undefined) return written
    const atWork = [this.before.current, ...this.before.past].some(
      (a) => a.run !== current.run && a.outcome === undefined && current.at - a.at < longestAtWork
    )
    if (!atWork) return written
    await pause()
    const there = await this.look(this.id, signal)
    const now = there && readState(there.body, this.key)?.current
    const isOurs = now?.run === current.run && now.attempt === current.attempt && now.outcome !== undefined
    return isOurs ? written : await this.write(view, current, signal)
  }

  private async edit(id: number, body: string, signal?: AbortSignal): Promise<void> {
    await this.api.ask('PATCH', `/issues/comments/${id}`, { body }, signal)
  }

  /** Makes the comment. Another run may have made one at the same time: the older one stays, and is ours from now on. */
  private async create(
    body: string,
    view: RunView,
    current: Attempt,
    signal?: AbortSignal
  ): Promise<Written> {
    const made = listed(await this.api.ask('POST', `/issues/${this.pull}/comments`, { body }, signal))
    if (!made) throw new GitHubFault('rejected', 'the comment was made, but GitHub names no id')
    this.id = made.id
    if (made.author !== '') this.login = made.author
    const older = await this.find(signal)
    if (older === undefined || older.id >= made.id) return 'written'
    this.id = older.id
    await this.api.ask('DELETE', `/issues/comments/${made.id}`, undefined, signal)
    return await this.write(view, current, signal)
  }

  /** The comment as it is now; undefined when somebody has deleted it. */
  private async look(id: number, signal?: AbortSignal): Promise<Listed | undefined> {
    try {
      const found = listed(await this.api.ask('GET', `/issues/comments/${id}`, undefined, signal))
      if (found && isOurs(found.body, this.key)) return found
    } catch (error) {
      if (!(error instanceof GitHubFault) || error.kind !== 'missing') throw error
    }
    this.id = undefined
    return await this.find(signal)
  }

  /** The oldest comment that is ours. Comments come oldest first. */
  private async find(signal?: AbortSignal): Promise<Listed | undefined> {
    let found: Listed | undefined
    await this.api.pages(
      `/issues/${this.pull}/comments`,
      async (page) => {
        const marked = page.flatMap((c) => listed(c) ?? []).filter((c) => isOurs(c.body, this.key))
        // Asked only where it matters: some comment has our marker, and anybody can write one.
        if (marked.length > 0) this.login ??= (await this.api.viewer(signal)) ?? workflowBot
        found = marked.find((c) => c.author === this.login)
        return found !== undefined
      },
      signal
    )
    return found
  }
}

function listed(comment: unknown): Listed | undefined {
  const id = field(comment, 'id')
  const author = field(field(comment, 'user'), 'login')
  const body = field(comment, 'body')
  if (typeof id !== 'number') return undefined
  return { id, author: typeof author === 'string' ? author : '', body: typeof body === 'string' ? body : '' }
}
