/** The containers of a task: started in the order of their dependencies, ended, restarted, stopped in reverse. */
import { behaviourOf, printsOf } from '../behaviour.js'
import { startContainerChecks } from './container-checks.js'
import type { Engine } from '../engine.js'
import type { ContainerDependency } from './task-definitions.js'
import { failureOf } from './start-failures.js'
import { sceneOf } from './start-trouble.js'
import type { Container, Task } from './task.js'
import { stopTexts } from '../texts.js'

/** What a task wants to hear of its containers. */
export interface ContainerObserver {
  changed(task: Task): void
  /** Each of them has been started. */
  allStarted(task: Task): void
  /** An essential one ended by itself. */
  exited(task: Task): void
  /** One cannot be started, because of what it depends on. */
  cannotStart(task: Task, container: Container, reason: string): void
  /** An essential one turned UNHEALTHY while others still wait for it. */
  unhealthy(task: Task): void
  /** None runs any more, after all were told to stop. */
  allStopped(task: Task): void
}

/** Plays the containers of tasks. */
export class Containers {
  constructor(
    private readonly engine: Engine,
    private readonly observer: ContainerObserver
  ) {}

  private after(seconds: number, fn: () => void): void {
    this.engine.clock.after(Math.round(seconds * 1000), fn)
  }

  /** Starts every container whose dependencies are fulfilled. */
  advance(task: Task): void {
    if (task.desiredStatus !== 'RUNNING') return
    let waiting = task.containers.filter((c) => c.status === 'PENDING')
    for (let again = true; again;) {
      again = false
      for (const container of waiting) {
        const broken = brokenDependency(task, container)
        if (broken !== undefined) {
          const reason = stopTexts.dependencyFailed.say(broken.containerName, container.name)
          this.observer.cannotStart(task, container, reason)
          return
        }
        if (!(container.definition.dependsOn ?? []).every((d) => fulfilled(task, d))) continue
        this.start(task, container)
        again = true
      }
      waiting = task.containers.filter((c) => c.status === 'PENDING')
    }
    if (waiting.length === 0) this.observer.allStarted(task)
    else if (task.healthStatus === 'UNHEALTHY') this.observer.unhealthy(task)
  }

  private start(task: Task, container: Container): void {
    container.status = 'RUNNING'
    task.executionStoppedAt = undefined
    container.runtimeId = task.deployment.service.isFargate
      ? `${task.id}-${this.engine.ids.digits(10)}`
      : this.engine.ids.hex(64)
    this.begin(task, container)
    this.limitStart(task, container)
  }

  /** A program begins to run, at the start or after a restart. */
  private begin(task: Task, container: Container): void {
    container.startedAt = this.engine.clock.now()
    startContainerChecks(this.engine, task, container, () => {
      this.advance(task)
      this.observer.changed(task)
    })
    this.planPrints(task, container)
    this.planEnd(task, container)
  }

  /** Containers that wait for this one give up after its `startTimeout`. */
  private limitStart(task: Task, container: Container): void {
    const limit = container.definition.startTimeout
    if (limit === undefined) return
    this.after(limit, () => {
      if (task.desiredStatus !== 'RUNNING') return
      const waits = task.containers.find(
        (c) =>
          c.status === 'PENDING' &&
          (c.definition.dependsOn ?? []).some(
            (d) => d.containerName === container.name && !fulfilled(task, d)
          )
      )
      if (waits !== undefined && container.status === 'RUNNING')
        this.observer.cannotStart(task, waits, stopTexts.dependencyTimeout.say(container.name, waits.name))
    })
  }

  private planPrints(task: Task, container: Container): void {
    const birth = container.startedAt
    const stream = logStreamOf(task, container)
    if (stream !== undefined) this.engine.logs.groups.get(stream.group)?.stream(stream.name)
    for (const print of printsOf(container.behaviour)) {
      if (print.at !== undefined) continue
      const say = (): void => {
        if (container.status === 'RUNNING' && container.startedAt === birth)
          this.print(task, container, print.line)
      }
      if ((print.after ?? 0) === 0) say()
      else this.after(print.after ?? 0, say)
    }
  }

  private print(task: Task, container: Container, line: string): void {
    const stream = logStreamOf(task, container)
    if (stream !== undefined) this.engine.logs.groups.get(stream.group)?.write(stream.name, line)
  }

  /** Plans the exits that the container's behaviour speaks of. */
  planEnd(task: Task, container: Container): void {
    const { exits, oom, fails } = container.behaviour
    const age = Math.max(0, task.age(container))
    const current = container.behaviour
    const birth = container.startedAt
    const plan = (after: number, code: number, reason: string | undefined, last?: string): void =>
      this.after(Math.max(0, after - age), () => {
        if (
          container.behaviour !== current ||
          container.status !== 'RUNNING' ||
          container.startedAt !== birth
        )
          return
        if (last !== undefined) this.print(task, container, last)
        this.exit(task, container, code, reason)
      })
    if (exits !== undefined) plan(exits.after, exits.code, undefined)
    const killed = task.deployment.service.isFargate ? stopTexts.oom : stopTexts.oomEc2
    if (oom !== undefined) plan(oom.after, 137, killed.say())
    // The kernel refuses the program at once; the runtime says so in the container's own log.
    if (fails === 'exec-format')
      plan(0.5, 1, undefined, failureOf('exec-format').say(sceneOf(this.engine, task, container)))
  }

  private end(task: Task, container: Container, code: number, reason: string | undefined): void {
    for (const print of printsOf(container.behaviour))
      if (print.at === 'exit') this.print(task, container, print.line)
    container.status = 'STOPPED'
    container.exitCode = code
    container.reason = reason
    if (!task.containers.some((c) => c.status === 'RUNNING'))
      task.executionStoppedAt = this.engine.clock.now()
    this.said(task, container, code)
  }

  private said(task: Task, container: Container, code: number): void {
    this.engine.happen(
      'container-exited',
      `container ${container.name} of task ${task.id} exited with ${code}`,
      { task: task.arn, container: container.name, code: String(code) }
    )
  }

  private exit(task: Task, container: Container, code: number, reason: string | undefined): void {
    if (this.mayRestart(task, container, code)) {
      this.restart(task, container, code)
      return
    }
    this.end(task, container, code, reason)
    if (task.desiredStatus === 'STOPPED') this.stopNext(task)
    else if (container.essential) this.observer.exited(task)
    else this.advance(task)
  }

  /** `restartPolicy`: not for ignored codes, and only a container that ran for `restartAttemptPeriod`. */
  private mayRestart(task: Task, container: Container, code: number): boolean {
    const policy = container.definition.restartPolicy
    if (policy?.enabled !== true || task.desiredStatus !== 'RUNNING') return false
    if (policy.ignoredExitCodes?.includes(code) === true) return false
    return task.age(container) >= (policy.restartAttemptPeriod ?? 300)
  }

  /** The same container in the same task begins again: nobody but its log and its health tells of it. */
  private restart(task: Task, container: Container, code: number): void {
    this.said(task, container, code)
    for (const print of printsOf(container.behaviour))
      if (print.at === 'exit') this.print(task, container, print.line)
    container.attempt++
    container.behaviour = behaviourOf(container.behaviours, container.attempt)
    container.health = 'UNKNOWN'
    container.checkFailures = 0
    this.begin(task, container)
    for (const r of task.registrations)
      if (r.state === 'registered' && r.container === container) r.group.poke(r.id, r.port)
    this.observer.changed(task)
  }

  /** SIGTERM to what still runs, dependents before what they depend on; SIGKILL after stopTimeout. */
  stopNext(task: Task): void {
    const running = task.containers.filter((c) => c.status === 'RUNNING')
    if (running.length === 0) {
      if (!task.cleared) {
        task.cleared = true
        this.after(1, () => this.observer.allStopped(task))
      }
      return
    }
    const needed = (c: Container): boolean =>
      running.some((other) => other.definition.dependsOn?.some((d) => d.containerName === c.name) === true)
    for (const container of running) {
      if (container.signalled || needed(container)) continue
      container.signalled = true
      const limit = container.definition.stopTimeout ?? this.engine.timings.stopTimeout
      const answer = container.behaviour.onSigterm ?? { code: 0, after: this.engine.timings.gracefulStop }
      const killed = answer === 'ignored' || answer.after >= limit
      for (const print of printsOf(container.behaviour))
        if (print.at === 'sigterm') this.print(task, container, print.line)
      this.after(killed ? limit : answer.after, () => {
        if (container.status !== 'RUNNING') return
        this.end(task, container, killed ? 137 : answer.code, undefined)
        this.stopNext(task)
      })
    }
  }
}

/** Where a container's output goes: only `awslogs` writes to CloudWatch; without a prefix the stream is the container's id. */
export function logStreamOf(task: Task, container: Container): { group: string; name: string } | undefined {
  const configuration = container.definition.logConfiguration
  const options = configuration?.options ?? {}
  const group = options['awslogs-group']
  if (configuration?.logDriver !== 'awslogs' || group === undefined) return undefined
  const prefix = options['awslogs-stream-prefix']
  return {
    group,
    name: prefix === undefined ? (container.runtimeId ?? '') : `${prefix}/${container.name}/${task.id}`
  }
}

function fulfilled(task: Task, { containerName, condition }: ContainerDependency): boolean {
  const other = task.containers.find((c) => c.name === containerName)
  if (other === undefined) return true
  switch (condition) {
    case 'START':
      return other.status !== 'PENDING'
    case 'COMPLETE':
      return other.status === 'STOPPED'
    case 'SUCCESS':
      return other.status === 'STOPPED' && other.exitCode === 0
    case 'HEALTHY':
      return other.health === 'HEALTHY'
  }
}

/** A dependency that can never be fulfilled any more. */
function brokenDependency(task: Task, container: Container): ContainerDependency | undefined {
  return container.definition.dependsOn?.find((d) => {
    const other = task.containers.find((c) => c.name === d.containerName)
    if (other?.status !== 'STOPPED') return false
    return d.condition === 'HEALTHY' || (d.condition === 'SUCCESS' && other.exitCode !== 0)
  })
}
