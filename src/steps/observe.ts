import type { Observation } from '../domain/observation.js'
import type { Service, Target, Task } from '../domain/service.js'
import { withTargetGroup } from '../judge/task-health.js'
import { AwsFault, type Ports, type ServiceName } from '../ports.js'

const denialsThatCount = 3

/**
 * Looks at a service, again and again. Tasks that are STOPPED never change, so each is read once; a detail
 * that the role may not read is given up once and said once.
 */
export class Lookout {
  private readonly settled = new Map<string, Task>()
  private readonly instances = new Map<string, string>()
  private readonly unreadable = new Set<string>()
  /** Denials in a row by operation: one alone may come from a part of AWS that lags behind. */
  private readonly denials = new Map<string, number>()
  private tasksReadable = true
  private instancesReadable = true

  constructor(
    private readonly ports: Ports,
    private readonly name: ServiceName
  ) {}

  /** One look at the service alone. Throws AwsFault or NotFound. */
  async look(): Promise<Observation> {
    const service = await this.ports.containers.service(this.name)
    return {
      at: this.ports.clock.now(),
      service,
      unreadableTargetGroups: [...this.unreadable],
      tasksReadable: this.tasksReadable
    }
  }

  /** The same look with its tasks and targets. Throws AwsFault. */
  async details(seen: Observation): Promise<Observation> {
    const tasks = await this.readTasks()
    const targets = await this.readTargets(seen.service)
    return {
      ...seen,
      at: this.ports.clock.now(),
      ...(tasks ? { tasks, instances: new Map(this.instances) } : {}),
      targets,
      unreadableTargetGroups: [...this.unreadable],
      tasksReadable: this.tasksReadable
    }
  }

  private async readTasks(): Promise<Task[] | undefined> {
    if (!this.tasksReadable) return undefined
    try {
      const { containers } = this.ports
      const running = await containers.taskArns(this.name, 'RUNNING')
      const stopped = await containers.taskArns(this.name, 'STOPPED')
      const open = [...new Set([...running, ...stopped])].filter((arn) => !this.settled.has(arn))
      const tasks = await containers.tasks(this.name.cluster, open)
      for (const task of tasks) if (task.lastStatus === 'STOPPED') this.settled.set(task.arn, task)
      await this.readInstances(tasks)
      for (const operation of ['ecs:ListTasks', 'ecs:DescribeTasks']) this.denials.delete(operation)
      return [...this.settled.values(), ...tasks.filter((t) => !this.settled.has(t.arn))]
    } catch (error) {
      if (this.mayNot(error)) this.tasksReadable = false
      return undefined
    }
  }

  private async readInstances(tasks: Task[]): Promise<void> {
    const unknown = tasks.flatMap((t) =>
      t.containerInstanceArn === undefined ? [] : [t.containerInstanceArn]
    )
    const arns = [...new Set(unknown)].filter((arn) => !this.instances.has(arn))
    if (arns.length === 0 || !this.instancesReadable) return
    try {
      for (const [arn, id] of await this.ports.containers.instances(this.name.cluster, arns))
        this.instances.set(arn, id)
    } catch (error) {
      if (this.mayNot(error)) this.instancesReadable = false
    }
  }

  private async readTargets(service: Service): Promise<Map<string, Target[]>> {
    const health = new Map<string, Target[]>()
    for (const { targetGroupArn } of withTargetGroup(service)) {
      if (this.unreadable.has(targetGroupArn) || health.has(targetGroupArn)) continue
      try {
        health.set(targetGroupArn, await this.ports.targets.health(targetGroupArn))
        this.denials.delete(targetGroupArn)
      } catch (error) {
        if (this.mayNot(error, targetGroupArn)) this.unreadable.add(targetGroupArn)
      }
    }
    return health
  }

  /** True when the permission is missing for good, which is said once; rethrows what is no denial. */
  private mayNot(error: unknown, about = ''): boolean {
    if (!(error instanceof AwsFault) || error.kind !== 'denied') throw error
    const key = about === '' ? error.operation : about
    const denials = (this.denials.get(key) ?? 0) + 1
    this.denials.set(key, denials)
    if (denials < denialsThatCount) return false
    const text = `No permission for ${error.operation}; going on without it. ${error.message}`
    this.ports.announce({ code: 'warning', text })
    return true
  }
}
