import { areas } from '../domain/finding.js'
import type { Check } from './check.js'

/** The checks as a Markdown table: what each asks, and the worst that it can say before a deploy. */
export function tableOfChecks(checks: readonly Check[]): string {
  const rows = areas.flatMap((area) =>
    checks
      .filter((c) => c.area === area)
      .map((c) => `| ${area} | \`${c.name}\` | ${c.question} | ${c.worst} |`)
  )
  return ['| about | check | question | at worst |', '| --- | --- | --- | --- |', ...rows].join('\n')
}
