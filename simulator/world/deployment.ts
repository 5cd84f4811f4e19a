/** A deployment of a service: one entry of `deployments[]`, and the service deployment behind it. */
import type { DeploymentView, Json } from './api.js'
import type { Service } from './service.js'
import type { TaskDefinition } from './task-definitions.js'
import type { Task } from './task.js'
import { rolloutTexts } from './texts.js'

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

/** What ListServiceDeployments tells of one rollout. */
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
  breaker: 'DISABLED' | 'MONITORING' | 'MONITORING_COMPLETE' | 'TRIGGERED'
}

export class Deployment implements DeploymentView {
  status: 'PRIMARY' | 'ACTIVE' | 'DRAINING' | 'INACTIVE' = 'PRIMARY'
  rolloutState: 'COMPLETED' | 'FAILED' | 'IN_PROGRESS' = 'IN_PROGRESS'
  rolloutStateReason: string
  failedTasks = 0
  updatedAt: number
  /** How many tasks a replaced deployment still keeps. */
  want = 0
  /** True while the circuit breaker brings this one back. */
  restoring = false
  restoredAt = 0
  anyRan = false
  /** Starts in a row that never reached RUNNING, and when the next may be tried. */
  neverRan = 0
  nextStartAt = 0
  readySince: number | undefined
  /** Digests fixed by the first task, by container name. */
  readonly established = new Map<string, string>()
  resolutionFailures = 0
  record: ServiceDeploymentRecord | undefined
  readonly revisionArn: string

  constructor(
    readonly service: Service,
    readonly id: string,
    readonly definition: TaskDefinition,
    public createdAt: number,
    readonly settings: { networkConfiguration: Json | undefined; platformVersion: string | undefined }
  ) {
    this.updatedAt = createdAt
    this.rolloutStateReason = rolloutTexts.inProgress.say(id)
    this.revisionArn = `${service.arnPrefix}:service-revision/${service.cluster.name}/${service.name}/${id.slice('ecs-svc/'.length)}`
  }

  get taskDefinitionArn(): string {
    return this.definition.arn
  }

  get tasks(): Task[] {
    return this.service.tasks.filter((t) => t.deployment === this)
  }

  get runningCount(): number {
    return this.tasks.filter((t) => t.status === 'RUNNING').length
  }

  get pendingCount(): number {
    return this.tasks.filter((t) => t.pending).length
  }

  get desiredCount(): number {
    return this.status === 'PRIMARY' ? this.service.desiredCount : this.want
  }

  /** Whether tags still wait for the first task to fix their digests. */
  get unresolved(): boolean {
    if (this.resolutionFailures >= 3) return false
    return this.definition.containers.some(
      (c) => !c.image.includes('@') && c.versionConsistency !== 'disabled' && !this.established.has(c.name)
    )
  }
}
