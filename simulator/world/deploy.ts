/** Beginning and completing deployments. */
import type { Json } from './api.js'
import { Deployment, type ServiceDeploymentRecord } from './deployment.js'
import type { Service } from './service.js'
import type { TaskDefinition } from './task-definitions.js'
import { eventTexts, rolloutTexts } from './texts.js'

/** Puts a new PRIMARY deployment before the others. */
export function beginDeployment(service: Service, definition: TaskDefinition): Deployment {
  const { clock, ids, happen } = service.engine
  const now = clock.now()
  const previous = service.deployments[0]
  const made = new Deployment(service, `ecs-svc/${ids.digits()}`, definition, now, {
    networkConfiguration: service.networkConfiguration,
    platformVersion: service.platformVersion
  })
  // A revision whose digests are known keeps them, unless the tags are to be looked up again.
  const record = newRecord(service, made, previous)
  made.record = record
  service.records.unshift(record)
  if (previous !== undefined) {
    previous.status = 'ACTIVE'
    previous.restoring = false
    if (previous.rolloutState === 'IN_PROGRESS')
      previous.rolloutStateReason = rolloutTexts.inProgress.say(previous.id)
    previous.want = previous.tasks.filter((t) => t.desiredStatus === 'RUNNING').length
    const old = previous.record
    if (old !== undefined && (old.status === 'IN_PROGRESS' || old.status === 'PENDING')) {
      old.status = 'STOPPED'
      old.stoppedAt = now
      old.finishedAt = now
      old.updatedAt = now
    }
    if (old?.status === 'ROLLBACK_IN_PROGRESS') {
      old.status = 'ROLLBACK_FAILED'
      old.finishedAt = now
      old.updatedAt = now
    }
  }
  service.deployments = [made, ...service.deployments]
  happen('deployment-started', `${service.name} deploys ${definition.ref} as ${made.id}`, {
    service: service.name,
    deployment: made.id
  })
  return made
}

function newRecord(
  service: Service,
  target: Deployment,
  source: Deployment | undefined
): ServiceDeploymentRecord {
  const now = service.engine.clock.now()
  return {
    arn: `${service.arnPrefix}:service-deployment/${service.cluster.name}/${service.name}/${service.engine.ids.base64url()}`,
    status: 'IN_PROGRESS',
    statusReason: undefined,
    createdAt: now,
    startedAt: now,
    finishedAt: undefined,
    stoppedAt: undefined,
    updatedAt: now,
    source: source === undefined ? [] : [source],
    target,
    rollback: undefined,
    failureCount: 0,
    threshold: service.breakerThreshold,
    breaker: service.breaker.enable ? 'MONITORING' : 'DISABLED'
  }
}

/** The PRIMARY deployment reached its steady state. */
export function completeDeployment(service: Service): void {
  const { primary } = service
  const now = service.engine.clock.now()
  primary.rolloutState = 'COMPLETED'
  primary.rolloutStateReason = rolloutTexts.completed.say(primary.id)
  primary.updatedAt = now
  service.lastCompleted = primary
  const { record } = primary
  if (record !== undefined) {
    record.status = primary.restoring ? 'ROLLBACK_SUCCESSFUL' : 'SUCCESSFUL'
    record.finishedAt = now
    record.updatedAt = now
    if (record.breaker === 'MONITORING') record.breaker = 'MONITORING_COMPLETE'
  }
  primary.restoring = false
  for (const other of service.deployments) if (other !== primary) other.status = 'INACTIVE'
  service.deployments = [primary]
  service.say(eventTexts.completed.say(service.name, primary.id))
  service.engine.happen('deployment-completed', `${primary.id} completed`, {
    service: service.name,
    deployment: primary.id
  })
}

/** deploymentConfiguration as DescribeServices answers it. */
export function deploymentConfigurationOf(service: Service): Json {
  const { breaker } = service
  return {
    deploymentCircuitBreaker: {
      enable: breaker.enable,
      rollback: breaker.rollback,
      resetOnHealthyTask: breaker.resetOnHealthyTask,
      thresholdConfiguration: breaker.thresholdConfiguration
    },
    maximumPercent: service.maximumPercent,
    minimumHealthyPercent: service.minimumHealthyPercent,
    ...service.deploymentExtras
  }
}
