import { revisionName, targetGroupName } from '../domain/arn.js'
import { Refusal } from '../domain/outcome.js'
import {
  breakerThreshold,
  goesBackItself,
  isRolling,
  primaryOf,
  rollsBackItself,
  type Deployment,
  type Service
} from '../domain/service.js'
import type { Busy, RunContext } from '../inputs.js'
import { freshMemory, remember, type Subject } from '../judge/memory.js'
import { judge } from '../judge/verdict.js'
import { NotFound, type Ports, type ServiceName } from '../ports.js'
import { findOpen, mayLiveUntil, tellFound, type Found } from './found.js'
import { goodNow } from './known-good.js'
import { Lookout } from './observe.js'

/** What stood before the run touched anything. */
export interface Before {
  service: Service
  /** The PRIMARY deployment; ECS shows one for every service of its own controller. */
  primary: Deployment
  /** The deployment whose revision is good now: COMPLETED, with tasks that run. */
  knownGood?: Deployment
  /** PRIMARY is the deployment that this run wants, begun by another that did not finish it. */
  adopted?: Found
}

/** What this run is and wants, where another run's deployment is found unfinished. */
export interface Asker {
  environment: string
  origin: RunContext
  /** Whether the deployment that was found is what this run would start. */
  wants: (found: Found) => Promise<boolean>
  /** Nothing is going to be written: a deployment in progress is said, and stands in nobody's way. */
  looksOnly?: boolean
  /**
   * Where could be gone back to, if what takes over fails as well: ECS's own breaker has nothing then. Absent: nobody
   * needs to know.
   */
  wayBack?: (service: Service) => Promise<{ to: string } | { none: string }>
}

const meanwhile: Record<Busy, string> = {
  wait: 'wait for its end',
  refuse: 'be refused',
  'take-over': 'take over'
}

/**
 * Looks at the service and refuses what cannot be deployed to: absent, not ACTIVE, another controller or
 * strategy. When another deployment is in progress, does what `busy` says; waiting ends at `until`, epoch ms.
 */
export async function inspect(
  ports: Ports,
  name: ServiceName,
  busy: Busy,
  pollMs: number,
  until: number,
  asker: Asker,
  signal?: AbortSignal
): Promise<Before> {
  let service = await readService(ports, name)
  const found = await findOpen(ports, service, asker.environment)
  if (found) tellFound(ports, found)
  tell(ports, service)
  // Who refuses to run beside another run does so while that run may be alive, also when both want the same.
  const over = found && ports.clock.now() >= mayLiveUntil(found, ports.clock.now(), asker.origin)
  if (found && (busy !== 'refuse' || over === true) && (await asker.wants(found)))
    return { service, primary: found.deployment, ...goodOf(service), adopted: found }
  if (isRolling(service)) {
    const running = primaryOf(service)
    const what = `deployment ${running?.id ?? ''} of ${revisionName(running?.taskDefinition ?? '')} is in progress`
    // Nobody waits for the run that began it beyond its own deadline.
    const orphan = found && mayLiveUntil(found, ports.clock.now(), asker.origin)
    if (asker.looksOnly)
      ports.announce({
        code: 'warning',
        text: `${what}: a deploy now would ${meanwhile[busy]} (busy: ${busy}).`
      })
    else if (busy === 'refuse')
      throw new Refusal(
        [`Another deployment is running: ${what}, and busy is refuse.`],
        'busy',
        'Run again when it has ended, or set busy: wait or take-over.'
      )
    // A way back that ECS has begun is never raced, also not by who would take over.
    else if (
      busy === 'take-over' &&
      !goesBackItself(service) &&
      (await mayTakeOver(ports, service, what, asker))
    )
      ports.announce({ code: 'warning', text: `${what}; taking over, as busy says.` })
    else service = await waitUntilIdle(ports, name, what, pollMs, { until, orphan }, signal)
  }
  const primary = primaryOf(service)
  if (!primary)
    throw new Refusal([
      `Service "${service.name}" shows no PRIMARY deployment, so nothing can be compared or restored.`
    ])
  return { service, primary, ...goodOf(service) }
}

/**
 * A deployment that is taken over leaves ECS's circuit breaker nothing to go back to, so the way back must be ours. Where
 * nothing is known good the deployment in progress may still become it: it is waited for.
 */
async function mayTakeOver(
  ports: Ports,
  service: Service,
  what: string,
  { wayBack }: Asker
): Promise<boolean> {
  const way = await wayBack?.(service)
  if (!way) return true
  if ('to' in way) {
    const text = `If this run fails too, ${way.to} is known good and can be gone back to; ECS's own circuit breaker would find nothing.`
    ports.announce({ code: 'note', text })
    return true
  }
  const text = `${what}, and it is not taken over: ${way.none}, so nothing could be gone back to if this run failed as well. Its end is waited for instead.`
  ports.announce({ code: 'warning', text })
  return false
}

function goodOf(service: Service): { knownGood?: Deployment } {
  const knownGood = goodNow(service)[0]
  return knownGood ? { knownGood } : {}
}

/** The service, as it can be worked with. Throws Refusal when it does not exist, or is of a kind we do not know. */
export async function readService(ports: Ports, name: ServiceName): Promise<Service> {
  return check(await read(ports, name))
}

async function read(ports: Ports, name: ServiceName): Promise<Service> {
  try {
    return await ports.containers.service(name)
  } catch (error) {
    if (error instanceof NotFound)
      throw new Refusal(
        [`${error.message}.`],
        'input',
        'Check the names, and the account and region of the credentials.'
      )
    throw error
  }
}

function check(service: Service): Service {
  const problems: string[] = []
  if (service.status !== 'ACTIVE')
    problems.push(`Service "${service.name}" is ${service.status}, not ACTIVE.`)
  if (service.controller !== 'ECS')
    problems.push(
      `Service "${service.name}" uses the deployment controller ${service.controller}; only ECS (rolling update) is supported.`
    )
  else if (service.strategy !== 'ROLLING')
    problems.push(
      `Service "${service.name}" uses the deployment strategy ${service.strategy}; only ROLLING is supported.`
    )
  if (problems.length > 0) throw new Refusal(problems)
  return service
}

/**
 * Waits until no deployment is in progress. One that is a replacement loop, on a service whose circuit breaker
 * does not roll back, would go on for ever: it is said to be failing, and not waited for.
 */
async function waitUntilIdle(
  ports: Ports,
  name: ServiceName,
  what: string,
  pollMs: number,
  /** Epoch milliseconds: our own end of waiting, and when the run that left an orphan is over. */
  { until, orphan }: { until: number; orphan: number | undefined },
  signal?: AbortSignal
): Promise<Service> {
  ports.announce({ code: 'note', text: `Waiting: ${what}.` })
  const lookout = new Lookout(ports, name)
  let subject: Subject | undefined
  let memory = freshMemory()
  let said = ''
  for (;;) {
    const seen = await lookout.details(await lookout.look())
    const service = check(seen.service)
    const primary = primaryOf(service)
    if (!primary || !isRolling(service)) return service
    if (subject?.deploymentId !== primary.id) {
      subject = {
        deploymentId: primary.id,
        taskDefinition: primary.taskDefinition,
        since: primary.createdAt ?? 0
      }
      memory = freshMemory()
    }
    memory = remember(subject, memory, seen)
    const { running, desired, failed } = memory.counts
    const now = `${running} of ${desired} tasks of ${revisionName(primary.taskDefinition)} run, ${failed} failed`
    if (now !== said) ports.announce({ code: 'note', text: `Still in progress: ${now}.` })
    said = now
    const verdict = judge({ maxFailedTasks: 'auto', bakeMs: 0, deadline: Infinity }, subject, memory, seen)
    const endless = verdict.state === 'failing' && !rollsBackItself(service)
    if (endless) {
      ports.announce({
        code: 'warning',
        text: `${what}, and it is failing (${verdict.detail}); it is not waited for.`
      })
      return service
    }
    if (orphan !== undefined && ports.clock.now() >= Math.min(until, orphan)) {
      const text = `${what}, and nobody watches it any more (${now}); this run deploys over it.`
      ports.announce({ code: 'warning', text })
      return service
    }
    if (ports.clock.now() >= until)
      throw new Refusal(
        [`Another deployment is still running after half of the timeout: ${now}.`],
        'busy',
        'Run again when it has ended, raise timeout, or set busy: take-over.'
      )
    await ports.clock.sleep(pollMs, signal)
  }
}

function tell(ports: Ports, service: Service): void {
  const fact = (name: string, value: string) => ports.announce({ code: 'fact', name, value })
  fact(
    'service',
    `${service.name} is ${service.status}: ${service.desired} desired, ${service.running} running`
  )
  const primary = primaryOf(service)
  if (primary)
    fact(
      'serving now',
      `${revisionName(primary.taskDefinition)} (${primary.id}, ${primary.rolloutState ?? 'no rollout state'})`
    )
  const threshold = breakerThreshold(service.breaker, service.desired)
  const back = service.breaker.rollback ? 'rolls back' : 'does not roll back'
  fact('circuit breaker', threshold === undefined ? 'off' : `on, trips at ${threshold} failed tasks, ${back}`)
  for (const lb of service.loadBalancers)
    fact(
      lb.targetGroupArn === undefined ? 'load balancer' : 'target group',
      `${lb.targetGroupArn === undefined ? (lb.classicName ?? '') : targetGroupName(lb.targetGroupArn)}, container ${lb.containerName} port ${lb.containerPort}`
    )
}
