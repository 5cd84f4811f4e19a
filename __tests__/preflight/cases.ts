/** What each check finds in which world; each is a change of a service that is well. */
import type { Facts } from '../../src/preflight/facts.js'
import { balancingCases } from './cases-balancing.js'
import { definitionCases } from './cases-definition.js'
import { healthCases } from './cases-health.js'
import { identityCases } from './cases-identity.js'
import { networkCases } from './cases-network.js'
import { serviceCases } from './cases-service.js'

export interface Case {
  check: string
  when: string
  state: 'ok' | 'warning' | 'error' | 'unknown'
  says: RegExp
  code?: string
  world: () => Facts
}

export const findings: readonly Case[] = [
  ...serviceCases,
  ...definitionCases,
  ...healthCases,
  ...identityCases,
  ...balancingCases,
  ...networkCases
]
