import type { Ports, ServiceName } from '../ports.js'
import type { Answer, Check, Finding } from './check.js'
import { checks } from './checks.js'
import type { About, Facts } from './facts.js'
import { gather } from './gather.js'

/** What the checks found, and how long looking took, milliseconds. */
export interface Preflight {
  findings: Finding[]
  facts: Facts
  tookMs: number
}

/**
 * Looks at the world around the service, reads only, and puts every question of the list to what was found. Never
 * throws but for the signal: what cannot be read is `unknown`. Takes at most a few seconds of the clock.
 */
export async function preflight(
  ports: Ports,
  name: ServiceName,
  about: About,
  signal?: AbortSignal
): Promise<Preflight> {
  const start = ports.clock.now()
  const facts = await gather(ports, name, about, signal)
  return { findings: findingsOf(checks, facts), facts, tookMs: ports.clock.now() - start }
}

/** Puts each question to the facts; one that stumbles over an odd world has no answer. */
export function findingsOf(list: readonly Check[], facts: Facts): Finding[] {
  return list.map((check) => ({ ...answer(check, facts), check: check.name, area: check.area }))
}

function answer(check: Check, facts: Facts): Answer {
  try {
    return check.look(facts)
  } catch (error) {
    return {
      state: 'unknown',
      why: `the answer could not be read (${error instanceof Error ? error.name : 'error'})`
    }
  }
}
