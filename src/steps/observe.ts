import type { Observation } from '../domain/observation.js'
import type { Alarm, Rollout, Service, Target, TargetGroup, Task } from '../domain/service.js'
import { withTargetGroup } from '../judge/task-health.js'
import { AwsFault, type Ports, type ServiceName } from '../ports.js'

const denialsThatCount = 3
const rolloutEveryMs = 60_000
/** ECS's clock and ours may differ by so much. */
const clockSkewMs = 5000

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
  private groups: Map<string, TargetGroup> | undefined
  private rollout: Rollout | undefined
  private rolloutAt = -Infinity
  /** Why the last look gave no word of every alarm; undefined when it did. */
  private alarmFault: AwsFault | undefined
  private alarmsReadAt = -Infinity
  /** Details that are done without: not allowed, not known there, or not offered by this world. */
  private readonly without = new Set<'groups' | 'alarms' | 'rollout'>()

  constructor(
    private readonly ports: Ports,
    private readonly name: ServiceName,
    /** Since when the deployment goes on, and the alarms that it is held to. */
    private readonly about: { since: number; alarms: readonly string[] } = { since: 0, alarms: [] }
  ) {}

  /**
   * What the last look at the details missed that a green word must rest on; a failing one need not wait for it.
   * Undefined when it missed nothing, or nothing that is not given up.
   */
  get missed(): AwsFault | undefined {
    return this.alarmFault
  }

  /** Watches no alarms any more. */
  giveUpAlarms(): void {
    this.without.add('alarms')
    this.alarmFault = undefined
  }

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

  /** When the alarms were last asked for, epoch milliseconds; Infinity when there are none to watch. */
  get alarmsAt(): number {
    return this.about.alarms.length === 0 || this.without.has('alarms') ? Infinity : this.alarmsReadAt
  }

  /** The same look with the alarms. Throws AwsFault when the credentials have expired. */
  async withAlarms(seen: Observation): Promise<Observation> {
    const alarms = await this.readAlarms()
    return { ...seen, at: this.ports.clock.now(), ...(alarms ? { alarms } : {}) }
  }

  /** The same look with its tasks and targets. Throws AwsFault. */
  async details(seen: Observation): Promise<Observation> {
    const tasks = await this.readTasks()
    const targets = await this.readTargets(seen.service)
    const alarms = seen.alarms ?? (await this.readAlarms())
    if (isAnySick(targets)) await this.readGroups(seen.service)
    if (this.rolloutTells(seen.service)) await this.readRollout(seen.service)
    return {
      ...seen,
      at: this.ports.clock.now(),
      ...(tasks ? { tasks, instances: new Map(this.instances) } : {}),
      targets,
      ...(alarms ? { alarms } : {}),
      ...(this.groups ? { targetGroups: this.groups } : {}),
      ...(this.rollout ? { rollout: this.rollout } : {}),
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

  private async readAlarms(): Promise<Alarm[] | undefined> {
    const { alarms } = this.ports
    const names = this.about.alarms
    if (!alarms || names.length === 0 || this.without.has('alarms')) return undefined
    this.alarmsReadAt = this.ports.clock.now()
    try {
      const found = await alarms.states([...names])
      const gone = names.filter((name) => !found.some((a) => a.name === name))
      const what = `CloudWatch shows no alarm ${gone.join(', ')} any more`
      this.alarmFault =
        gone.length === 0
          ? undefined
          : new AwsFault('rejected', 'cloudwatch:DescribeAlarms', 'NoAnswer', what)
      return found
    } catch (error) {
      if (!(error instanceof AwsFault) || error.kind === 'expired') throw error
      this.alarmFault = error
      return undefined
    }
  }

  /** How the targets are checked, once, and only when a check fails: it then stands in the cause. */
  private async readGroups(service: Service): Promise<void> {
    if (this.groups || !this.ports.targets.describe) return
    const arns = [...new Set(withTargetGroup(service).map((entry) => entry.targetGroupArn))]
    const found = await this.detail('groups', async () => await this.ports.targets.describe?.(arns))
    if (found) this.groups = new Map(found.map((group) => [group.arn, group]))
  }

  /** ECS's own record has news only where its breaker counts, and is asked at most once a minute. */
  private rolloutTells(service: Service): boolean {
    const counts = service.breaker.enable && service.deployments.some((d) => d.failed > 0)
    return counts && this.ports.clock.now() - this.rolloutAt >= rolloutEveryMs
  }

  private async readRollout(service: Service): Promise<void> {
    const { containers } = this.ports
    if (!containers.rollout) return
    const found = await this.detail(
      'rollout',
      async () => await containers.rollout?.(this.name, this.about.since, service.serviceDeploymentArn)
    )
    this.rolloutAt = this.ports.clock.now()
    // The service may still name the rollout before ours.
    if (found && (found.createdAt ?? 0) >= this.about.since - clockSkewMs) this.rollout = found
  }

  /** Reads something that can be done without: given up for good, and said once, when it is refused. */
  private async detail<T>(what: 'groups' | 'rollout', read: () => Promise<T>): Promise<T | undefined> {
    if (this.without.has(what)) return undefined
    try {
      const found = await read()
      this.denials.delete(what)
      return found
    } catch (error) {
      const kind = error instanceof AwsFault ? error.kind : 'bug'
      const dear = kind === 'expired' || kind === 'bug'
      if (dear || kind === 'denied' ? this.mayNot(error, what) : true) this.without.add(what)
      return undefined
    }
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

/** True when a check of a target fails, or no load balancer checks it. */
function isAnySick(targets: Map<string, Target[]>): boolean {
  return [...targets.values()].flat().some((t) => t.state === 'unhealthy' || t.state === 'unused')
}
