import { revisionName } from '../domain/arn.js'
import { markerOf, stateAfter, stateLine, type Attempt, type CommentState } from './attempts.js'
import { ladder, pageOf, type Level } from './page.js'
import type { RunView } from './view.js'

/** GitHub takes 65,536 characters; what it counts as one is not said for every character. */
const mostCharacters = 64_000

/** A comment as it can be sent. */
export interface CommentBody {
  body: string
  level: Level
}

/** What a comment remembers of this run. `run` is the id of the workflow run. */
export function attemptOf(view: RunView, run: string, attempt: number): Attempt {
  const { ending, newTaskDefinition, commit, startedAt, now } = view
  const seconds = (ms: number) => Math.max(0, Math.round(ms / 1000))
  return {
    run: /^\d{1,20}$/.test(run) ? run : '0',
    attempt,
    at: seconds(startedAt),
    ...(ending ? { outcome: ending.outcome, took: seconds(now - startedAt) } : {}),
    ...(ending?.reasonCode === undefined ? {} : { reasonCode: ending.reasonCode }),
    ...(newTaskDefinition === undefined ? {} : { revision: revisionName(newTaskDefinition) }),
    ...(commit === undefined ? {} : { commit: commit.sha.slice(0, 7) })
  }
}

/**
 * The comment of a run: marker, hidden state, page. `before` is what the comment held until now. From the level `from`
 * on, the first that fits is taken. Pure.
 */
export function commentOf(
  view: RunView,
  current: Attempt,
  before: CommentState | undefined,
  from: Level = 'whole'
): CommentBody {
  const state = stateAfter(before, current)
  const head = `${markerOf(view)}\n${stateLine(state)}\n\n`
  const shown = { ...view, past: state.past }
  const levels = ladder.slice(ladder.indexOf(from))
  const bodies = levels.map((level) => ({ level, body: head + pageOf(shown, level) }))
  // The header never comes near the limit: each of its parts is bounded.
  return (
    bodies.find(({ body }) => body.length <= mostCharacters) ?? {
      level: 'header',
      body: head + pageOf(shown, 'header')
    }
  )
}
