/** Service deployments: what ListServiceDeployments tells of each rollout, and how its status moves (facts B3). */
import type { Json } from '../api.js'
import { alarmMonitor, type AlarmMonitor } from './deployment-alarms.js'
import { deploymentConfigurationOf } from './deployment-configuration.js'
import type { Deployment } from './deployment.js'
import { goBack } from './rollback.js'
import type { Service } from './service.js'
import { serviceDeploymentTexts } from '../texts.js'

export type ServiceDeploymentStatus =
  | 'PENDING'
  | 'IN_PROGRESS'
  | 'STOP_REQUESTED'
  | 'STOPPED'
  | 'ROLLBACK_REQUESTED'
  | 'ROLLBACK_IN_PROGRESS'
  | 'ROLLBACK_SUCCESSFUL'
  | 'ROLLBACK_FAILED'
  | 'SUCCESSFUL'

export type MonitorStatus = 'DISABLED' | 'MONITORING' | 'MONITORING_COMPLETE' | 'TRIGGERED'

/** What ListServiceDeployments tells of one rollout; times in epoch ms. */
export interface ServiceDeploymentRecord {
  arn: string
  status: ServiceDeploymentStatus
  statusReason: string | undefined
  createdAt: number
  startedAt: number | undefined
  finishedAt: number | undefined
  stoppedAt: number | undefined
  updatedAt: number
  source: Deployment[]
  target: Deployment
  rollback: { reason: string; startedAt: number; to: Deployment } | undefined
  failureCount: number
  threshold: number
  breaker: MonitorStatus
  alarms: AlarmMonitor
  /** `deploymentConfiguration` when it was made. */
  configuration: Json
  /** ListServiceDeployments does not know it earlier (facts B3, last line). */
  listedFrom: number
}

/** The record of a deployment that is being made. */
export function newRecord(service: Service, target: Deployment): ServiceDeploymentRecord {
  const { clock, ids, timings } = service.engine
  const now = clock.now()
  const running = service.deployments.filter((d) => d.current.some((t) => t.alive))
  return {
    arn: `${service.arnPrefix}:service-deployment/${service.cluster.name}/${service.name}/${ids.base64url()}`,
    status: 'PENDING',
    statusReason: undefined,
    createdAt: now,
    startedAt: undefined,
    finishedAt: undefined,
    stoppedAt: undefined,
    updatedAt: now,
    source: running.length > 0 ? running : service.deployments.slice(0, 1),
    target,
    rollback: undefined,
    failureCount: 0,
    threshold: service.breakerThreshold,
    breaker: service.breaker.enable ? 'MONITORING' : 'DISABLED',
    alarms: alarmMonitor(service),
    configuration: deploymentConfigurationOf(service),
    listedFrom: now + timings.listDeployments * 1000
  }
}

/** Gives a record its next status. */
export function become(
  service: Service,
  record: ServiceDeploymentRecord,
  status: ServiceDeploymentStatus
): void {
  const now = service.engine.clock.now()
  record.status = status
  record.updatedAt = now
  if (status === 'IN_PROGRESS' || status === 'ROLLBACK_IN_PROGRESS') record.startedAt ??= now
  if (status === 'STOPPED') record.stoppedAt = now
  if (!ended(record)) return
  record.finishedAt = now
  if (record.breaker === 'MONITORING') record.breaker = 'MONITORING_COMPLETE'
  if (record.alarms.status === 'MONITORING') record.alarms.status = 'MONITORING_COMPLETE'
}

/** Whether nothing more will come of it. */
export function ended({ status }: ServiceDeploymentRecord): boolean {
  return (
    status === 'SUCCESSFUL' ||
    status === 'STOPPED' ||
    status === 'ROLLBACK_SUCCESSFUL' ||
    status === 'ROLLBACK_FAILED'
  )
}

/** A newer deployment takes the place of this one, or its service is deleted (transitions: facts B3). */
export function supersede(service: Service, record: ServiceDeploymentRecord): void {
  if (record.status === 'ROLLBACK_IN_PROGRESS') become(service, record, 'ROLLBACK_FAILED')
  else if (record.status === 'ROLLBACK_REQUESTED') become(service, record, 'STOPPED')
  else if (!ended(record)) become(service, record, 'STOP_REQUESTED')
}

/** What was asked of a record is done when the scheduler next looks. */
export function moveOn(service: Service): void {
  for (const record of service.records) {
    if (record.status === 'PENDING') become(service, record, 'IN_PROGRESS')
    else if (record.status === 'STOP_REQUESTED') become(service, record, 'STOPPED')
    else if (record.status === 'ROLLBACK_REQUESTED') rollBackAsAsked(service, record)
  }
}

/** StopServiceDeployment: back to the last revision that completed, else to the one this replaced. */
function rollBackAsAsked(service: Service, record: ServiceDeploymentRecord): void {
  const { target } = record
  const to = service.lastCompleted ?? record.source[0]
  service.unsettled = true
  target.stall(serviceDeploymentTexts.stopped.say())
  if (to === undefined) become(service, record, 'STOPPED')
  else goBack(service, target, to, 'request')
}
