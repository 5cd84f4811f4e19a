/** A target group and the health of every target in it over time. */
import type { Cancel } from '../../clock.js'
import type { TargetGroupHandle, TargetGroupOptions, TargetView } from '../api.js'
import type { Answer } from '../behaviour.js'
import type { LoadBalancer, LoadBalancing } from './load-balancers.js'
import { numberOf } from '../network/cidr.js'
import type { Place } from '../network/parts.js'
import { pathToTarget } from '../network/paths.js'
import { settingsOf, verdict, type GroupSettings, type Why } from './target-checks.js'
import { targetTexts } from '../texts.js'

/** What stands behind a target: somebody who answers. */
export interface Endpoint {
  answer(port: number, path: string): Answer
  /** The next moment at which the answers may change by themselves. */
  changesAt(): number | undefined
  readonly availabilityZone: string
  /** Where it is in the network; absent: within reach of everybody. */
  readonly place?: Place | undefined
  /** An instance that is stopped or terminated is no target. */
  readonly ended?: 'stopped' | 'terminated' | undefined
}

export type TargetState = TargetView['state']

/** One registered target. */
export class Target implements TargetView {
  state: TargetState = 'initial'
  reason: string | undefined
  description: string | undefined
  blocked: string | undefined
  successes = 0
  failures = 0
  lastCheck = 0
  cancel: Cancel = () => undefined

  constructor(
    readonly id: string,
    readonly port: number,
    readonly endpoint: Endpoint,
    readonly changed: () => void
  ) {}
}

/** A target group, its settings and its targets. */
export class TargetGroup implements TargetGroupHandle {
  readonly targets = new Map<string, Target>()
  readonly arn: string
  readonly settings: GroupSettings
  /** Until when the load balancer's own checks fail. */
  troubleUntil = 0

  constructor(
    private readonly elb: LoadBalancing,
    readonly name: string,
    options: TargetGroupOptions,
    vpcId: string
  ) {
    this.arn = `${elb.prefix}:targetgroup/${name}/${elb.ids.hex(16)}`
    this.settings = settingsOf(options, vpcId)
  }

  /** The load balancers with a listener or rule that forwards here. */
  get loadBalancers(): LoadBalancer[] {
    return [...this.elb.balancers.values()].filter((b) => b.forwardsTo(this))
  }

  get loadBalancer(): LoadBalancer | undefined {
    return this.loadBalancers[0]
  }

  get targetList(): readonly Target[] {
    return [...this.targets.values()]
  }

  find(id: string, port: number): Target | undefined {
    return this.targets.get(`${id}:${port}`)
  }

  /** Registers a target; checks begin at once. */
  register(id: string, port: number, endpoint: Endpoint, changed: () => void): void {
    const key = `${id}:${port}`
    this.targets.get(key)?.cancel()
    const target = new Target(id, port, endpoint, changed)
    this.targets.set(key, target)
    this.begin(target)
  }

  /** The group got or lost a load balancer, or its settings changed: every target begins anew. */
  beginAgain(): void {
    for (const target of this.targets.values()) if (target.state !== 'draining') this.begin(target)
  }

  private begin(target: Target): void {
    target.cancel()
    target.successes = target.failures = target.lastCheck = 0
    const { clock } = this.elb
    const useless = this.useless(target)
    if (useless !== undefined) {
      this.turn(target, 'unused', useless)
      return
    }
    if (!this.settings.healthCheckEnabled) {
      this.turn(target, 'unavailable', targetTexts.disabled)
      return
    }
    const first = this.elb.firstCheck * 1000
    this.turn(target, 'initial', targetTexts.registering)
    target.cancel = clock.after(first / 3, () => {
      this.turn(target, 'initial', targetTexts.initial)
      this.plan(target, clock.now() + first - first / 3)
    })
  }

  /** Why a target gets no traffic, whatever it answers. */
  private useless({ id, endpoint }: Target): Why | undefined {
    const balancer = this.loadBalancer
    if (balancer === undefined) return targetTexts.notInUse
    if (!balancer.availabilityZones.includes(endpoint.availabilityZone)) return targetTexts.zoneNotEnabled
    if (this.elb.isNode(id)) return targetTexts.ipUnusable
    return endpoint.ended === undefined ? undefined : targetTexts.invalidState(endpoint.ended)
  }

  /** A target that has been registered long enough: its present answer decides at once. */
  settle(id: string, port: number): void {
    const target = this.find(id, port)
    if (target === undefined || target.state === 'unused' || target.state === 'unavailable') return
    target.cancel()
    target.failures = this.settings.unhealthyThreshold
    this.check(target)
  }

  /** Takes a target out; `drained` is called when it is gone. */
  deregister(id: string, port: number, drained: () => void): void {
    const key = `${id}:${port}`
    const target = this.targets.get(key)
    if (target === undefined) {
      drained()
      return
    }
    target.cancel()
    const gone = (): void => {
      if (this.targets.get(key) === target) this.targets.delete(key)
      this.elb.happen('target-health', `target ${key} is gone from ${this.name}`, { targetGroup: this.name })
      drained()
    }
    if (target.state === 'unused' || this.settings.deregistrationDelaySeconds === 0) {
      gone()
      return
    }
    this.turn(target, 'draining', targetTexts.draining, () => undefined)
    this.elb.clock.after(this.settings.deregistrationDelaySeconds * 1000, gone)
  }

  /** The answers behind a target changed: look again at the next check. */
  poke(id: string, port: number): void {
    const target = this.find(id, port)
    if (target === undefined) return
    if (target.endpoint.ended !== undefined && target.state !== 'draining') this.begin(target)
    else if (target.lastCheck !== 0 && /^healthy|^unhealthy/.test(target.state))
      this.plan(target, this.onGrid(target, this.elb.clock.now()))
  }

  /** Something that all targets depend on changed. */
  pokeAll(): void {
    for (const target of this.targets.values()) this.poke(target.id, target.port)
  }

  private onGrid(target: Target, notBefore: number): number {
    const step = this.settings.intervalSeconds * 1000
    const steps = Math.max(1, Math.ceil((notBefore - target.lastCheck) / step))
    return target.lastCheck + steps * step
  }

  private plan(target: Target, at: number): void {
    target.cancel()
    target.cancel = this.elb.clock.at(at, () => {
      this.check(target)
    })
  }

  /** One health check: the network first, then whoever answers. */
  private ask(target: Target): Why | undefined {
    const { settings } = this
    if (this.elb.clock.now() < this.troubleUntil) return targetTexts.internal
    const port = settings.healthCheckPort === 'traffic-port' ? target.port : Number(settings.healthCheckPort)
    const { place } = target.endpoint
    const nodes = this.loadBalancer?.nodes ?? []
    const blocked = place === undefined ? undefined : pathToTarget(nodes, place, port)
    target.blocked = blocked?.says
    const answer = blocked === undefined ? target.endpoint.answer(port, settings.healthCheckPath) : 'timeout'
    return verdict(settings, answer)
  }

  private check(target: Target): void {
    const { settings } = this
    const now = this.elb.clock.now()
    const why = this.ask(target)
    target.lastCheck = now
    if (why === undefined) {
      target.successes++
      target.failures = 0
      const needed = target.state === 'initial' ? 1 : settings.healthyThreshold
      if (target.state !== 'healthy' && target.successes >= needed) this.turn(target, 'healthy', undefined)
    } else {
      target.failures++
      target.successes = 0
      if (target.state === 'unhealthy' || target.state === 'unhealthy.draining') {
        target.reason = why.reason
        target.description = why.description
      } else if (target.failures >= settings.unhealthyThreshold) this.fail(target, why)
    }
    // Nothing will change until the answers do: then there is nothing to check before.
    const settled = target.state === (why === undefined ? 'healthy' : 'unhealthy')
    const trouble = now < this.troubleUntil ? this.troubleUntil : Infinity
    const next = Math.min(target.endpoint.changesAt() ?? Infinity, trouble)
    if (!settled) this.plan(target, this.onGrid(target, target.lastCheck + 1))
    else if (next !== Infinity) this.plan(target, this.onGrid(target, next))
  }

  /** Turns a target unhealthy; on an NLB that drains those first, after that time. */
  private fail(target: Target, why: Why): void {
    const { unhealthyDrainingSeconds: seconds, protocol } = this.settings
    if (seconds === 0 || protocol.startsWith('HTTP')) {
      this.turn(target, 'unhealthy', why)
      return
    }
    this.turn(target, 'unhealthy.draining', why)
    this.elb.clock.after(seconds * 1000, () => {
      if (target.state === 'unhealthy.draining' && this.targets.get(`${target.id}:${target.port}`) === target)
        this.turn(target, 'unhealthy', why)
    })
  }

  private turn(target: Target, state: TargetState, why: Why | undefined, changed = target.changed): void {
    const same = target.state === state && target.reason === why?.reason
    target.state = state
    target.reason = why?.reason
    target.description = why?.description
    if (same) return
    const network = target.blocked === undefined ? '' : `: ${target.blocked}`
    const because = why === undefined ? '' : ` (${why.description}${network})`
    this.elb.happen(
      'target-health',
      `target ${target.id}:${target.port} in ${this.name} is ${state}${because}`,
      {
        targetGroup: this.name,
        target: `${target.id}:${target.port}`,
        state
      }
    )
    changed()
  }
}

/** Whether an address is one that a target group accepts: private, or shared address space (RFC 1918, RFC 6598). */
export function isTargetAddress(id: string): boolean {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(id)) return false
  const n = numberOf(id)
  const within = (first: string, bits: number): boolean =>
    n >= numberOf(first) && n < numberOf(first) + 2 ** (32 - bits)
  return (
    within('10.0.0.0', 8) || within('172.16.0.0', 12) || within('192.168.0.0', 16) || within('100.64.0.0', 10)
  )
}
