import type { Observation } from '../domain/observation.js'
import type { Service, Target, Task } from '../domain/service.js'
import { withTargetGroup } from '../judge/task-health.js'
import { AwsFault, NotFound, type Ports, type ServiceName } from '../ports.js'

/**
 * Looks at a service, again and again. Tasks that are STOPPED never change, so each is read once; a detail
 * that the role may not read is given up once and said once.
 */
export class Lookout {
  private readonly settled = new Map<string, Task>()
  private readonly instances = new Map<string, string>()
  private readonly unreadable = new Set<string>()
  private tasksReadable = true
  private instancesReadable = true

  constructor(
    private readonly ports: Ports,
    private readonly name: ServiceName
  ) {}

  /** One look: the service alone, or with its tasks and targets. Throws AwsFault or NotFound. */
  async look(withDetails: boolean): Promise<Observation> {
    const service = await this.ports.containers.service(this.name)
    const tasks = withDetails ? await this.readTasks() : undefined
    const targets = withDetails ? await this.readTargets(service) : undefined
    return {
      at: this.ports.clock.now(),
      service,
      ...(tasks ? { tasks, instances: new Map(this.instances) } : {}),
      ...(targets ? { targets } : {}),
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
      return [...this.settled.values(), ...tasks.filter((t) => !this.settled.has(t.arn))]
    } catch (error) {
      if (!this.mayNot(error)) throw error
      this.tasksReadable = false
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
      if (!this.mayNot(error)) throw error
      this.instancesReadable = false
    }
  }

  private async readTargets(service: Service): Promise<Map<string, Target[]>> {
    const health = new Map<string, Target[]>()
    for (const { targetGroupArn } of withTargetGroup(service)) {
      if (this.unreadable.has(targetGroupArn) || health.has(targetGroupArn)) continue
      try {
        health.set(targetGroupArn, await this.ports.targets.health(targetGroupArn))
      } catch (error) {
        if (!this.mayNot(error)) throw error
        this.unreadable.add(targetGroupArn)
      }
    }
    return health
  }

  /** True for a missing permission, which is said once; the run goes on without that detail. */
  private mayNot(error: unknown): boolean {
    if (error instanceof NotFound || !(error instanceof AwsFault) || error.kind !== 'denied') return false
    const text = `No permission for ${error.operation}; going on without it. ${error.message}`
    this.ports.announce({ code: 'warning', text })
    return true
  }
}
