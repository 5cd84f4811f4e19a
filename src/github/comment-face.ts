import type { Happening } from '../domain/events.js'
import type { Clock } from '../ports.js'
import { attemptOf } from '../report/comment.js'
import type { RunView } from '../report/view.js'
import { GitHubFault, type GitHubApi } from './api.js'
import type { WorkflowRun } from './context.js'
import type { Face, Trouble } from './face.js'
import { lastWords, mayPass } from './last-words.js'
import { leadOf, pullRequest } from './pull-request.js'
import { StickyComment } from './sticky.js'

/** What the comment needs to know besides the run. */
export interface CommentOptions {
  api: GitHubApi
  clock: Clock
  workflow: WorkflowRun
  /** The input `pr-number`. */
  prNumber?: number
  /** The run as it is at this moment. */
  view: () => RunView
  /** Keeps what the post step needs to find the comment again. */
  remember: (where: { pull: number; comment?: number }) => void
  /** A line for the log that is no trouble. */
  say: (text: string) => void
  /** An earlier step of this run has written it. */
  begun?: boolean
  /** How long the end may take, milliseconds. */
  finishMs: () => number
}

/** A run that is over at once makes one comment and no edit. */
const firstAfterMs = 2000
/** After so many edits, the next one comes that late: 20 minutes make 40 edits. */
const pace = [
  { edits: 10, everyMs: 15_000 },
  { edits: 30, everyMs: 30_000 },
  { edits: Infinity, everyMs: 60_000 }
]
/** GitHub knows a merge a little later than it tells workflows of it. */
const lookAgainMs = [5000, 10_000, 20_000, 60_000]

/**
 * Keeps the pull request's comment as new as the run, beside the run and on a clock of its own. Trouble with GitHub
 * ends in one sentence at the end, never in the run.
 */
export class CommentFace implements Face {
  private readonly stop = new AbortController()
  private sticky: StickyComment | undefined
  private working: Promise<void> | undefined
  private changed = false
  private nextAt: number
  private edits = 0
  private looks = 0
  private failures = 0
  /** Why nothing more is written. */
  private over: 'no-pull-request' | 'newer' | { trouble: string } | undefined
  private last: GitHubFault | undefined

  constructor(private readonly options: CommentOptions) {
    this.nextAt = options.clock.now() + firstAfterMs
  }

  see(happening: Happening): void {
    if (happening.code === 'ended' || this.stop.signal.aborted || this.over !== undefined) return
    this.changed = true
    this.working ??= this.work()
      .catch(() => undefined)
      .finally(() => {
        this.working = undefined
      })
  }

  private async work(): Promise<void> {
    const { clock, view } = this.options
    while (this.changed && this.over === undefined) {
      try {
        await clock.sleep(Math.max(0, this.nextAt - clock.now()), this.stop.signal)
      } catch {
        return
      }
      this.changed = false
      await this.show(view())
    }
  }

  async finish(view: RunView): Promise<Trouble | undefined> {
    const { clock, finishMs } = this.options
    this.stop.abort()
    const words = lastWords(clock, finishMs())
    // A write that is under way must not come after the last one.
    if (this.working)
      await Promise.race([this.working, clock.sleep(finishMs() / 2, words.signal).catch(() => undefined)])
    this.failures = 0
    let shown: Awaited<ReturnType<CommentFace['show']>>
    // While a limit lasts, asking would only make it longer.
    const isLimited = this.last?.kind === 'limited' && (this.last.until ?? 0) > clock.now()
    let goesOn = !isLimited || (await words.again(this.last, 0))
    while (goesOn && this.over === undefined && !words.signal.aborted) {
      shown = await this.show(view, words.signal)
      if (shown === 'written') break
      goesOn = shown === undefined ? await words.again(this.last, this.failures) : this.looks < 3
      if (shown === 'no-pull-request' && goesOn) await clock.sleep(700, words.signal).catch(() => undefined)
    }
    await words.done()
    return this.trouble(shown === 'written')
  }

  /** One try to show a view; what went wrong is kept, and moves the next try. */
  private async show(
    view: RunView,
    signal?: AbortSignal
  ): Promise<'written' | 'no-pull-request' | undefined> {
    const { clock, workflow, remember } = this.options
    try {
      this.sticky ??= await this.find(signal)
      if (!this.sticky) return 'no-pull-request'
      const knew = this.sticky.comment
      const attempt = attemptOf(view, workflow.runId, workflow.attempt)
      const pause = () => clock.sleep(700, signal).catch(() => undefined)
      const written = view.ending
        ? await this.sticky.settle(view, attempt, pause, signal)
        : await this.sticky.write(view, attempt, signal)
      const { pull, comment } = this.sticky
      if (comment !== undefined && comment !== knew) remember({ pull, comment })
      if (written === 'newer') this.over = 'newer'
      this.failures = 0
      this.last = undefined
      this.edits++
      this.nextAt = clock.now() + (pace.find((p) => this.edits <= p.edits)?.everyMs ?? 60_000)
      return 'written'
    } catch (error) {
      this.failed(error instanceof GitHubFault ? error : new GitHubFault('rejected', String(error)))
      return undefined
    }
  }

  private async find(signal?: AbortSignal): Promise<StickyComment | undefined> {
    const { api, clock, workflow, prNumber, view, remember } = this.options
    const lead = leadOf(workflow, prNumber)
    const pull = await pullRequest(api, lead, signal)
    if (pull !== undefined) {
      remember({ pull })
      const { environment, cluster, service } = view()
      return new StickyComment(api, pull, { environment, cluster, service })
    }
    const wait = lookAgainMs[this.looks++]
    if (lead === undefined || wait === undefined) this.over = 'no-pull-request'
    else {
      this.changed = true
      this.nextAt = clock.now() + wait
    }
    return undefined
  }

  private failed(fault: GitHubFault): void {
    const { clock } = this.options
    this.last = fault
    this.failures++
    this.changed = true
    switch (fault.kind) {
      case 'denied':
      case 'missing':
      case 'rejected':
      case 'too-long':
        this.over = { trouble: `${fault.message}${hintOf(fault)}` }
        return
      case 'limited':
        this.nextAt = Math.max(fault.until ?? 0, clock.now() + 15_000)
        return
      case 'unreachable':
      case 'late':
        this.nextAt = clock.now() + Math.min(120_000, 15_000 * 2 ** Math.min(this.failures, 4))
    }
  }

  /** What a person should know at the end, or nothing. */
  private trouble(isShown: boolean): Trouble | undefined {
    const { say, workflow, prNumber, clock } = this.options
    if (typeof this.over === 'object')
      return { face: 'comment', text: `The pull request comment is not written: ${this.over.trouble}.` }
    if (this.over === 'newer') {
      say(
        'The pull request comment shows a newer run of this environment and service; this one left it alone.'
      )
      return undefined
    }
    if (isShown) return undefined
    const stands =
      this.edits === 0 && this.options.begun !== true
        ? 'is not written'
        : 'shows an earlier state of this run'
    if (this.last) {
      const why =
        this.last.kind === 'limited' ? `${this.last.message} (a limit of GitHub)` : this.last.message
      return {
        face: 'comment',
        text: `The pull request comment ${stands}: ${why}.`,
        ...(mayPass(this.last) ? { again: this.last.until ?? clock.now() } : {})
      }
    }
    if (!this.sticky && leadOf(workflow, prNumber) !== undefined)
      say('No pull request belongs to this commit, so no comment is written.')
    return undefined
  }
}

function hintOf({ kind, message }: GitHubFault): string {
  switch (kind) {
    case 'denied':
      if (/locked/i.test(message)) return ''
      return '; give the job permissions: pull-requests: write (a workflow of a fork or of Dependabot may only read)'
    case 'missing':
      return '; the token does not see the repository or the pull request'
    default:
      return ''
  }
}
