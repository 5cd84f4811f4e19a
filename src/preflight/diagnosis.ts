import type { Finding, Fix, Trouble } from '../domain/finding.js'
import type { ReasonCode } from '../domain/outcome.js'
import { troubles } from '../domain/finding.js'
import { seenByClients, type Seen } from './clients.js'
import type { Facts } from './facts.js'
import { serviceCommand, serviceConsole } from './fixes.js'

/** Why tasks of the service fail now, as the judge explains it. */
export interface Why {
  code: ReasonCode
  sentence: string
  evidence: string[]
  fix: string
}

/** The answer: what clients see, the one cause to mend first, and how. */
export interface Diagnosis {
  well: boolean
  says: string
  reasonCode?: ReasonCode
  evidence: string[]
  fix?: Fix
  clients?: Seen
}

/** Findings that explain why targets are missing or sick, the first of them first, with their codes. */
const explains: readonly [check: string, code: ReasonCode][] = [
  ['registered', 'target-not-registered'],
  ['service-ready', 'preflight'],
  ['target-group-in-use', 'target-not-in-use'],
  ['balancer-lets-out', 'elb-health-timeout'],
  ['task-lets-in', 'elb-health-timeout'],
  ['zones', 'target-not-in-use'],
  ['way-out', 'image-pull-network'],
  ['free-addresses', 'subnet-exhausted']
]

/** Codes of tasks that were replaced for checks of the load balancer which nothing else explains. */
const checkedTooSoon: readonly ReasonCode[] = [
  'elb-health-unreachable',
  'elb-health-timeout',
  'elb-health-code'
]

/**
 * Names the cause first. What stands in the way of every task comes before what a single task died of; a grace period
 * that is too short comes before the failed checks that it lets through.
 */
export function diagnose(facts: Facts, findings: readonly Finding[], why?: Why): Diagnosis {
  const { service } = facts
  const clients = seenByClients(facts)
  const seen = clients ? { clients } : {}
  if (service.desired === 0)
    return {
      well: false,
      ...seen,
      says: `Service ${service.name} has 0 desired tasks: nothing runs`,
      reasonCode: 'target-not-registered',
      evidence: ['desiredCount 0'],
      fix: {
        todo: 'Set the number of tasks that shall run.',
        console: serviceConsole(service, 'Update service → Desired tasks'),
        command: serviceCommand(service, '--desired-count 1')
      }
    }
  const sick = clients !== undefined || why !== undefined || service.running < service.desired
  const found = troubles(findings)
  for (const [check, code] of explains) {
    const finding = sick ? found.find((f) => f.check === check && counts(f)) : undefined
    if (finding) return { well: false, ...seen, ...told(finding, code) }
  }
  const grace = found.find((f) => f.check === 'grace-period')
  if (why && grace && checkedTooSoon.includes(why.code)) {
    const { evidence, ...rest } = told(grace, why.code)
    return { well: false, ...seen, ...rest, evidence: [...evidence, ...why.evidence] }
  }
  if (why)
    return {
      well: false,
      ...seen,
      says: why.sentence,
      reasonCode: why.code,
      evidence: why.evidence,
      fix: { todo: why.fix, console: serviceConsole(service, 'Tasks') }
    }
  if (clients?.code !== undefined || service.running < service.desired)
    return {
      well: false,
      ...seen,
      says: `${service.running} of ${service.desired} tasks of ${service.name} run, and nothing that was read says why`,
      reasonCode: 'unknown',
      evidence: service.events.slice(0, 3).map((e) => `event: ${e.message}`),
      fix: {
        todo: 'Look again in a minute, and at the events and the stopped tasks of the service.',
        console: serviceConsole(service, 'Events')
      }
    }
  return {
    well: true,
    says: `Service ${service.name} is well: ${service.running} of ${service.desired} tasks run`,
    evidence: []
  }
}

/** A service without its target group is the one warning that explains an outage. */
function counts({ state, check }: Trouble): boolean {
  return state === 'error' || check === 'registered' || check === 'way-out'
}

function told(finding: Trouble, code: ReasonCode): Omit<Diagnosis, 'well'> {
  const { says, evidence, fix, reasonCode } = finding
  return { says, reasonCode: reasonCode ?? code, evidence, fix }
}

/** The answer in one sentence: `503 because no target is registered in tg: service x has no load balancer attached.` */
export function answerOf({ clients, says }: Diagnosis): string {
  const plain = says.replace(/\.$/, '')
  if (!clients) return `${plain.slice(0, 1).toUpperCase()}${plain.slice(1)}.`
  const front =
    clients.code === undefined ? `Because ${clients.why}` : `${clients.code} because ${clients.why}`
  const end = /^[A-Z]([a-z]| )/.test(plain) ? plain.slice(0, 1).toLowerCase() + plain.slice(1) : plain
  return `${front}: ${end}.`
}
