import type { Clock } from '../ports.js'
import type { GitHubFault } from './api.js'

/** Times out what a face says last. */
export interface LastWords {
  /** Aborted when the time is up, or they are done. */
  signal: AbortSignal
  /** Sleeps before another try after this fault; false when none is worth while in the time that is left. */
  again: (fault: GitHubFault | undefined, failures: number) => Promise<boolean>
  /** Ends the timer; to be called whatever happened. */
  done: () => Promise<void>
}

/** Of what GitHub answers, these may pass. */
const passing = ['limited', 'unreachable', 'late']
const longestGapMs = 15_000

/** True when another try may help. */
export function mayPass(fault: GitHubFault | undefined): fault is GitHubFault {
  return fault !== undefined && passing.includes(fault.kind)
}

/** Starts the time for the last words, milliseconds. */
export function lastWords(clock: Clock, ms: number): LastWords {
  const end = new AbortController()
  const done = new AbortController()
  const until = clock.now() + ms
  const deadline = clock.sleep(ms, done.signal).then(
    () => end.abort(),
    () => undefined
  )
  return {
    signal: end.signal,
    again: async (fault, failures) => {
      if (end.signal.aborted || !mayPass(fault)) return false
      const gap = Math.min(longestGapMs, 700 * 3 ** Math.max(0, failures - 1))
      const at = Math.max(clock.now() + gap, fault.until ?? 0)
      // A limit that outlasts our time is not worth waiting for.
      if (at >= until) return false
      await clock.sleep(at - clock.now(), end.signal).catch(() => undefined)
      return !end.signal.aborted
    },
    done: async () => {
      done.abort()
      await deadline
      end.abort()
    }
  }
}
