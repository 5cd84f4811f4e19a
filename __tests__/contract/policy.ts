/** What docs/iam.md lets each mode call, and what a run called. */
import { expect } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { JournalEntry } from '../../simulator/index.js'
import { modeNames } from '../../src/inputs.js'

export type Mode = (typeof modeNames)[number]

const page = readFileSync(fileURLToPath(new URL('../../docs/iam.md', import.meta.url)), 'utf8')

/** Nobody calls it: ECS asks for it when a definition with roles is registered or used. */
const implied = ['iam:PassRole']

/** Those of AWS's words for what cannot be undone, and whatever ends something that runs. */
export const destroying =
  /:(Batch)?(Delete|Deregister|Terminate|Remove|Revoke|Detach|Disable|Reset|Stop(?!ServiceDeployment$)|Untag|Purge|Reboot|Run|Start)/

function actionsOf(mode: Mode): string[] {
  const [, part = ''] = page.split(`\n## Mode ${mode}\n`)
  const policy = JSON.parse(/```json\n([\s\S]*?)```/.exec(part)?.[1] ?? 'null') as {
    Statement: { Effect: string; Action: string | string[] }[]
  } | null
  if (!policy) throw new Error(`docs/iam.md has no policy for mode ${mode}`)
  return policy.Statement.flatMap((s) => s.Action).filter((action) => !implied.includes(action))
}

/** The actions of each mode's policy, sorted. */
export const policies = new Map<Mode, string[]>(modeNames.map((mode) => [mode, actionsOf(mode).sort()]))

/** What IAM calls services that requests are signed for by another name. */
const prefixes: Record<string, string> = { monitoring: 'cloudwatch' }

/** The IAM actions behind what was asked of AWS, each once, sorted. Layers and `/v2/` let in by other means. */
export function callsOf(journal: readonly JournalEntry[]): string[] {
  const named = journal
    .filter((e) => e.service !== 'oci')
    .map((e) => `${prefixes[e.service] ?? e.service}:${e.operation}`)
  return [...new Set(named)].sort()
}

/** Holds a run to the policy of its mode: nothing that it does not allow, and nothing that destroys. */
export function expectAllowed(mode: string, journal: readonly JournalEntry[]): void {
  const calls = callsOf(journal)
  const allowed = policies.get(mode as Mode) ?? []
  expect({
    destroys: calls.filter((call) => destroying.test(call)),
    notAllowed: calls.filter((call) => !allowed.includes(call))
  }).toEqual({ destroys: [], notAllowed: [] })
}
