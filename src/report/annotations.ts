import type { Happening } from '../domain/events.js'
import { isGreen, type Ending } from '../domain/outcome.js'
import { forLog } from './untrusted.js'

export interface Annotation {
  title: string
  message: string
}

/** What GitHub shows beside the run: at most one of each. */
export interface Annotations {
  /** The root cause. */
  error?: Annotation
  /** What a person should look into, though it did not decide. */
  warning?: Annotation
  /** What could not be shown on GitHub. */
  notice?: Annotation
}

/** The annotations of an ending. `troubles` are sentences of faces that could not do their part. Pure. */
export function annotationsOf(
  ending: Ending,
  happenings: readonly Happening[],
  troubles: readonly (string | undefined)[] = []
): Annotations {
  const warnings = happenings.filter((h) => h.code === 'warning').map((h) => h.text)
  const known = troubles.filter((t) => t !== undefined)
  return {
    ...(isGreen(ending.outcome) ? {} : { error: errorOf(ending) }),
    ...(warnings.length === 0 ? {} : { warning: { title: 'Safe ECS Deploy', message: warningOf(warnings) } }),
    ...(known.length === 0
      ? {}
      : { notice: { title: 'Safe ECS Deploy', message: known.map((t) => forLog(t, 1500)).join(' ') } })
  }
}

function errorOf({ outcome, reasonCode, reason, fix }: Ending): Annotation {
  return {
    title: `${outcome}${reasonCode === undefined ? '' : ` (${reasonCode})`}`,
    message: [reason, fix ?? '']
      .filter((t) => t !== '')
      .map((t) => forLog(t, 3000))
      .join(' ')
  }
}

function warningOf(warnings: readonly string[]): string {
  const [first = ''] = warnings
  const more = warnings.length - 1
  const rest =
    more === 0 ? '' : ` (and ${more} more ${more === 1 ? 'warning' : 'warnings'} in the job summary)`
  return `${forLog(first, 1500)}${rest}`
}
