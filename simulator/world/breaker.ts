/** Counting failed tasks, and the circuit breaker that may follow. */
import type { Deployment } from './deployment.js'
import type { Service } from './service.js'
import { eventTexts, rolloutTexts, serviceDeploymentTexts } from './texts.js'

/** Counts a failure on a deployment; true when the breaker trips by it. */
export function countFailure(service: Service, deployment: Deployment): boolean {
  if (deployment.rolloutState !== 'IN_PROGRESS') return false
  deployment.failedTasks++
  deployment.updatedAt = service.engine.clock.now()
  if (deployment.record !== undefined) {
    deployment.record.failureCount = deployment.failedTasks
    deployment.record.threshold = service.breakerThreshold
  }
  service.engine.happen('failure-counted', `${deployment.id} has ${deployment.failedTasks} failed tasks`, {
    service: service.name,
    deployment: deployment.id
  })
  if (!service.breaker.enable || deployment.status !== 'PRIMARY') return false
  return deployment.failedTasks >= service.breakerThreshold
}

/** A task turned healthy. */
export function resetFailures(service: Service, deployment: Deployment): void {
  if (!service.breaker.resetOnHealthyTask || deployment.rolloutState !== 'IN_PROGRESS') return
  deployment.failedTasks = 0
  if (deployment.record !== undefined) deployment.record.failureCount = 0
}

/** Fails the deployment; with rollback, brings the last completed one back under its own id. */
export function trip(service: Service, deployment: Deployment): void {
  const { clock, happen } = service.engine
  const now = clock.now()
  deployment.rolloutState = 'FAILED'
  deployment.rolloutStateReason = rolloutTexts.failed.say()
  deployment.updatedAt = now
  service.say(eventTexts.failed.say(service.name, deployment.id))
  happen('deployment-failed', `${deployment.id} failed`, { service: service.name, deployment: deployment.id })
  const { record } = deployment
  if (record !== undefined) {
    record.breaker = 'TRIGGERED'
    record.updatedAt = now
  }
  const target = service.lastCompleted
  if (!service.breaker.rollback || target === undefined) {
    if (record !== undefined) {
      record.status = 'STOPPED'
      record.stoppedAt = now
      record.finishedAt = now
    }
    return
  }
  service.lastCompleted = undefined
  service.say(eventTexts.rollingBack.say(service.name, target.id), 1)
  happen('rollback-started', `rolling back to ${target.id}`, { service: service.name, deployment: target.id })
  target.status = 'PRIMARY'
  target.rolloutState = 'IN_PROGRESS'
  target.rolloutStateReason = rolloutTexts.rollingBack.say(target.id)
  target.createdAt = now
  target.updatedAt = now
  target.failedTasks = 0
  target.neverRan = 0
  target.nextStartAt = 0
  target.restoring = true
  target.restoredAt = now
  target.readySince = undefined
  deployment.status = 'ACTIVE'
  deployment.want = 0
  service.deployments = [target, ...service.deployments.filter((d) => d !== target)]
  if (record !== undefined) {
    record.status = 'ROLLBACK_IN_PROGRESS'
    record.statusReason = serviceDeploymentTexts.breaker.say()
    record.rollback = { reason: serviceDeploymentTexts.breaker.say(), startedAt: now, to: target }
    target.record = record
  }
}
