/** The life of a task: from its launch through every state to STOPPED. */
import { behaviourOf, type Behaviour } from './behaviour.js'
import { startContainerChecks } from './container-checks.js'
import type { TaskStatus } from './api.js'
import type { Engine } from './engine.js'
import type { Container, Task } from './task.js'
import { stopTexts } from './texts.js'

/** What the scheduler wants to hear of a task. */
export interface Observer {
  /** Something about the task changed: look at the service again. */
  changed(task: Task): void
  /** It failed before it reached RUNNING. */
  neverRan(task: Task, reason: string): void
  /** An essential container ended by itself. */
  exited(task: Task): void
  running(task: Task): void
  /** Nothing of it is left that needs a target or a place. */
  gone(task: Task): void
}

/** Plays tasks on the world's clock. */
export class TaskLife {
  constructor(
    private readonly engine: Engine,
    private readonly observer: Observer
  ) {}

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
    const fargate = task.deployment.service.isFargate
    const launch = fargate ? this.t.fargate : this.t.ec2
    const eni = task.hasEni ? this.t.fargate.provisioning : launch.provisioning
    task.status = eni > 0 ? 'PROVISIONING' : 'PENDING'
    const going = (fn: () => void) => (): void => {
      if (task.desiredStatus === 'RUNNING') fn()
    }
    this.after(
      eni,
      going(() => this.become(task, 'PENDING'))
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
      going(() => this.pull(task))
    )
  }

  private pull(task: Task): void {
    const { service } = task.deployment
    task.pullStartedAt = this.engine.clock.now()
    let seconds = this.t.pull
    for (const container of task.containers) {
      const reference = container.definition.image
      const found = this.engine.ecr.pull(
        reference,
        task.definition.platform,
        task.deployment.established.get(container.name)
      )
      if (found.kind !== 'image') {
        const texts = service.isFargate ? stopTexts.imageMissing : stopTexts.imageMissingEc2
        const reason =
          found.kind === 'missing'
            ? texts.say(reference)
            : stopTexts.wrongPlatform.say(task.definition.platform)
        this.giveUp(task, container, reason, service.isFargate ? this.t.pullGivesUp : this.t.pull)
        return
      }
      const attempt = (service.attempts.get(found.digest) ?? 0) + 1
      service.attempts.set(found.digest, attempt)
      container.behaviour = behaviourOf(found.nature.behaviour, attempt)
      container.lacks = found.nature.lacks
      const { initError, cannotPull, pullSeconds } = container.behaviour
      if (initError !== undefined) {
        this.giveUp(task, container, initError, this.t.initGivesUp)
        return
      }
      if (cannotPull !== undefined) {
        this.giveUp(task, container, cannotPull, service.isFargate ? this.t.pullGivesUp : this.t.pull)
        return
      }
      seconds = Math.max(seconds, pullSeconds ?? 0)
      container.digest = found.digest
    }
    this.after(seconds, () => {
      if (task.desiredStatus !== 'RUNNING') return
      task.pullStoppedAt = this.engine.clock.now()
      for (const c of task.containers)
        if (!task.deployment.established.has(c.name) && c.digest !== undefined)
          task.deployment.established.set(c.name, c.digest)
      this.after((service.isFargate ? this.t.fargate : this.t.ec2).start, () => {
        if (task.desiredStatus === 'RUNNING') this.run(task)
      })
    })
  }

  private giveUp(task: Task, container: Container, reason: string, seconds: number): void {
    container.digest = undefined
    this.after(seconds, () => {
      if (task.desiredStatus !== 'RUNNING') return
      if (/^CannotPullContainer/.test(reason)) task.deployment.resolutionFailures++
      if (task.pullStartedAt !== undefined) task.pullStoppedAt = this.engine.clock.now()
      container.reason = reason
      this.finish(task, 'TaskFailedToStart', reason, this.engine.clock.now() + this.t.noticeExit * 1000)
      this.clear(task)
      this.observer.neverRan(task, reason)
    })
  }

  /** A task that has been running since a moment in the past, and well. */
  settle(task: Task, since: number): void {
    task.pullStartedAt = since + 20_000
    task.pullStoppedAt = since + 26_000
    task.startedAt = since + 32_000
    task.connectedAt = since + 18_000
    task.status = 'RUNNING'
    const { service } = task.deployment
    for (const container of task.containers) {
      const found = this.engine.ecr.pull(container.definition.image, task.definition.platform)
      container.status = 'RUNNING'
      container.startedAt = task.startedAt
      container.runtimeId = service.isFargate
        ? `${task.id}-${this.engine.ids.digits(10)}`
        : this.engine.ids.hex(64)
      if (found.kind === 'image') {
        container.digest = found.digest
        task.deployment.established.set(container.name, found.digest)
        // It began well before the story did: only what it says about signals matters still.
        container.behaviour = {
          onSigterm: behaviourOf(found.nature.behaviour, 1).onSigterm ?? {
            code: 0,
            after: this.t.gracefulStop
          }
        }
        container.lacks = []
      }
      if (container.definition.healthCheck !== undefined) container.health = 'HEALTHY'
      startContainerChecks(this.engine, task, container, () => this.observer.changed(task))
    }
    task.deployment.anyRan = true
  }

  /** Containers start: RUNNING. */
  run(task: Task): void {
    const now = this.engine.clock.now()
    task.startedAt = now
    this.become(task, 'RUNNING')
    for (const container of task.containers) {
      container.status = 'RUNNING'
      container.startedAt = now
      container.runtimeId = task.deployment.service.isFargate
        ? `${task.id}-${this.engine.ids.digits(10)}`
        : this.engine.ids.hex(64)
      startContainerChecks(this.engine, task, container, () => this.observer.changed(task))
      this.planEnd(task, container)
    }
    this.observer.running(task)
  }

  /** Plans the exits that the container's behaviour speaks of. */
  planEnd(task: Task, container: Container): void {
    const { exits, oom } = container.behaviour
    const age = Math.max(0, task.age(container))
    const ends = (b: Behaviour) => container.behaviour === b && container.status === 'RUNNING'
    const current = container.behaviour
    if (exits !== undefined)
      this.after(Math.max(0, exits.after - age), () => {
        if (ends(current)) this.exit(task, container, exits.code, undefined)
      })
    if (oom !== undefined)
      this.after(Math.max(0, oom.after - age), () => {
        const texts = task.deployment.service.isFargate ? stopTexts.oom : stopTexts.oomEc2
        if (ends(current)) this.exit(task, container, 137, texts.say())
      })
  }

  private end(task: Task, container: Container, code: number, reason: string | undefined): void {
    container.status = 'STOPPED'
    container.exitCode = code
    container.reason = reason
    this.engine.happen(
      'container-exited',
      `container ${container.name} of task ${task.id} exited with ${code}`,
      {
        task: task.arn,
        container: container.name,
        code: String(code)
      }
    )
  }

  private exit(task: Task, container: Container, code: number, reason: string | undefined): void {
    this.end(task, container, code, reason)
    if (!container.essential || task.desiredStatus === 'STOPPED') return
    const now = this.engine.clock.now()
    this.finish(task, 'EssentialContainerExited', stopTexts.exited.say(), now + this.t.noticeExit * 1000)
    this.terminate(task)
    this.observer.exited(task)
  }

  /** Marks a task as wanted stopped. */
  private finish(task: Task, stopCode: string, reason: string, noticedAt: number): void {
    task.desiredStatus = 'STOPPED'
    task.stopCode = stopCode
    task.stoppedReason = reason
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
      this.clear(task)
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

  /** SIGTERM to what still runs, SIGKILL after stopTimeout. */
  terminate(task: Task): void {
    if (task.status === 'STOPPING' || task.status === 'DEPROVISIONING' || task.status === 'STOPPED') return
    task.stoppingAt = this.engine.clock.now()
    this.become(task, 'STOPPING')
    this.observer.changed(task)
    let longest = 0
    for (const container of task.containers) {
      if (container.status !== 'RUNNING') continue
      const limit = container.definition.stopTimeout ?? this.t.stopTimeout
      const answer = container.behaviour.onSigterm ?? { code: 0, after: this.t.gracefulStop }
      const killed = answer === 'ignored' || answer.after >= limit
      const seconds = killed ? limit : answer.after
      longest = Math.max(longest, seconds)
      this.after(seconds, () => {
        if (container.status === 'RUNNING') this.end(task, container, killed ? 137 : answer.code, undefined)
      })
    }
    this.after(longest + 1, () => this.clear(task))
  }

  private clear(task: Task): void {
    if (task.status === 'STOPPED' || task.status === 'DEPROVISIONING') return
    task.executionStoppedAt ??= task.startedAt === undefined ? undefined : this.engine.clock.now()
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
