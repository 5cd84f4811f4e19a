import type { Finding, Fix, Trouble } from '../domain/finding.js'
import { revisionName } from '../domain/arn.js'
import { sayDuration } from '../domain/duration.js'
import type { ReasonCode } from '../domain/outcome.js'
import { estimateRollout } from '../domain/rollout-estimate.js'
import { isRolling, primaryOf, type Service } from '../domain/service.js'
import { troubles } from '../domain/finding.js'
import { seenByClients, type Seen } from './clients.js'
import type { Facts } from './facts.js'
import { rolloutNumbers } from './rollout-numbers.js'
import { clusterName, serviceCommand, serviceConsole } from './fixes.js'

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
  ['roles', 'preflight'],
  ['target-group-in-use', 'target-not-in-use'],
  ['balancer-lets-out', 'elb-health-timeout'],
  ['task-lets-in', 'elb-health-timeout'],
  ['zones', 'target-not-in-use'],
  ['way-out', 'image-pull-network'],
  ['free-addresses', 'subnet-exhausted'],
  ['room-to-roll', 'stuck']
]

/** Sooner nobody calls a deployment late, milliseconds. */
const overdueMs = 10 * 60_000

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
  const resting = atRest(service)
  if (resting) return resting
  const clients = seenByClients(facts)
  const seen = clients ? { clients } : {}
  const short = service.running < service.desired
  const rolling = isRolling(service)
  const overdue = rolling && isOverdue(facts)
  const sick = clients !== undefined || why !== undefined || short || overdue
  const found = sick ? troubles(findings) : []
  for (const [check, code] of explains) {
    const finding = found.find((f) => f.check === check && counts(f))
    if (finding) return { well: false, ...seen, ...told(finding, code) }
  }
  const grace = found.find((f) => f.check === 'grace-period')
  if (why && grace && checkedTooSoon.includes(why.code)) {
    const { evidence, ...rest } = told(grace, why.code)
    return { well: false, ...seen, ...rest, evidence: [...evidence, ...why.evidence] }
  }
  const gone = found.find((f) => f.check === 'image-kept')
  if (why) {
    const show = why.code === 'image-not-found' && gone ? gone.fix : commandFor(service, why.fix)
    return {
      well: false,
      ...seen,
      says: why.sentence,
      reasonCode: why.code,
      evidence: why.evidence,
      fix: { console: serviceConsole(service, 'Tasks'), ...show, todo: why.fix }
    }
  }
  if (gone) return { well: false, ...seen, ...told(gone, 'image-not-found') }
  if (clients !== undefined || overdue || (short && !rolling)) return { ...unexplained(facts), ...seen }
  const says = rolling
    ? `Service ${service.name} is well so far: ${inProgress(facts)}`
    : `Service ${service.name} is well: ${tasksOf(service)} run`
  return { well: true, says, evidence: [] }
}

const tasksOf = ({ running, desired }: Service): string => `${running} of ${desired} tasks`

function inProgress({ service, now }: Facts): string {
  const primary = primaryOf(service)
  const what = `deployment ${primary?.id ?? ''} of ${revisionName(primary?.taskDefinition ?? '')}`
  const began = primary?.createdAt
  const since = began === undefined ? '' : ` for ${sayDuration(Math.max(0, now - began))}`
  return `${tasksOf(service)} run, and ${what} is in progress${since}, ${primary?.failed ?? 0} tasks failed`
}

/** A deployment that takes twice the time that it needs at the least, and ten minutes, is held up by something. */
function isOverdue(facts: Facts): boolean {
  const { service, running, now } = facts
  const began = primaryOf(service)?.createdAt
  if (began === undefined) return false
  const time = estimateRollout(rolloutNumbers(service, running, service.desired, facts))
  return now - began > Math.max(overdueMs, time.possible ? 2 * time.leastMs : 0)
}

/** A service that nobody wants to answer: gone, or with no tasks wanted. */
function atRest(service: Service): Diagnosis | undefined {
  const { name, status, desired } = service
  if (status !== 'ACTIVE')
    return {
      well: false,
      says:
        status === 'DRAINING'
          ? `Service ${name} is DRAINING: it is being deleted, and its last tasks stop`
          : `Service ${name} is ${status}: it was deleted, and nothing of it runs`,
      reasonCode: 'input',
      evidence: [`status ${status}`],
      fix: {
        todo: `Create the service again, or name the one that took its place.`,
        console: `ECS → Clusters → ${clusterName(service)} → Services → Create`,
        command: `aws ecs list-services --cluster ${clusterName(service)}`
      }
    }
  if (desired > 0 || service.scheduling !== 'REPLICA') return undefined
  return {
    well: false,
    says: `Service ${name} has 0 desired tasks: nothing runs`,
    reasonCode: 'target-not-registered',
    evidence: ['desiredCount 0'],
    fix: {
      todo: 'Set the number of tasks that shall run; application auto scaling may have set it to 0.',
      console: serviceConsole(service, 'Update service → Desired tasks'),
      command: serviceCommand(service, '--desired-count 1')
    }
  }
}

function unexplained(facts: Facts): Diagnosis {
  const { service } = facts
  return {
    well: false,
    says: isRolling(service)
      ? `${inProgress(facts)}, and nothing that was read says what holds it up`
      : `${tasksOf(service)} of ${service.name} run, and nothing that was read says why`,
    reasonCode: 'unknown',
    evidence: telling(service).map((e) => `event: ${e.message}`),
    fix: {
      todo: 'Look again in a minute, and at the events and the stopped tasks of the service.',
      console: serviceConsole(service, 'Events'),
      ...commandFor(service, '')
    }
  }
}

/** The newest events that speak of trouble; else the newest. */
function telling({ events }: Service): Service['events'] {
  const trouble = events.filter((e) => /unable|unhealthy|fail|error|unreachable|denied/i.test(e.message))
  return (trouble.length > 0 ? trouble : events).slice(0, 3)
}

/** Where the fix has no command of its own: the one that shows what ECS says of the service. */
function commandFor(service: Service, fix: string): { command?: string } {
  if (/\baws [a-z0-9-]+ [a-z-]+/.test(fix)) return {}
  const { name } = service
  return {
    command: `aws ecs describe-services --cluster ${clusterName(service)} --services ${name} --query 'services[0].events[:10].message'`
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
  const upper = (text: string) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`
  if (!clients) return `${upper(plain)}.`
  const front = clients.code === undefined ? upper(clients.why) : `${clients.code} because ${clients.why}`
  const end = /^[A-Z]([a-z]| )/.test(plain) ? plain.slice(0, 1).toLowerCase() + plain.slice(1) : plain
  return `${front}: ${end}.`
}
