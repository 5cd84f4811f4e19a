/** A deployment that fails or is stopped, and the way back to an earlier one under its own id (facts A2, B1). */
import type { Deployment } from './deployment.js'
import { become, ended } from './records.js'
import type { Service } from './service.js'
import { eventTexts, rolloutTexts, serviceDeploymentTexts } from '../texts.js'

/** Why a service goes back. */
export type Cause = 'breaker' | 'alarm' | 'request'

/** Fails the PRIMARY deployment; with rollback, brings the last completed one back. */
export function failDeployment(
  service: Service,
  deployment: Deployment,
  cause: 'breaker' | 'alarm',
  rollback: boolean
): void {
  const { happen } = service.engine
  deployment.stall((cause === 'breaker' ? rolloutTexts.failed : rolloutTexts.failedByAlarm).say())
  const byTasks = deployment.blocked ? eventTexts.failedOtherwise : eventTexts.failed
  const event = cause === 'breaker' ? byTasks : eventTexts.failedByAlarm
  service.say(event.say(service.name, deployment.id))
  happen('deployment-failed', `${deployment.id} failed`, { service: service.name, deployment: deployment.id })
  const { record } = deployment
  if (record !== undefined && cause === 'breaker') record.breaker = 'TRIGGERED'
  const target = service.lastCompleted
  if (rollback && target !== undefined) {
    goBack(service, deployment, target, cause)
    return
  }
  // Somebody asked for the way back before this: the scheduler's next look does it.
  if (record === undefined || ended(record) || record.status === 'ROLLBACK_REQUESTED') return
  // The rollback itself failed, or there is none: facts B3.
  become(service, record, deployment.restoring ? 'ROLLBACK_FAILED' : 'STOP_REQUESTED')
  deployment.restoring = false
}

/** Puts `target` first again; what of it still runs is kept. */
export function goBack(service: Service, from: Deployment, target: Deployment, cause: Cause): void {
  const { clock, happen } = service.engine
  const now = clock.now()
  const { record } = from
  service.lastCompleted = undefined
  service.say(eventTexts.rollingBack.say(service.name, target.id), 1)
  happen('rollback-started', `rolling back to ${target.id}`, { service: service.name, deployment: target.id })
  const texts = {
    breaker: rolloutTexts.rollingBack,
    alarm: rolloutTexts.rollingBackByAlarm,
    request: rolloutTexts.rollingBackAsked
  }
  target.restart(now, texts[cause].say(target.id))
  service.networkConfiguration = target.settings.networkConfiguration
  service.platformVersion = target.settings.platformVersion
  service.loadBalancers = target.settings.loadBalancers
  service.revisionExtras = target.settings.others
  from.status = 'ACTIVE'
  from.replacedAt = now
  from.want = 0
  service.deployments = [target, ...service.deployments.filter((d) => d !== target)]
  if (record === undefined) return
  const reason = serviceDeploymentTexts[cause].say()
  become(service, record, 'ROLLBACK_IN_PROGRESS')
  record.statusReason = reason
  record.rollback = { reason, startedAt: now, to: target }
  target.record = record
}
