/** Clusters and the EC2 instances registered in them. */
import type { ContainerInstanceHandle } from '../api.js'
import type { Place } from '../network/parts.js'
import type { Task } from './task.js'

/** An EC2 instance in a cluster, with what it still has free. */
export class ContainerInstance implements ContainerInstanceHandle {
  status: 'ACTIVE' | 'DRAINING' | 'GONE' = 'ACTIVE'
  /** Without it no task can be placed here, and those that run are not heard of. */
  agentConnected = true
  readonly tasks = new Set<Task>()
  private nextPort = 32768

  constructor(
    readonly arn: string,
    readonly instanceId: string,
    readonly cpu: number,
    readonly memory: number,
    readonly availabilityZone: string,
    readonly registeredAt: number,
    readonly place: Place,
    /** Attributes that placement constraints ask for. */
    readonly attributes: Readonly<Record<string, string>> = {}
  ) {}

  /** An instance that is gone is no target any more. */
  get ended(): 'terminated' | undefined {
    return this.status === 'GONE' ? 'terminated' : undefined
  }

  get freeCpu(): number {
    return this.cpu - [...this.tasks].reduce((sum, t) => sum + t.cpu, 0)
  }

  get freeMemory(): number {
    return this.memory - [...this.tasks].reduce((sum, t) => sum + t.memory, 0)
  }

  /** A dynamic host port. */
  takePort(): number {
    return this.nextPort++
  }

  /** Whether a host port is in use by a task here. */
  uses(port: number): boolean {
    return [...this.tasks].some((t) => t.containers.some((c) => c.ports.some((p) => p.hostPort === port)))
  }
}

/** A cluster. */
export class Cluster {
  status: 'ACTIVE' | 'INACTIVE' = 'ACTIVE'
  readonly instances: ContainerInstance[] = []

  constructor(
    readonly name: string,
    readonly arn: string
  ) {}
}
