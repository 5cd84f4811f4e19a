/** A task and its containers, as data with the questions that the scheduler and the answers ask. */
import type { Clock } from '../../clock.js'
import type { Json, Tag, TaskStatus, TaskView } from '../api.js'
import { answerOf, nextChange, type Answer, type Behaviour, type Behaviours } from '../behaviour.js'
import type { ContainerInstance } from './clusters.js'
import type { Deployment } from './deployment.js'
import type { Endpoint, TargetGroup } from '../elb/load-balancers.js'
import type { Place } from '../network/parts.js'
import type { ContainerDefinition, TaskDefinition } from './task-definitions.js'

export type Health = 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN'

/** One container of a task. */
export class Container {
  status: 'PENDING' | 'RUNNING' | 'STOPPED' = 'PENDING'
  digest: string | undefined
  runtimeId: string | undefined
  exitCode: number | undefined
  reason: string | undefined
  health: Health = 'UNKNOWN'
  startedAt: number | undefined
  behaviour: Behaviour = {}
  /** What the image says of every start, and the number of this one. */
  behaviours: Behaviours | undefined
  attempt = 1
  /** It has been told to stop. */
  signalled = false
  lacks: readonly string[] = []
  ports: { containerPort: number; hostPort: number; protocol: string }[] = []
  checkFailures = 0
  /** Wakes the health checks when a story changes the behaviour. */
  recheck: () => void = () => undefined

  constructor(
    readonly definition: ContainerDefinition,
    readonly arn: string
  ) {}

  get name(): string {
    return this.definition.name
  }

  get essential(): boolean {
    return this.definition.essential ?? true
  }
}

/** A task's place in one target group. */
export interface Registration {
  group: TargetGroup
  container: Container
  containerPort: number
  state: 'not-yet' | 'registered' | 'deregistering' | 'gone'
  id: string
  port: number
}

/** What RunTask gives a task that belongs to no service. */
export interface Standalone {
  startedBy: string | undefined
  group: string
  tags: Tag[]
  overrides: Json
}

export class Task implements TaskView, Endpoint {
  status: TaskStatus = 'PROVISIONING'
  desiredStatus: 'RUNNING' | 'STOPPED' = 'RUNNING'
  stopCode: string | undefined
  stoppedReason: string | undefined
  pullStartedAt: number | undefined
  pullStoppedAt: number | undefined
  startedAt: number | undefined
  stoppingAt: number | undefined
  executionStoppedAt: number | undefined
  stoppedAt: number | undefined
  connectedAt: number | undefined
  /** When the scheduler learns that the task is going away. */
  noticedAt = 0
  /** When it first counted as healthy. */
  healthyAt: number | undefined
  replacement: Task | undefined
  /** Scale-in and deployments leave it alone until then, epoch ms. */
  protectedUntil: number | undefined
  version = 1
  /** Its containers are gone, its resources not yet. */
  cleared = false
  instance: ContainerInstance | undefined
  capacityProvider: string | undefined
  /** Its network interface has been made. */
  interfaceMade = false
  /** A task that no service started: what RunTask said of it. */
  standalone: Standalone | undefined
  registrations: Registration[] = []
  readonly containers: Container[]
  readonly clusterArn: string

  constructor(
    private readonly clock: Clock,
    readonly id: string,
    readonly arn: string,
    readonly deployment: Deployment,
    readonly definition: TaskDefinition,
    readonly attempt: number,
    readonly network: {
      ip: string
      mac: string
      eni: string
      attachment: string
      subnet: string
      zone: string
      place: Place
    },
    containers: Container[],
    readonly createdAt: number
  ) {
    this.containers = containers
    this.clusterArn = deployment.service.cluster.arn
  }

  get deploymentId(): string {
    return this.deployment.id
  }

  get taskDefinitionArn(): string {
    return this.definition.arn
  }

  get availabilityZone(): string {
    return this.instance?.availabilityZone ?? this.network.zone
  }

  get fargate(): boolean {
    return this.deployment.service.isFargate
  }

  /** Where its packets come from and go to: its own network interface, or its instance's. */
  get place(): Place | undefined {
    return this.hasEni ? this.network.place : this.instance?.place
  }

  get ended(): 'terminated' | undefined {
    return this.hasEni ? undefined : this.instance?.ended
  }

  get startedBy(): string | undefined {
    return this.standalone === undefined ? this.deployment.id : this.standalone.startedBy
  }

  get group(): string {
    return this.standalone?.group ?? `service:${this.deployment.service.name}`
  }

  get tags(): Tag[] {
    const { service } = this.deployment
    if (this.standalone !== undefined) return this.standalone.tags
    if (service.extra.propagateTags === 'SERVICE') return service.tags
    return service.extra.propagateTags === 'TASK_DEFINITION' ? this.definition.tags : []
  }

  get hasEni(): boolean {
    return this.definition.networkMode === 'awsvpc'
  }

  get cpu(): number {
    const own = this.definition.raw.cpu
    return own === undefined ? this.containers.reduce((n, c) => n + (c.definition.cpu ?? 0), 0) : Number(own)
  }

  get memory(): number {
    const own = this.definition.raw.memory
    if (own !== undefined) return Number(own)
    return this.containers.reduce(
      (n, c) => n + (c.definition.memory ?? c.definition.memoryReservation ?? 0),
      0
    )
  }

  get healthStatus(): Health {
    const essentials = this.containers.filter((c) => c.essential)
    if (essentials.some((c) => c.health === 'UNHEALTHY')) return 'UNHEALTHY'
    return essentials.some((c) => c.health === 'UNKNOWN') ? 'UNKNOWN' : 'HEALTHY'
  }

  /** Wanted and, as far as the scheduler knows, there. */
  get alive(): boolean {
    return this.desiredStatus === 'RUNNING' || this.clock.now() < this.noticedAt
  }

  /** Scale-in and deployments must leave it alone. */
  get protected(): boolean {
    return this.protectedUntil !== undefined && this.clock.now() < this.protectedUntil
  }

  /** Not running yet, and wanted. */
  get pending(): boolean {
    return this.desiredStatus === 'RUNNING' && this.status !== 'RUNNING'
  }

  /** The four cases of when the scheduler counts a task as healthy (facts A4). */
  get healthy(): boolean {
    if (this.status !== 'RUNNING' || this.desiredStatus !== 'RUNNING' || this.startedAt === undefined)
      return false
    const checked = this.containers.filter((c) => c.essential && c.definition.healthCheck !== undefined)
    if (checked.some((c) => c.health !== 'HEALTHY')) return false
    if (this.registrations.some((r) => this.targetState(r) !== 'healthy')) return false
    if (checked.length > 0 || this.registrations.length > 0) return true
    return this.clock.now() - this.startedAt >= this.deployment.service.timings.runningIsHealthy * 1000
  }

  /** Why the scheduler wants it replaced, once the grace period is over. */
  get illness():
    | { kind: 'container' }
    | { kind: 'draining' }
    | { kind: 'elb'; registration: Registration; why: string }
    | undefined {
    if (this.status !== 'RUNNING' || this.desiredStatus !== 'RUNNING' || this.startedAt === undefined)
      return undefined
    if (this.instance?.status === 'DRAINING') return { kind: 'draining' }
    const grace = this.deployment.service.gracePeriodSeconds ?? 0
    if (this.clock.now() - this.startedAt < grace * 1000) return undefined
    if (this.healthStatus === 'UNHEALTHY') return { kind: 'container' }
    for (const registration of this.registrations) {
      const target = registration.group.find(registration.id, registration.port)
      const outOfZone = target?.state === 'unused' && registration.group.loadBalancer !== undefined
      if (target?.state === 'unhealthy' || outOfZone)
        return { kind: 'elb', registration, why: target.description ?? '' }
    }
    return undefined
  }

  targetState(registration: Registration): string | undefined {
    if (registration.state !== 'registered') return undefined
    return registration.group.find(registration.id, registration.port)?.state
  }

  // ---- what stands behind its targets

  answer(port: number, path: string): Answer {
    const container = this.containerAt(port)
    if (container?.status !== 'RUNNING') return this.status === 'STOPPED' ? 'timeout' : 'refused'
    const inside = container.ports.find((p) => p.hostPort === port)?.containerPort ?? port
    return answerOf(container.behaviour, this.age(container), inside, path)
  }

  changesAt(): number | undefined {
    const moments = this.containers.map((c) => {
      const next = c.status === 'RUNNING' ? nextChange(c.behaviour, this.age(c)) : undefined
      return next === undefined || c.startedAt === undefined ? Infinity : c.startedAt + next * 1000
    })
    const next = Math.min(...moments)
    return next === Infinity ? undefined : next
  }

  private containerAt(port: number): Container | undefined {
    return this.containers.find((c) => c.ports.some((p) => p.hostPort === port)) ?? this.containers[0]
  }

  age(container: Container): number {
    return container.startedAt === undefined ? -1 : (this.clock.now() - container.startedAt) / 1000
  }
}
