import type { Happening } from '../domain/events.js'
import type { RunView } from '../report/view.js'

export type FaceName = 'comment' | 'deployment'

/** What a face could not show at the end. */
export interface Trouble {
  face: FaceName
  /** One sentence. */
  text: string
  /** It may be shown later: not before this moment, epoch milliseconds. */
  again?: number
}

/** Somewhere a run is shown besides the log. Neither method ever throws, and `see` costs the run no time. */
export interface Face {
  /** Hears of everything as it happens. */
  see(happening: Happening): void
  /**
   * Shows the end, within a few seconds. Gives what a person should know when it could not, or nothing.
   */
  finish(view: RunView): Promise<Trouble | undefined>
}
