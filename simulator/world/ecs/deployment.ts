/** A deployment of a service: one entry of `deployments[]`, and the service deployment behind it. */
import type { DeploymentView, Json } from '../api.js'
import type { ServiceDeploymentRecord } from './records.js'
import type { Service, ServiceTargets } from './service.js'
import type { ContainerDefinition, TaskDefinition } from './task-definitions.js'
import type { Task } from './task.js'
import { rolloutTexts } from '../texts.js'

/** What a service revision fixes besides its task definition. */
export interface RevisionSettings {
  networkConfiguration: Json | undefined
  platformVersion: string | undefined
  loadBalancers: ServiceTargets[]
  /** Service registries, Service Connect, volumes, VPC Lattice: kept, not played. */
  others: Json
}

/** Digests fixed by the first task, by container name; containers that resolve nothing never get one. */
class Digests extends Map<string, string> {
  constructor(private readonly fixes: (name: string) => boolean) {
    super()
  }

  override set(name: string, digest: string): this {
    return this.fixes(name) ? super.set(name, digest) : this
  }
}

export class Deployment implements DeploymentView {
  status: 'PRIMARY' | 'ACTIVE' | 'DRAINING' | 'INACTIVE' = 'PRIMARY'
  rolloutState: 'COMPLETED' | 'FAILED' | 'IN_PROGRESS' = 'IN_PROGRESS'
  rolloutStateReason: string
  failedTasks = 0
  updatedAt: number
  /** How many tasks a replaced deployment still keeps. */
  want = 0
  /** When it was PRIMARY for the last time, epoch ms. */
  replacedAt = 0
  /** True while it is brought back. */
  restoring = false
  restoredAt = 0
  anyRan = false
  /** Starts in a row that never reached RUNNING, and when the next may be tried. */
  neverRan = 0
  nextStartAt = 0
  /** Its tasks were refused because the account is blocked. */
  blocked = false
  readySince: number | undefined
  bakingSince: number | undefined
  readonly established: Map<string, string>
  resolutionFailures = 0
  record: ServiceDeploymentRecord | undefined
  readonly revisionArn: string
  revisionCreatedAt: number
  /** Every task that can still be described, and those of them that the scheduler has to do with. */
  tasks: Task[] = []
  current: Task[] = []
  /** A deployment that began with no task to start resolves nothing (facts E1). */
  private readonly resolves: boolean

  constructor(
    readonly service: Service,
    readonly id: string,
    readonly definition: TaskDefinition,
    public createdAt: number,
    readonly settings: RevisionSettings
  ) {
    this.updatedAt = createdAt
    this.revisionCreatedAt = createdAt
    this.resolves = service.desiredCount > 0
    this.established = new Digests((name) =>
      definition.containers.some((c) => c.name === name && this.fixes(c))
    )
    this.rolloutStateReason = rolloutTexts.inProgress.say(id)
    this.revisionArn = `${service.arnPrefix}:service-revision/${service.cluster.name}/${service.name}/${id.slice('ecs-svc/'.length)}`
  }

  get taskDefinitionArn(): string {
    return this.definition.arn
  }

  get runningCount(): number {
    return this.current.filter((t) => t.status === 'RUNNING').length
  }

  get pendingCount(): number {
    return this.current.filter((t) => t.pending).length
  }

  get desiredCount(): number {
    return this.status === 'PRIMARY' ? this.service.desiredCount : this.want
  }

  private fixes(container: ContainerDefinition): boolean {
    return this.resolves && container.versionConsistency !== 'disabled' && !this.gaveUpResolving
  }

  /** After three failed attempts a deployment goes on without digests (facts B1, E1). */
  get gaveUpResolving(): boolean {
    return (
      this.resolutionFailures >= 3 && this.resolves && this.definition.containers.some((c) => this.open(c))
    )
  }

  /** A tag without a digest. */
  private open(container: ContainerDefinition): boolean {
    if (container.image.includes('@') || container.versionConsistency === 'disabled') return false
    return !this.established.has(container.name)
  }

  /** Whether tags still wait for the first task to fix their digests. */
  get unresolved(): boolean {
    return this.definition.containers.some((c) => this.open(c) && this.fixes(c))
  }

  /** It starts nothing more. */
  stall(reason: string): void {
    this.rolloutState = 'FAILED'
    this.rolloutStateReason = reason
    this.updatedAt = this.service.engine.clock.now()
  }

  /** It is PRIMARY again. */
  restart(now: number, reason: string): void {
    this.status = 'PRIMARY'
    this.rolloutState = 'IN_PROGRESS'
    this.rolloutStateReason = reason
    this.createdAt = now
    this.updatedAt = now
    this.failedTasks = 0
    this.neverRan = 0
    this.nextStartAt = 0
    this.anyRan = this.runningCount > 0
    this.restoring = true
    this.restoredAt = now
    this.readySince = undefined
    this.bakingSince = undefined
  }
}
