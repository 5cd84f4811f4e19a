/** A service: its settings, deployments, tasks and events. What moves it is in scheduler.ts. */
import type { Json, ServiceEvent, ServiceHandle, ServiceOptions, Tag } from '../api.js'
import type { Cluster } from './clusters.js'
import { configure } from './deployment-configuration.js'
import type { Deployment } from './deployment.js'
import type { Engine } from '../engine.js'
import type { TargetGroup } from '../elb/load-balancers.js'
import type { Move } from './rebalancing.js'
import type { ServiceDeploymentRecord } from './records.js'
import type { StartFailure } from './start-failures.js'
import type { TaskDefinition } from './task-definitions.js'
import type { Task } from './task.js'
import type { Timings } from '../timings.js'

export interface BreakerSettings {
  enable: boolean
  rollback: boolean
  resetOnHealthyTask: boolean
  thresholdConfiguration: { type: string; value: number }
}

export interface ServiceTargets {
  group: TargetGroup
  containerName: string
  containerPort: number
}

export class Service implements ServiceHandle {
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE'
  desiredCount: number
  minimumHealthyPercent: number
  maximumPercent: number
  breaker: BreakerSettings
  /** Members of deploymentConfiguration beyond the breaker and the two percentages, as they were given. */
  deploymentExtras: Json
  gracePeriodSeconds: number | undefined
  loadBalancers: ServiceTargets[]
  networkConfiguration: Json | undefined
  platformVersion: string | undefined
  deployments: Deployment[] = []
  /** What makes a new revision but is only kept: service registries, Service Connect, volumes, VPC Lattice. */
  revisionExtras: Json = {}
  /** Every task that can still be described, and those of them that the scheduler has to do with. */
  tasks: Task[] = []
  current: Task[] = []
  readonly eventLog: ServiceEvent[] = []
  readonly records: ServiceDeploymentRecord[] = []
  /** The most recent deployment that is COMPLETED: where a breaker goes back to. */
  lastCompleted: Deployment | undefined
  /** Tasks started per image, so that a behaviour can differ from start to start. */
  readonly attempts = new Map<string, number>()
  /** Every start fails so, until told otherwise. */
  startsFail: StartFailure | undefined
  readonly arn: string
  readonly arnPrefix: string
  readonly createdAt: number
  readonly launchType: 'FARGATE' | 'EC2' | undefined
  capacityProviderStrategy: ServiceOptions['capacityProviderStrategy']
  readonly controller: 'ECS' | 'CODE_DEPLOY' | 'EXTERNAL'
  readonly tags: Tag[]
  readonly extra: Json
  readonly timings: Timings
  /** Something moved since the last steady state event. */
  unsettled = true
  /** A task on its way from one zone to another, and whether the zones were told to be unbalanced. */
  move: Move | undefined
  unbalanced = false
  /** DeleteService was called: INACTIVE when the last task is gone. */
  leaving = false
  private readonly said = new Map<string, number>()
  deploymentListeners: ((deployment: Deployment) => void)[] = []

  constructor(
    readonly engine: Engine,
    readonly cluster: Cluster,
    readonly name: string,
    private readonly definition: TaskDefinition,
    options: ServiceOptions
  ) {
    this.timings = engine.timings
    this.arnPrefix = `arn:aws:ecs:${engine.region}:${engine.account}`
    this.arn = `${this.arnPrefix}:service/${cluster.name}/${name}`
    this.createdAt = engine.clock.now()
    this.status = options.status ?? 'ACTIVE'
    this.desiredCount = options.desiredCount
    this.minimumHealthyPercent = options.minimumHealthyPercent ?? 100
    this.maximumPercent = options.maximumPercent ?? 200
    this.breaker = {
      enable: options.circuitBreaker?.enable ?? false,
      rollback: options.circuitBreaker?.rollback ?? false,
      resetOnHealthyTask: options.circuitBreaker?.resetOnHealthyTask ?? true,
      thresholdConfiguration: options.circuitBreaker?.thresholdConfiguration ?? {
        type: 'BOUNDED_PERCENT',
        value: 50
      }
    }
    this.deploymentExtras = {
      strategy: options.strategy ?? 'ROLLING',
      ...(options.alarms === undefined ? {} : { alarms: options.alarms }),
      ...(options.bakeTimeInMinutes === undefined ? {} : { bakeTimeInMinutes: options.bakeTimeInMinutes }),
      ...(options.earlySuccessCriteria === undefined
        ? {}
        : { earlySuccessCriteria: options.earlySuccessCriteria })
    }
    if (options.deploymentConfiguration !== undefined) configure(this, options.deploymentConfiguration)
    this.gracePeriodSeconds =
      options.gracePeriodSeconds ?? ((options.loadBalancers ?? []).length > 0 ? 0 : undefined)
    this.loadBalancers = (options.loadBalancers ?? []).map((lb) => ({
      group: engine.elb.held(lb.targetGroup),
      containerName: lb.containerName,
      containerPort: lb.containerPort
    }))
    this.capacityProviderStrategy = options.capacityProviderStrategy
    this.launchType =
      options.capacityProviderStrategy === undefined ? (options.launchType ?? 'FARGATE') : undefined
    this.platformVersion = this.isFargate ? (options.platformVersion ?? 'LATEST') : undefined
    this.controller = options.controller ?? 'ECS'
    this.tags = options.tags ?? []
    this.extra = { ...options.extra }
    if (definition.networkMode === 'awsvpc')
      this.networkConfiguration = {
        awsvpcConfiguration: {
          subnets: options.subnets ?? ['subnet-0aaa1111bbb2222cc', 'subnet-0ddd3333eee4444ff'],
          securityGroups: options.securityGroups ?? ['sg-0123456789abcdef0'],
          assignPublicIp: options.assignPublicIp ?? 'DISABLED'
        }
      }
  }

  get clusterName(): string {
    return this.cluster.name
  }

  get isFargate(): boolean {
    const provider = this.capacityProviderStrategy?.[0]?.capacityProvider
    return provider === undefined ? this.launchType === 'FARGATE' : provider.startsWith('FARGATE')
  }

  get primary(): Deployment {
    const first = this.deployments[0]
    if (first === undefined) throw new Error(`${this.name} has no deployment of its own`)
    return first
  }

  /** The definition that DescribeServices names on the service itself. */
  get currentDefinition(): TaskDefinition {
    return this.deployments[0]?.definition ?? this.definition
  }

  get events(): readonly ServiceEvent[] {
    return this.eventLog
  }

  get runningCount(): number {
    return this.current.filter((t) => t.status === 'RUNNING').length
  }

  get pendingCount(): number {
    return this.current.filter((t) => t.pending).length
  }

  /** ceil(desired × minimumHealthyPercent). */
  get lowerBound(): number {
    return Math.ceil((this.desiredCount * this.minimumHealthyPercent) / 100)
  }

  /** floor(desired × maximumPercent). */
  get upperBound(): number {
    return Math.floor((this.desiredCount * this.maximumPercent) / 100)
  }

  get breakerThreshold(): number {
    const { type, value } = this.breaker.thresholdConfiguration
    if (type === 'COUNT') return value
    const raw = Math.ceil((this.desiredCount * value) / 100)
    return type === 'UNBOUNDED_PERCENT' ? raw : Math.min(200, Math.max(3, raw))
  }

  /** Tasks that the scheduler counts as there. */
  get alive(): Task[] {
    return this.current.filter((t) => t.alive)
  }

  addTask(task: Task): void {
    for (const list of [this.tasks, this.current, task.deployment.tasks, task.deployment.current])
      list.push(task)
  }

  /** The task can no longer be described. */
  forgetTask(task: Task): void {
    const others = (t: Task): boolean => t !== task
    this.tasks = this.tasks.filter(others)
    task.deployment.tasks = task.deployment.tasks.filter(others)
  }

  /** Lays those aside that are stopped, known to be, and out of their target groups. */
  sweep(): void {
    const now = this.engine.clock.now()
    const matters = (t: Task): boolean =>
      t.status !== 'STOPPED' || now <= t.noticedAt || t.registrations.some((r) => r.state === 'registered')
    if (this.current.every(matters)) return
    const deployments = new Set(this.current.map((t) => t.deployment))
    this.current = this.current.filter(matters)
    for (const d of deployments) d.current = d.current.filter(matters)
  }

  /** Writes an event: newest first, 100 kept. */
  say(message: string, delayMs = 0): void {
    const createdAt = Math.max(this.engine.clock.now() + delayMs, this.eventLog[0]?.createdAt ?? 0)
    this.eventLog.unshift({ id: this.engine.ids.uuid(), createdAt, message })
    if (this.eventLog.length > 100) this.eventLog.length = 100
    this.engine.happen('service-event', message, { service: this.name })
  }

  /** Writes an event of a kind that is not repeated until its cause clears or six hours pass. */
  sayOnce(kind: string, message: string): void {
    const now = this.engine.clock.now()
    const last = this.said.get(kind)
    if (last !== undefined && now - last < 6 * 3_600_000) return
    this.said.set(kind, now)
    this.say(message)
  }

  /** The cause of such events cleared. */
  cleared(...kinds: string[]): void {
    for (const kind of kinds) this.said.delete(kind)
  }
}
