import type { Happening } from '../domain/events.js'
import type { Ending } from '../domain/outcome.js'

/** Goes up when a field of the report changes its meaning or goes away; docs/report.schema.json describes it. */
const schemaVersion = 1

/** The report as the file of the output `report` holds it: the run as it ended, and everything that happened. */
export function reportOf(
  run: object,
  ending: Ending,
  happenings: readonly Happening[],
  endedAt: number,
  mode?: string
): object {
  return { schemaVersion, ...(mode === undefined ? {} : { mode }), ...run, ending, endedAt, happenings }
}
