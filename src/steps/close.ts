import { revisionName } from '../domain/arn.js'
import type { Ending } from '../domain/outcome.js'
import { primaryOf } from '../domain/service.js'
import type { Ports, ServiceName } from '../ports.js'
import type { OpenRun } from './record.js'

/** What closing an open run did: the ending, and the deployment that goes back, when one was started. */
export interface Closed {
  ending: Ending
  restoring?: { deploymentId: string; taskDefinition: string }
}

/**
 * Closes a run that was cancelled or killed, with at most one write: when our deployment is still PRIMARY
 * and not completed, and `on-cancel` says rollback, the known-good revision is put back. It does not wait.
 */
export async function close(ports: Ports, open: OpenRun): Promise<Closed> {
  const name: ServiceName = { cluster: open.cluster, service: open.service }
  if (open.phase === 'planned')
    return {
      ending: cancelled('The run was cancelled before the service was touched; it runs on as before.')
    }
  const service = await ports.containers.service(name)
  const primary = primaryOf(service)
  const serving = primary === undefined ? {} : { servingTaskDefinition: primary.taskDefinition }
  const ours = primary?.taskDefinition === open.newTaskDefinition && primary?.id !== open.previousDeploymentId
  if (
    open.phase === 'restoring' &&
    open.restoreDeploymentId !== undefined &&
    primary?.id === open.restoreDeploymentId
  )
    return {
      ending: {
        ...cancelled(
          `The run was cancelled while ${revisionName(primary.taskDefinition)} was being put back.`
        ),
        ...serving
      },
      restoring: { deploymentId: primary.id, taskDefinition: primary.taskDefinition }
    }
  if (!primary || !ours) {
    const now = primary === undefined ? 'nothing that is PRIMARY' : revisionName(primary.taskDefinition)
    return {
      ending: {
        ...cancelled(`The run was cancelled; the service runs ${now}, which is left alone.`),
        ...serving
      }
    }
  }
  const revision = revisionName(primary.taskDefinition)
  if (primary.rolloutState === 'COMPLETED' && primary.running === primary.desired)
    return {
      ending: {
        ...cancelled(
          `The run was cancelled after ECS had completed the deployment of ${revision}; it is left.`
        ),
        ...serving
      }
    }
  if (open.onCancel === 'leave' || open.knownGood === undefined) {
    const why = open.onCancel === 'leave' ? 'on-cancel is leave' : 'no revision is known good'
    return {
      ending: {
        ...cancelled(`The run was cancelled; the deployment of ${revision} goes on, because ${why}.`),
        ...serving
      }
    }
  }
  const changedCount = open.desiredAsked !== undefined && open.desiredAsked !== open.desiredBefore
  const after = await ports.containers.update(name, {
    taskDefinition: open.knownGood,
    ...(changedCount && open.desiredBefore !== undefined ? { desiredCount: open.desiredBefore } : {})
  })
  const back = primaryOf(after)
  return {
    ending: {
      ...cancelled(
        `The run was cancelled; going back from ${revision} to ${revisionName(open.knownGood)} was started.`
      ),
      servingTaskDefinition: open.knownGood
    },
    ...(back ? { restoring: { deploymentId: back.id, taskDefinition: back.taskDefinition } } : {})
  }
}

function cancelled(reason: string): Ending {
  return { outcome: 'cancelled', reasonCode: 'cancelled', reason, evidence: [] }
}
