import { primaryOf, type Service } from '../domain/service.js'
import { ownDeployment, type Subject } from '../judge/memory.js'
import { AwsFault, type Ports, type ServiceName } from '../ports.js'
import { TakenOver, type Changed } from './change.js'

/** How long ECS gets to put the old deployment first after it was asked to, milliseconds. */
const beginsMs = 90_000
const lookAgainMs = 2500
/** ECS's clocks for a deployment and for its service deployment may differ by so much, milliseconds. */
const sameStartMs = 15_000

/** What came of asking ECS: it goes back, or why it could not be had. */
export type Stopped = { done: Changed } | { not: string }

/**
 * Has ECS itself end our deployment and go back, by StopServiceDeployment: what still runs of the old revision is
 * kept, so it may need no new task. Only where it applies: the deployment is ours, in progress and PRIMARY, and what
 * stood before it is what we want back. Gives what happened, or why it does not apply or was refused. Throws
 * TakenOver, and AwsFault when the credentials have expired or the service is out of sight.
 */
export async function stopOurs(
  ports: Ports,
  name: ServiceName,
  failing: Subject,
  target: { deploymentId: string; taskDefinition: string },
  service: Service,
  signal?: AbortSignal
): Promise<Stopped | undefined> {
  const { rollouts } = ports
  if (!rollouts || !applies(failing, target, service)) return undefined
  try {
    const arn = await findOurs(ports, name, failing, service)
    if (arn === undefined) return undefined
    await rollouts.stop(arn)
  } catch (error) {
    if (!(error instanceof AwsFault) || error.kind === 'expired') throw error
    return { not: `${error.operation}: ${error.message}` }
  }
  const end = ports.clock.now() + beginsMs
  do {
    await ports.clock.sleep(lookAgainMs, signal)
    const now = await ports.containers.service(name)
    const primary = primaryOf(now)
    if (!primary || primary.id === failing.deploymentId) continue
    if (primary.taskDefinition !== target.taskDefinition) throw new TakenOver(primary)
    return { done: { service: now, primary } }
  } while (ports.clock.now() < end)
  return { not: 'ECS took StopServiceDeployment, but did not begin to go back' }
}

function applies(
  failing: Subject,
  target: { deploymentId: string; taskDefinition: string },
  service: Service
): boolean {
  const primary = primaryOf(service)
  return (
    primary?.id === failing.deploymentId &&
    primary.rolloutState === 'IN_PROGRESS' &&
    target.deploymentId === failing.previous?.deploymentId &&
    target.taskDefinition === failing.previous.taskDefinition &&
    target.deploymentId !== failing.deploymentId
  )
}

/** The service deployment of our deployment, while it can be stopped. The service may name an older one for a while. */
async function findOurs(
  ports: Ports,
  name: ServiceName,
  failing: Subject,
  service: Service
): Promise<string | undefined> {
  const seen = { at: 0, service, unreadableTargetGroups: [], tasksReadable: true }
  const began = ownDeployment(failing, seen)?.createdAt ?? failing.since
  const since = Math.min(began, failing.since) - sameStartMs
  for (const arn of new Set([service.serviceDeploymentArn, undefined])) {
    const found = await ports.containers.rollout?.(name, since, arn)
    const ours = found?.createdAt !== undefined && Math.abs(found.createdAt - began) <= sameStartMs
    if (found && ours && (found.status === 'PENDING' || found.status === 'IN_PROGRESS')) return found.arn
  }
  return undefined
}
