/** ECS as stories and answers use it: clusters, definitions, services, and the hands that move them. */
import { applyUpdate } from './updates.js'
import type {
  ContainerInstanceHandle,
  DeploymentView,
  EcsBuilder,
  ServiceHandle,
  ServiceOptions,
  ServiceUpdate,
  Tag,
  TaskDefinitionSpec
} from '../api.js'
import { behaviourOf, type Behaviours } from '../behaviour.js'
import { Cluster } from './clusters.js'
import { watchAlarms } from './deployment-alarms.js'
import { beginDeployment } from './deploy.js'
import type { Engine } from '../engine.js'
import { AwsError } from '../errors.js'
import { isNamed } from '../ids.js'
import {
  deregisterInstance,
  drainInstance,
  instancesOf,
  loseInstance,
  makeInstance,
  type InstanceOptions
} from './instances.js'
import { Scheduler } from './scheduler.js'
import { Service } from './service.js'
import { StandaloneTasks, type Keeper } from './standalone.js'
import { deleteService } from './service-life.js'
import { settleService } from './settle-service.js'
import type { StartFailure } from './start-failures.js'
import { TaskDefinitions, type TaskDefinition } from './task-definitions.js'
import type { Task } from './task.js'
import { become, ended, type ServiceDeploymentRecord } from './records.js'
import { serviceDeploymentTexts, stopTexts } from '../texts.js'

/** All of ECS in one region of one account. */
export class Ecs implements EcsBuilder {
  readonly clusters = new Map<string, Cluster>()
  readonly definitions: TaskDefinitions
  readonly services: Service[] = []
  readonly schedulers = new Map<Service, Scheduler>()
  readonly prefix: string
  readonly standalone: StandaloneTasks

  constructor(readonly engine: Engine) {
    this.prefix = `arn:aws:ecs:${engine.region}:${engine.account}`
    this.standalone = new StandaloneTasks(engine)
    this.definitions = new TaskDefinitions(
      engine.clock,
      this.prefix,
      `arn:aws:sts::${engine.account}:assumed-role/deploy/session`,
      engine.happen
    )
    watchAlarms(engine, this.services, (service) => this.disturbed(this.schedulers.get(service)!))
  }

  cluster(name: string): Cluster {
    const known = this.clusters.get(name)
    if (known !== undefined) return known
    const made = new Cluster(name, `${this.prefix}:cluster/${name}`)
    this.clusters.set(name, made)
    return made
  }

  containerInstance(cluster: string, options: InstanceOptions = {}): ContainerInstanceHandle {
    const made = makeInstance(this.engine, this.prefix, cluster, options)
    this.cluster(cluster).instances.push(made)
    return made
  }

  taskDefinition(spec: TaskDefinitionSpec, options: { tags?: Tag[] } = {}): TaskDefinition {
    const made = this.definitions.register(spec, options.tags)
    // Who tells the story has made the log groups too.
    for (const c of made.containers) {
      const group = c.logConfiguration?.options?.['awslogs-group']
      if (group !== undefined) this.engine.logs.group(group)
    }
    return made
  }

  deregister(ref: string): void {
    this.definitions.deregister(ref)
  }

  findTaskDefinition(ref: string): TaskDefinition | undefined {
    return this.definitions.find(ref)
  }

  service(options: ServiceOptions): ServiceHandle {
    const cluster = this.cluster(options.cluster)
    const definition = this.definitions.find(options.taskDefinition.arn)
    if (definition === undefined)
      throw new Error(`${options.taskDefinition.ref} is not registered in this world`)
    const service = new Service(this.engine, cluster, options.name, definition, options)
    const scheduler = new Scheduler(this.engine, service)
    this.services.push(service)
    this.schedulers.set(service, scheduler)
    if (service.controller !== 'ECS' || service.status === 'INACTIVE') return service
    beginDeployment(service, definition)
    if (options.settled ?? true) this.engine.quietly(() => settleService(service, scheduler))
    else scheduler.begin()
    return service
  }

  deleteService(handle: ServiceHandle): void {
    deleteService(this, this.held(handle), true)
  }

  stopDeployment(handle: ServiceHandle): void {
    const [newest] = this.held(handle).records
    if (newest !== undefined) this.stopServiceDeployment(newest.arn)
  }

  /** A service deployment by its ARN. */
  findServiceDeployment(arn: string): { service: Service; record: ServiceDeploymentRecord } | undefined {
    for (const service of this.services) {
      const record = service.records.find((r) => r.arn === arn)
      if (record !== undefined) return { service, record }
    }
    return undefined
  }

  /** StopServiceDeployment (facts B3): asks for a rollback; refuses when nothing is going on any more. */
  stopServiceDeployment(arn: string): void {
    const found = this.findServiceDeployment(arn)
    if (found === undefined)
      throw new AwsError('ServiceDeploymentNotFoundException', serviceDeploymentTexts.notFound.say())
    const { service, record } = found
    if (ended(record))
      throw new AwsError('ConflictException', serviceDeploymentTexts.finished.say(record.status))
    if (record.status === 'PENDING' || record.status === 'IN_PROGRESS')
      become(service, record, 'ROLLBACK_REQUESTED')
    this.schedulers.get(service)!.wake()
  }

  /** The service behind a handle. */
  held(handle: ServiceHandle): Service {
    const found = this.services.find((s) => s === handle)
    if (found === undefined) throw new Error(`${handle.name} is not a service of this world`)
    return found
  }

  /** A service by name or ARN in a cluster. */
  find(cluster: Cluster, ref: string): Service | undefined {
    return this.services.findLast((s) => s.cluster === cluster && isNamed(s.arn, ref))
  }

  findTask(arnOrId: string): Task | undefined {
    for (const service of this.services) {
      const found = service.tasks.find((t) => isNamed(t.arn, arnOrId))
      if (found !== undefined) return found
    }
    return this.standalone.tasks.find((t) => isNamed(t.arn, arnOrId))
  }

  /** A task and the life it lives. */
  lifeOf(arn: string): { task: Task; scheduler: Keeper } {
    const task = this.findTask(arn)
    if (task === undefined)
      throw new AwsError('InvalidParameterException', 'The referenced task was not found.')
    return {
      task,
      scheduler: this.schedulers.get(task.deployment.service) ?? this.standalone.keeperOf(task)
    }
  }

  updateService(handle: ServiceHandle, update: ServiceUpdate): void {
    this.update(this.held(handle), update)
  }

  /** UpdateService; refuses as AWS does. */
  update(service: Service, update: ServiceUpdate): void {
    const made = applyUpdate(this, service, update)
    const scheduler = this.schedulers.get(service)!
    if (made === undefined) {
      service.unsettled = true
      scheduler.wake()
      return
    }
    scheduler.begin()
    for (const listener of service.deploymentListeners) listener(made)
  }

  scale(handle: ServiceHandle, desiredCount: number): void {
    this.update(this.held(handle), { desiredCount })
  }

  protect(taskArn: string, minutes: number): void {
    const { task, scheduler } = this.lifeOf(taskArn)
    const { clock } = this.engine
    task.protectedUntil = minutes > 0 ? clock.now() + minutes * 60_000 : undefined
    clock.after(minutes * 60_000, () => this.disturbed(scheduler))
  }

  stopTask(taskArn: string, reason?: string): void {
    const { task, scheduler } = this.lifeOf(taskArn)
    scheduler.life.stop(
      task,
      'UserInitiated',
      reason ?? stopTexts.user.say(),
      this.engine.timings.noticeUserStop
    )
    this.disturbed(scheduler)
  }

  interruptSpot(taskArn: string): void {
    const { task, scheduler } = this.lifeOf(taskArn)
    scheduler.life.cut(task, 'SpotInterruption', stopTexts.spot.say(), false)
    this.disturbed(scheduler)
  }

  loseHost(instanceIdOrTaskArn: string, how: 'terminated' | 'stopped' = 'terminated'): void {
    if (instanceIdOrTaskArn.startsWith('arn:')) {
      const { task, scheduler } = this.lifeOf(instanceIdOrTaskArn)
      scheduler.life.cut(task, 'InfrastructureHealth', stopTexts.exited.say(), true)
      this.disturbed(scheduler)
      return
    }
    loseInstance(this, instanceIdOrTaskArn, how)
  }

  drain(instanceId: string): void {
    drainInstance(this, instanceId)
  }

  deregisterInstance(instanceId: string): void {
    deregisterInstance(this, instanceId)
  }

  disconnectAgent(instanceId: string, connected = false): void {
    for (const instance of instancesOf(this, instanceId)) instance.agentConnected = connected
    for (const scheduler of this.schedulers.values()) scheduler.wake()
  }

  disturbed(scheduler: Keeper): void {
    scheduler.service.unsettled = true
    scheduler.wake()
  }

  misbehave(taskArn: string, behaviours: Behaviours): void {
    const { task, scheduler } = this.lifeOf(taskArn)
    const behaviour = behaviourOf(behaviours, 1)
    for (const container of task.containers) {
      container.behaviour = behaviour
      container.recheck()
      scheduler.life.planEnd(task, container)
    }
    for (const r of task.registrations) if (r.state === 'registered') r.group.poke(r.id, r.port)
  }

  startsFail(handle: ServiceHandle, failure: StartFailure | undefined): void {
    this.held(handle).startsFail = failure
  }

  onDeployment(handle: ServiceHandle, listener: (deployment: DeploymentView) => void): () => void {
    const service = this.held(handle)
    service.deploymentListeners = [...service.deploymentListeners, listener]
    return () => {
      service.deploymentListeners = service.deploymentListeners.filter((l) => l !== listener)
    }
  }
}
