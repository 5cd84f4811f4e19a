/** Counting failed tasks; enough of them trip the circuit breaker. */
import type { Deployment } from './deployment.js'
import { ended } from './records.js'
import type { Service } from './service.js'

/** Counts a failure on a deployment; true when the breaker trips by it. */
export function countFailure(service: Service, deployment: Deployment): boolean {
  if (deployment.rolloutState !== 'IN_PROGRESS' || service.leaving) return false
  deployment.failedTasks++
  deployment.updatedAt = service.engine.clock.now()
  note(service, deployment)
  service.engine.happen('failure-counted', `${deployment.id} has ${deployment.failedTasks} failed tasks`, {
    service: service.name,
    deployment: deployment.id
  })
  return mayTrip(service, deployment)
}

/** True when the breaker is on and enough of the PRIMARY deployment's tasks have failed. */
export function mayTrip(service: Service, deployment: Deployment): boolean {
  if (deployment.rolloutState !== 'IN_PROGRESS' || service.leaving) return false
  if (!service.breaker.enable || deployment.status !== 'PRIMARY') return false
  // Three failed attempts at the digests fail the deployment, however many tasks it has (facts B1, E1).
  return deployment.failedTasks >= service.breakerThreshold || deployment.gaveUpResolving
}

/** A task turned healthy. */
export function resetFailures(service: Service, deployment: Deployment): void {
  if (!service.breaker.resetOnHealthyTask || deployment.rolloutState !== 'IN_PROGRESS') return
  deployment.failedTasks = 0
  note(service, deployment)
}

/** Its service deployment tells of the count; one that goes back keeps the count that it failed with. */
function note(service: Service, deployment: Deployment): void {
  const { record } = deployment
  if (record?.target !== deployment || ended(record)) return
  record.failureCount = deployment.failedTasks
  record.threshold = service.breakerThreshold
}
