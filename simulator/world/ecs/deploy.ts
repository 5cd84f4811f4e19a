/** Beginning and completing deployments. */
import { Deployment } from './deployment.js'
import { become, newRecord, supersede } from './records.js'
import type { Service } from './service.js'
import type { TaskDefinition } from './task-definitions.js'
import { eventTexts, rolloutTexts } from '../texts.js'

/** Puts a new PRIMARY deployment before the others. */
export function beginDeployment(service: Service, definition: TaskDefinition): Deployment {
  const { clock, ids, happen } = service.engine
  const previous = service.deployments[0]
  const made = new Deployment(service, `ecs-svc/${ids.digits()}`, definition, clock.now(), {
    networkConfiguration: service.networkConfiguration,
    platformVersion: service.platformVersion,
    loadBalancers: service.loadBalancers,
    others: service.revisionExtras
  })
  const record = newRecord(service, made)
  made.record = record
  service.records.unshift(record)
  if (previous !== undefined) {
    previous.status = 'ACTIVE'
    previous.replacedAt = clock.now()
    previous.restoring = false
    if (previous.rolloutState === 'IN_PROGRESS')
      previous.rolloutStateReason = rolloutTexts.inProgress.say(previous.id)
    previous.want = previous.current.filter((t) => t.desiredStatus === 'RUNNING').length
    if (previous.record !== undefined) supersede(service, previous.record)
  }
  service.deployments = [made, ...service.deployments]
  happen('deployment-started', `${service.name} deploys ${definition.ref} as ${made.id}`, {
    service: service.name,
    deployment: made.id
  })
  return made
}

/** The PRIMARY deployment reached its steady state, or an early success; deployments with tasks stay listed. */
export function completeDeployment(service: Service): void {
  const { primary } = service
  primary.rolloutState = 'COMPLETED'
  primary.rolloutStateReason = rolloutTexts.completed.say(primary.id)
  primary.updatedAt = service.engine.clock.now()
  service.lastCompleted = primary
  const { record } = primary
  if (record !== undefined) become(service, record, primary.restoring ? 'ROLLBACK_SUCCESSFUL' : 'SUCCESSFUL')
  primary.restoring = false
  const left = service.deployments.filter((d) => d === primary || d.current.some((t) => t.alive))
  for (const other of service.deployments) if (!left.includes(other)) other.status = 'INACTIVE'
  service.deployments = left
  service.say(eventTexts.completed.say(service.name, primary.id))
  service.engine.happen('deployment-completed', `${primary.id} completed`, {
    service: service.name,
    deployment: primary.id
  })
}
