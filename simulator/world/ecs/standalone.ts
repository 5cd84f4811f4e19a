/** Tasks that RunTask starts: they live as those of services do, and nobody replaces them. */
import type { Json, Tag } from '../api.js'
import type { Cluster } from './clusters.js'
import { Deployment } from './deployment.js'
import type { Engine } from '../engine.js'
import { abandon, makeTask, tryInstances } from './placement.js'
import { Service } from './service.js'
import { announced, roleTrouble, countAttempt } from './start-trouble.js'
import type { TaskDefinition } from './task-definitions.js'
import { TaskLife } from './task-life.js'
import type { Task } from './task.js'

/** What RunTask was asked for. */
export interface RunRequest {
  cluster: Cluster
  definition: TaskDefinition
  count: number
  launchType: 'FARGATE' | 'EC2'
  capacityProviderStrategy?: { capacityProvider: string; weight?: number; base?: number }[] | undefined
  platformVersion?: string | undefined
  networkConfiguration?: Json | undefined
  startedBy?: string | undefined
  group?: string | undefined
  tags?: Tag[] | undefined
  overrides?: Json | undefined
}

/** A task that could not be placed. */
export interface RunFailure {
  arn: string | undefined
  reason: string
}

/** Who looks after a task: a service's scheduler, or nobody. */
export interface Keeper {
  readonly life: TaskLife
  readonly service: Service
  wake(): void
}

/** The standalone tasks of all clusters. */
export class StandaloneTasks {
  tasks: Task[] = []
  private readonly life: TaskLife

  constructor(private readonly engine: Engine) {
    const nothing = (): void => undefined
    this.life = new TaskLife(engine, {
      changed: nothing,
      running: nothing,
      neverRan: nothing,
      exited: nothing,
      gone: (task) => {
        task.instance?.tasks.delete(task)
        engine.clock.after(engine.timings.keepStopped * 1000, () => {
          this.tasks = this.tasks.filter((t) => t !== task)
        })
      }
    })
  }

  /** Who keeps a task, in the shape of a service's scheduler: there is nobody to wake. */
  keeperOf(task: Task): Keeper {
    return { life: this.life, service: task.deployment.service, wake: () => undefined }
  }

  /** Starts so many tasks; those that find no place are failures. */
  run(request: RunRequest): { tasks: Task[]; failures: RunFailure[] } {
    const { engine } = this
    const { cluster, definition } = request
    // The family's name stands where a service's would: nothing shows it.
    const keeper = new Service(engine, cluster, definition.family, definition, {
      cluster: cluster.name,
      name: definition.family,
      taskDefinition: definition,
      desiredCount: 0,
      launchType: request.launchType,
      ...(request.capacityProviderStrategy === undefined
        ? {}
        : { capacityProviderStrategy: request.capacityProviderStrategy }),
      ...(request.platformVersion === undefined ? {} : { platformVersion: request.platformVersion })
    })
    const deployment = new Deployment(
      keeper,
      `ecs-svc/${engine.ids.digits()}`,
      definition,
      engine.clock.now(),
      {
        networkConfiguration: request.networkConfiguration,
        platformVersion: keeper.platformVersion,
        loadBalancers: [],
        others: {}
      }
    )
    const tasks: Task[] = []
    const failures: RunFailure[] = []
    for (let i = 0; i < request.count; i++) {
      const task = makeTask(engine, deployment)
      task.standalone = {
        startedBy: request.startedBy,
        group: request.group ?? `family:${definition.family}`,
        tags: request.tags ?? [],
        overrides: request.overrides ?? {}
      }
      const failure = this.place(keeper, task)
      if (failure !== undefined) {
        abandon(task)
        failures.push(failure)
        continue
      }
      keeper.tasks.push(task)
      this.tasks.push(task)
      engine.happen('task-launched', `task ${task.id} launched by RunTask`, { task: task.arn })
      this.life.launch(task)
      tasks.push(task)
    }
    return { tasks, failures }
  }

  private place(keeper: Service, task: Task): RunFailure | undefined {
    const told = announced(this.engine, task, 'placement') ?? roleTrouble(this.engine, task)
    if (told !== undefined) {
      countAttempt(this.engine, task)
      return { arn: undefined, reason: told.text.replace(/^.*(Reason: |because )/, '') }
    }
    if (keeper.isFargate) return undefined
    const refusal = tryInstances(keeper.cluster.instances, task)
    return refusal === undefined ? undefined : { arn: refusal.closest?.arn, reason: refusal.why.failure }
  }
}
