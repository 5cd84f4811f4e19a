/** The service scheduler: every few seconds it looks at a service and starts or stops what the rules allow. */
import { countFailure, mayTrip, resetFailures } from './breaker.js'
import type { Cancel } from '../../clock.js'
import { completeDeployment } from './deploy.js'
import type { Deployment } from './deployment.js'
import type { Engine } from '../engine.js'
import { lacksRoom, makeTask, place } from './placement.js'
import { prune, readiness } from './readiness.js'
import { rebalance } from './rebalancing.js'
import { moveOn } from './records.js'
import { failDeployment } from './rollback.js'
import { leftForGood } from './service-life.js'
import type { Service } from './service.js'
import { cancelPending, stopSurplus, type Look } from './surplus.js'
import { deregisterStopped, registerRunning } from './target-duty.js'
import type { Task } from './task.js'
import { TaskLife } from './task-life.js'
import { eventTexts } from '../texts.js'
import { treatUnhealthy, type Hands } from './unhealthy.js'

/** Schedules one service. */
export class Scheduler {
  readonly life: TaskLife
  /** The last start found no container instance with room for it. */
  private crowded = false
  private timer: { at: number; cancel: Cancel } | undefined
  private heartbeat: Cancel = () => undefined
  /** The rhythm's origin: the first decision of the newest deployment. */
  private origin: number

  constructor(
    private readonly engine: Engine,
    readonly service: Service
  ) {
    this.origin = engine.clock.now()
    this.life = new TaskLife(engine, {
      changed: () => this.wake(),
      running: (task) => this.onRunning(task),
      neverRan: (task, reason) => this.onNeverRan(task, reason),
      exited: (task) => this.onExited(task),
      gone: (task) => this.onGone(task)
    })
  }

  /** A new deployment: the rhythm starts again with its first decision. */
  begin(): void {
    this.origin = this.engine.clock.now() + this.engine.timings.firstDecision * 1000
    this.timer?.cancel()
    this.timer = undefined
    this.service.unsettled = true
    this.wake()
  }

  /** Looks at the service at the next beat. */
  wake(): void {
    const now = this.engine.clock.now()
    const step = this.engine.timings.tick * 1000
    const at =
      now < this.origin ? this.origin : this.origin + (Math.floor((now - this.origin) / step) + 1) * step
    if (this.timer !== undefined && this.timer.at <= at) return
    this.timer?.cancel()
    this.timer = {
      at,
      cancel: this.engine.clock.at(at, () => {
        this.timer = undefined
        this.tick()
      })
    }
  }

  // ---- what tasks report

  private onRunning(task: Task): void {
    const { deployment } = task
    deployment.anyRan = true
    deployment.neverRan = 0
    deployment.nextStartAt = 0
    this.service.cleared('unable', 'inconsistent')
    // Several target groups are registered while the task activates; a single one at the scheduler's next beat.
    if (task.registrations.length > 1) registerRunning(this.engine, this.service, () => this.wake())
    this.wake()
  }

  private onNeverRan(task: Task, reason: string | undefined): void {
    const { service } = this
    const { deployment } = task
    const { backOff, countNeverRan, tripNeverRan } = this.engine.timings
    if (service.isFargate && reason !== undefined)
      service.sayOnce('unable', eventTexts.unablePlace.say(service.name, reason))
    const wait = backOff[Math.min(deployment.neverRan, backOff.length - 1)] ?? 0
    deployment.neverRan++
    deployment.nextStartAt = this.engine.clock.now() + wait * 1000
    if (deployment.neverRan > 1) service.sayOnce('inconsistent', eventTexts.inconsistent.say(service.name))
    if (!deployment.anyRan) this.count(deployment, countNeverRan, tripNeverRan)
    this.wake()
  }

  /** No task came of it: a failure all the same (A1), and tried again after a while. */
  private onNotPlaced(deployment: Deployment, event: string): void {
    this.service.sayOnce('place', event)
    this.crowded = lacksRoom(event)
    deployment.nextStartAt = this.engine.clock.now() + this.engine.timings.placeAgain * 1000
    if (!deployment.anyRan) this.count(deployment, 0)
    this.wake()
  }

  private onExited(task: Task): void {
    if (task.healthyAt === undefined) this.count(task.deployment, this.engine.timings.countExit)
    for (const r of task.registrations) r.group.poke(r.id, r.port)
    this.wake()
  }

  private count(deployment: Deployment, seconds: number, untilTrip = 0): void {
    const { clock } = this.engine
    clock.after(seconds * 1000, () => {
      if (!countFailure(this.service, deployment)) return
      if (untilTrip === 0) this.trip(deployment)
      else clock.after(untilTrip * 1000, () => this.trip(deployment))
    })
  }

  private trip(deployment: Deployment): void {
    if (!mayTrip(this.service, deployment)) return
    failDeployment(this.service, deployment, 'breaker', this.service.breaker.rollback)
    this.service.unsettled = true
    this.wake()
  }

  private onGone(task: Task): void {
    task.instance?.tasks.delete(task)
    if (this.crowded) for (const deployment of this.service.deployments) deployment.nextStartAt = 0
    this.engine.clock.after(this.engine.timings.keepStopped * 1000, () => {
      this.service.forgetTask(task)
    })
    this.wake()
  }

  // ---- one look

  private tick(): void {
    const { service } = this
    if (service.deployments.length === 0) return
    service.sweep()
    moveOn(service)
    const again = (): void => this.wake()
    const left = deregisterStopped(this.engine, service, (task) => this.life.terminate(task), again)
    if (left > 0 && service.primary.rolloutState === 'COMPLETED') service.primary.readySince = undefined
    registerRunning(this.engine, service, again)
    for (const task of service.alive)
      if (task.healthyAt === undefined && task.healthy) {
        task.healthyAt = this.engine.clock.now()
        resetFailures(service, task.deployment)
      }
    if (service.leaving) {
      if (leftForGood(service)) return
      this.wake()
      return
    }
    if (service.status === 'ACTIVE') {
      const moved =
        treatUnhealthy(service, this.life, this.hands) +
        cancelPending(service, this.life) +
        this.launchMissing()
      const stopped = stopSurplus(service, this.life, this.look())
      if (moved + stopped > 0) service.unsettled = true
      else this.complainIfStuck()
    }
    prune(service)
    const reached = readiness(service)
    if (reached === 'complete' || reached === 'early') completeDeployment(service)
    if (reached === 'complete' || reached === 'steady') this.steady(reached === 'complete' ? 1 : 0)
    if (!service.unsettled && service.status === 'ACTIVE')
      service.unsettled = rebalance(service, (zone) => this.launch(service.primary, zone))
    if (service.unsettled) this.wake()
  }

  private occupied(): number {
    return this.service.current.filter((t) => t.alive || t.status === 'DEACTIVATING').length
  }

  /** Tasks of a deployment, one for each place: an ill one and its replacement share theirs. */
  private places(deployment: Deployment): number {
    const alive = deployment.current.filter((t) => t.alive)
    return alive.filter((t) => t.replacement?.alive !== true).length
  }

  private mayLaunch(deployment: Deployment): boolean {
    if (deployment.rolloutState === 'FAILED' || this.makingRoom) return false
    return this.engine.clock.now() >= deployment.nextStartAt
  }

  /** Tasks are on their way out of instances that had no room for more. */
  private get makingRoom(): boolean {
    return this.crowded && this.service.current.some((t) => t.instance?.tasks.has(t) === true && !t.alive)
  }

  private launch(deployment: Deployment, zone?: string): Task | undefined {
    const task = makeTask(this.engine, deployment, this.engine.clock.now(), zone)
    const refusal = place(this.engine, this.service, task, zone)
    if (refusal !== undefined) {
      // A move between zones that finds no room is none; nobody misses a task.
      if (zone === undefined) this.onNotPlaced(deployment, refusal)
      return undefined
    }
    this.crowded = false
    this.service.cleared('place', 'stuck')
    this.service.addTask(task)
    this.engine.happen('task-launched', `task ${task.id} launched for ${deployment.id}`, {
      task: task.arn,
      service: this.service.name,
      deployment: deployment.id
    })
    this.life.launch(task)
    return task
  }

  /** What treating unhealthy tasks may ask and do. */
  private readonly hands: Hands = {
    mayLaunch: (deployment) => this.mayLaunch(deployment),
    launch: (deployment) => this.launch(deployment),
    places: (deployment) => this.places(deployment),
    room: () => this.service.upperBound - this.occupied(),
    failed: (deployment) => this.count(deployment, this.engine.timings.countHealth)
  }

  private missing(deployment: Deployment): number {
    const wanted = deployment.status === 'PRIMARY' ? this.service.desiredCount : deployment.want
    return wanted - this.places(deployment)
  }

  private launchMissing(): number {
    const { service } = this
    const started: string[] = []
    for (const deployment of service.deployments) {
      if (!this.mayLaunch(deployment)) continue
      let n = Math.min(this.missing(deployment), service.upperBound - this.occupied())
      // The first task fixes the digests of tags; the others wait for it.
      if (deployment.unresolved) n = Math.min(n, deployment.current.some((t) => t.alive) ? 0 : 1)
      for (; n > 0; n--) {
        const task = this.launch(deployment)
        if (task === undefined) break
        started.push(task.id)
      }
    }
    if (started.length > 0) service.say(eventTexts.started.say(service.name, started))
    return started.length
  }

  /** What is too much, or in the way. */
  private look(): Look {
    const { primary, desiredCount, upperBound } = this.service
    const stalled = primary.rolloutState === 'FAILED'
    const noRoom = this.mayLaunch(primary) && upperBound - this.occupied() <= 0
    // Without room on the instances old tasks make room too, as far as the lower bound lets them (facts A4).
    const full = !stalled && (noRoom || (this.crowded && !this.makingRoom))
    return {
      blocked: full ? Math.max(0, this.missing(primary)) : 0,
      tooMany: this.places(primary) - desiredCount
    }
  }

  private complainIfStuck(): void {
    const { service } = this
    if (service.primary.rolloutState !== 'IN_PROGRESS' || !this.mayLaunch(service.primary)) return
    if (this.missing(service.primary) <= 0 || service.upperBound - this.occupied() > 0) return
    const still = service.current.every(
      (t) => t.status === 'STOPPED' || (t.status === 'RUNNING' && t.healthy)
    )
    if (still) service.sayOnce('stuck', eventTexts.stuck.say(service.name))
  }

  private steady(delayMs: number): void {
    const { service } = this
    service.unsettled = false
    service.cleared('stuck', 'place')
    service.say(eventTexts.steady.say(service.name), delayMs)
    this.beatOn()
  }

  /** While nothing happens the steady state is said again every six hours. */
  beatOn(): void {
    this.heartbeat()
    this.heartbeat = this.engine.clock.after(this.engine.timings.heartbeat * 1000, () => {
      if (!this.service.unsettled) this.service.say(eventTexts.steady.say(this.service.name))
      this.beatOn()
    })
  }
}
