/** The life of a task: from its launch through every state to STOPPED. */
import { behaviourOf } from '../behaviour.js'
import { Containers } from './containers.js'
import type { TaskStatus } from '../api.js'
import type { Engine } from '../engine.js'
import { failureOf } from './start-failures.js'
import {
  announced,
  countAttempt,
  initTrouble,
  networkTrouble,
  troubleOf,
  type Trouble
} from './start-trouble.js'
import type { Container, Task } from './task.js'
import { stopTexts } from '../texts.js'

/** What the scheduler wants to hear of a task. */
export interface Observer {
  /** Something about the task changed: look at the service again. */
  changed(task: Task): void
  /** It failed before it reached RUNNING; the reason is absent when the service's events do not tell it. */
  neverRan(task: Task, reason: string | undefined): void
  /** An essential container ended by itself. */
  exited(task: Task): void
  running(task: Task): void
  /** Nothing of it is left that needs a target or a place. */
  gone(task: Task): void
}

/** Plays tasks on the world's clock. */
export class TaskLife {
  private readonly containers: Containers

  constructor(
    private readonly engine: Engine,
    private readonly observer: Observer
  ) {
    this.containers = new Containers(engine, {
      changed: (task) => this.observer.changed(task),
      allStarted: (task) => this.run(task),
      exited: (task) => this.exited(task),
      cannotStart: (task, container, reason) => this.failStart(task, container, reason),
      unhealthy: (task) =>
        this.neverRan(task, 'ServiceSchedulerInitiated', stopTexts.container.say(), undefined),
      allStopped: (task) => this.clear(task)
    })
  }

  private get t(): Engine['timings'] {
    return this.engine.timings
  }

  private after(seconds: number, fn: () => void): void {
    this.engine.clock.after(Math.round(seconds * 1000), fn)
  }

  private become(task: Task, status: TaskStatus): void {
    if (task.status === status) return
    task.status = status
    task.version++
    this.engine.happen('task-status', `task ${task.id} is ${status}`, {
      task: task.arn,
      service: task.deployment.service.name,
      status
    })
  }

  /** Launches a task; from here on it lives by itself. */
  launch(task: Task): void {
    const fargate = task.fargate
    const launch = fargate ? this.t.fargate : this.t.ec2
    const eni = task.hasEni ? this.t.fargate.provisioning : launch.provisioning
    task.status = eni > 0 ? 'PROVISIONING' : 'PENDING'
    const unconnected =
      announced(this.engine, task, 'network') ?? networkTrouble(this.engine, task, 'network')
    if (unconnected !== undefined) {
      countAttempt(this.engine, task)
      this.giveUp(task, unconnected, unconnected.name === 'eni-timeout' ? this.t.eniTimeout : eni)
      return
    }
    const going = (fn: () => void) => (): void => {
      if (task.desiredStatus === 'RUNNING') fn()
    }
    this.after(
      eni,
      going(() => {
        task.interfaceMade = task.hasEni
        this.become(task, 'PENDING')
      })
    )
    this.after(
      eni + launch.pending,
      going(() => {
        task.connectedAt = this.engine.clock.now()
        this.become(task, 'ACTIVATING')
      })
    )
    this.after(
      eni + launch.pending + launch.beforePull,
      going(() => this.prepare(task))
    )
  }

  /** Secrets, logs and volumes come before the images. */
  private prepare(task: Task): void {
    const told = announced(this.engine, task, 'init')
    const trouble = told ?? initTrouble(this.engine, task)
    if (trouble === undefined) {
      this.pull(task)
      return
    }
    if (told !== undefined) countAttempt(this.engine, task)
    this.giveUp(task, trouble, this.t.initGivesUp)
  }

  private pull(task: Task): void {
    task.pullStartedAt = this.engine.clock.now()
    let seconds = this.t.pull
    let unstartable: Trouble | undefined
    const told = announced(this.engine, task, 'pull') ?? networkTrouble(this.engine, task, 'pull')
    for (const container of task.containers) {
      const trouble = told ?? this.fetch(task, container)
      if (trouble !== undefined) {
        if (told !== undefined) countAttempt(this.engine, task)
        const raw = container.behaviour.initError !== undefined && trouble.name === undefined
        this.giveUp(task, trouble, raw ? this.t.initGivesUp : task.fargate ? this.t.pullGivesUp : this.t.pull)
        return
      }
      const { pullSeconds, fails } = container.behaviour
      seconds = Math.max(seconds, pullSeconds ?? 0)
      const name = task.deployment.service.startsFail ?? fails
      if (name !== undefined && failureOf(name).phase === 'create')
        unstartable ??= troubleOf(this.engine, task, container, name)
      if (name === 'exec-format') container.behaviour = { ...container.behaviour, fails: name }
    }
    this.after(seconds, () => {
      if (task.desiredStatus !== 'RUNNING') return
      task.pullStoppedAt = this.engine.clock.now()
      for (const c of task.containers)
        if (!task.deployment.established.has(c.name) && c.digest !== undefined)
          task.deployment.established.set(c.name, c.digest)
      this.after((task.fargate ? this.t.fargate : this.t.ec2).start, () => {
        if (task.desiredStatus !== 'RUNNING') return
        if (unstartable === undefined) this.containers.advance(task)
        else this.failStart(task, unstartable.container, unstartable.text)
      })
    })
  }

  /** Looks one container's image up; the answer says why it cannot be pulled. */
  private fetch(task: Task, container: Container): Trouble | undefined {
    const { service, established } = task.deployment
    const found = this.engine.ecr.pull(
      container.definition.image,
      task.definition.platform,
      established.get(container.name)
    )
    if (found.kind !== 'image') {
      const name = found.kind === 'missing' ? 'image-not-found' : 'wrong-platform'
      return troubleOf(this.engine, task, container, name)
    }
    const attempt = (service.attempts.get(found.digest) ?? 0) + 1
    service.attempts.set(found.digest, attempt)
    container.attempt = attempt
    container.behaviours = found.nature.behaviour
    container.behaviour = behaviourOf(found.nature.behaviour, attempt)
    container.lacks = found.nature.lacks
    const { initError, cannotPull, fails } = container.behaviour
    const raw = initError ?? cannotPull
    if (raw !== undefined) return { container, text: raw, name: undefined }
    // Images of other registries are known only now.
    if (fails !== undefined && !['create', 'exec'].includes(failureOf(fails).phase))
      return troubleOf(this.engine, task, container, fails)
    container.digest = found.digest
    return undefined
  }

  private giveUp(task: Task, trouble: Trouble, seconds: number): void {
    for (const c of task.containers) c.digest = undefined
    this.after(seconds, () => {
      if (task.desiredStatus !== 'RUNNING') return
      if (/^CannotPullContainer/.test(trouble.text)) task.deployment.resolutionFailures++
      if (task.pullStartedAt !== undefined) task.pullStoppedAt = this.engine.clock.now()
      // Without a network interface there is no agent yet that could speak of containers.
      if (task.connectedAt !== undefined) trouble.container.reason = trouble.text
      this.neverRan(task, 'TaskFailedToStart', trouble.text, trouble.text)
    })
  }

  /** A container cannot be created: the task says only that it failed, the container says why. */
  private failStart(task: Task, container: Container, reason: string): void {
    container.reason = reason
    this.neverRan(task, 'TaskFailedToStart', stopTexts.failedToStart.say(), undefined)
  }

  /** It stops without having been RUNNING; `told` is what the service's events say of it. */
  private neverRan(task: Task, stopCode: string, reason: string, told: string | undefined): void {
    if (task.desiredStatus === 'STOPPED') return
    this.finish(task, stopCode, reason, this.engine.clock.now() + this.t.noticeExit * 1000)
    if (task.containers.some((c) => c.status === 'RUNNING')) this.terminate(task)
    else this.clear(task)
    this.observer.neverRan(task, told)
  }

  /** Plans the ends that a container's new behaviour speaks of. */
  planEnd(task: Task, container: Container): void {
    this.containers.planEnd(task, container)
  }

  /** Every container has been started: RUNNING. */
  private run(task: Task): void {
    if (task.status === 'RUNNING') return
    task.startedAt = this.engine.clock.now()
    this.become(task, 'RUNNING')
    this.observer.running(task)
  }

  private exited(task: Task): void {
    const ran = task.startedAt !== undefined
    const now = this.engine.clock.now()
    if (!ran) {
      this.neverRan(task, 'EssentialContainerExited', stopTexts.exited.say(), undefined)
      return
    }
    this.finish(task, 'EssentialContainerExited', stopTexts.exited.say(), now + this.t.noticeExit * 1000)
    this.terminate(task)
    this.observer.exited(task)
  }

  /** Marks a task as wanted stopped. */
  private finish(task: Task, stopCode: string, reason: string, noticedAt: number): void {
    task.desiredStatus = 'STOPPED'
    task.stopCode = stopCode
    // Fargate cuts long messages; the table has none, a story's own may be.
    task.stoppedReason = task.fargate ? reason.slice(0, 1024) : reason
    task.noticedAt = noticedAt
    task.version++
    this.engine.happen('task-stopped', `task ${task.id} stops: ${reason}`, {
      task: task.arn,
      service: task.deployment.service.name,
      stopCode
    })
  }

  /** Stops a task: targets first, then SIGTERM, then the network. */
  stop(task: Task, stopCode: string, reason: string, noticeSeconds = 0): void {
    if (task.desiredStatus === 'STOPPED') return
    const ran = task.status === 'RUNNING'
    this.finish(task, stopCode, reason, this.engine.clock.now() + noticeSeconds * 1000)
    if (!ran) {
      task.stoppingAt = this.engine.clock.now()
      if (task.containers.some((c) => c.status === 'RUNNING')) this.terminate(task)
      else this.clear(task)
      return
    }
    this.become(task, 'DEACTIVATING')
    if (!task.registrations.some((r) => r.state === 'registered')) this.after(2, () => this.terminate(task))
  }

  /** A task whose host is lost or whose Spot capacity is taken does not wait for its targets. */
  cut(task: Task, stopCode: string, reason: string, containersDie: boolean): void {
    if (task.desiredStatus === 'STOPPED') return
    this.finish(task, stopCode, reason, this.engine.clock.now() + this.t.noticeExit * 1000)
    if (containersDie) for (const c of task.containers) c.behaviour = { onSigterm: { code: 137, after: 0 } }
    this.terminate(task)
  }

  /** The containers are told to stop. */
  terminate(task: Task): void {
    if (task.status === 'STOPPING' || task.status === 'DEPROVISIONING' || task.status === 'STOPPED') return
    task.stoppingAt ??= this.engine.clock.now()
    this.become(task, 'STOPPING')
    this.observer.changed(task)
    this.containers.stopNext(task)
  }

  private clear(task: Task): void {
    if (task.status === 'STOPPED' || task.status === 'DEPROVISIONING') return
    task.stoppingAt ??= this.engine.clock.now()
    for (const container of task.containers) container.status = 'STOPPED'
    this.become(task, 'DEPROVISIONING')
    this.after(task.hasEni ? this.t.deprovision : 1, () => {
      task.stoppedAt = this.engine.clock.now()
      this.become(task, 'STOPPED')
      this.observer.gone(task)
    })
  }
}
