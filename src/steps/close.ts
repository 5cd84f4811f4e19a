import { revisionName } from '../domain/arn.js'
import type { Ending } from '../domain/outcome.js'
import { primaryOf, rollsBackItself, type Deployment, type Service } from '../domain/service.js'
import type { Ports, ServiceName } from '../ports.js'
import { putBack } from './change.js'
import type { OpenRun } from './record.js'

/** A cancelled process has seconds; the post step goes on from there. */
const cancelledPatienceMs = 2000

/** What a run that was cut off left, and what there is to do about it. */
export type Left =
  /** Nothing to do; the sentence says why. */
  | { todo: 'nothing'; reason: string; serving?: string }
  /** The old revision is on its way back already: only watch it. */
  | { todo: 'watch'; reason: string; deployment: Deployment }
  /** ECS's own circuit breaker has ended our deployment and goes back by itself: never race it. */
  | { todo: 'await-ecs'; reason: string; deployment: Deployment }
  /** Our deployment is still PRIMARY and not completed: put the known-good revision back. */
  | { todo: 'go-back'; reason: string; deployment: Deployment; knownGood: string; desiredCount?: number }

/**
 * Reads what an open run left from the service as it is now. Pure. Ours is the deployment whose id was
 * recorded; only when the kill came before that, the one that runs our revision and was not there before.
 */
export function whatIsLeft(open: OpenRun, service: Service): Left {
  const primary = primaryOf(service)
  if (open.phase === 'planned')
    return { todo: 'nothing', reason: 'It had not touched the service, which runs on as before.' }
  if (!primary) return { todo: 'nothing', reason: 'The service shows no PRIMARY deployment.' }
  const serving = primary.taskDefinition
  const revision = revisionName(serving)
  if (isOnItsWayBack(open, primary))
    return { todo: 'watch', reason: `${revision} was already being put back.`, deployment: primary }
  if (!isOurs(open, primary))
    return {
      todo: 'nothing',
      reason: `The service runs ${revision} (${primary.id}), which is left alone.`,
      serving
    }
  if (primary.rolloutState === 'COMPLETED' && primary.running === primary.desired)
    return {
      todo: 'nothing',
      reason: `ECS had completed the deployment of ${revision}; it is left.`,
      serving
    }
  if (primary.rolloutState === 'FAILED' && rollsBackItself(service))
    return {
      todo: 'await-ecs',
      reason: `ECS's circuit breaker has ended the deployment of ${revision} and goes back by itself.`,
      deployment: primary
    }
  const countChanged = open.desiredAsked !== undefined && open.desiredAsked !== open.desiredBefore
  const sameRevision = open.knownGood === serving && !countChanged
  if (open.onCancel === 'leave' || open.knownGood === undefined || sameRevision) {
    const why =
      open.onCancel === 'leave'
        ? 'on-cancel is leave'
        : sameRevision
          ? 'it is the revision that served before'
          : 'nothing known good is there to go back to'
    return { todo: 'nothing', reason: `The deployment of ${revision} goes on, because ${why}.`, serving }
  }
  const from = open.knownGood === serving ? `${open.desiredAsked ?? 0} tasks` : revision
  const back = open.knownGood === serving ? `${open.desiredBefore ?? 0} tasks` : revisionName(open.knownGood)
  return {
    todo: 'go-back',
    reason: `Going back from ${from} to ${back} was started.`,
    deployment: primary,
    knownGood: open.knownGood,
    ...(countChanged && open.desiredBefore !== undefined ? { desiredCount: open.desiredBefore } : {})
  }
}

function isOurs(open: OpenRun, primary: Deployment): boolean {
  if (open.deploymentId !== undefined) return primary.id === open.deploymentId
  return primary.taskDefinition === open.newTaskDefinition && primary.id !== open.previousDeploymentId
}

/** The recorded deployment, or, when the kill came before the record, an unfinished one of the old revision. */
function isOnItsWayBack(open: OpenRun, primary: Deployment): boolean {
  if (open.phase !== 'restoring' && open.phase !== 'watching') return false
  if (open.restoreDeploymentId !== undefined) return primary.id === open.restoreDeploymentId
  return (
    primary.taskDefinition === open.knownGood &&
    primary.id !== open.deploymentId &&
    primary.rolloutState !== 'COMPLETED'
  )
}

/** What closing did. `restoring` is the deployment that goes back; `stillOpen` leaves the rest to the post step. */
export interface Closed {
  ending: Ending
  restoring?: string
  stillOpen: boolean
}

/**
 * Closes a cancelled run with at most one change of the service, and does not wait for its end. Gives the
 * ending, and the deployment that goes back when there is one to watch. Throws AwsFault.
 */
export async function close(ports: Ports, open: OpenRun): Promise<Closed> {
  const name: ServiceName = { cluster: open.cluster, service: open.service }
  const left = whatIsLeft(open, await ports.containers.service(name))
  const ending: Ending = {
    outcome: 'cancelled',
    reasonCode: 'cancelled',
    reason: `The run was cancelled. ${left.reason}`,
    evidence: []
  }
  const serving = (taskDefinition: string | undefined) =>
    taskDefinition === undefined ? ending : { ...ending, servingTaskDefinition: taskDefinition }
  switch (left.todo) {
    case 'nothing':
      return { ending: serving(left.serving), stillOpen: false }
    case 'await-ecs':
      return { ending: serving(left.deployment.taskDefinition), stillOpen: true }
    case 'watch':
      return {
        ending: serving(left.deployment.taskDefinition),
        restoring: left.deployment.id,
        stillOpen: true
      }
    case 'go-back': {
      const { primary } = await putBack(
        ports,
        name,
        left.knownGood,
        left.deployment,
        cancelledPatienceMs,
        left.desiredCount
      )
      return { ending: serving(primary.taskDefinition), restoring: primary.id, stillOpen: true }
    }
  }
}
