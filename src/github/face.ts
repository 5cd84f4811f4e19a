import type { Happening } from '../domain/events.js'
import type { RunView } from '../report/view.js'

/** Somewhere a run is shown besides the log. Neither method ever throws, and `see` costs the run no time. */
export interface Face {
  /** Hears of everything as it happens. */
  see(happening: Happening): void
  /**
   * Shows the end, within a few seconds. Gives what a person should know when it could not: one sentence, or nothing.
   */
  finish(view: RunView): Promise<string | undefined>
}
