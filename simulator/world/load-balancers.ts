/** ELBv2: load balancers, target groups, and the health of every target over time. */
import type { Cancel, Clock } from '../clock.js'
import type {
  ElbBuilder,
  LoadBalancerHandle,
  TargetGroupHandle,
  TargetGroupOptions,
  TargetView
} from './api.js'
import type { Answer } from './behaviour.js'
import type { Happen } from './happenings.js'
import type { Ids } from './ids.js'
import { targetTexts } from './texts.js'

/** What stands behind a target: somebody who answers. */
export interface Endpoint {
  answer(port: number, path: string): Answer
  /** The next moment at which the answers may change by themselves. */
  changesAt(): number | undefined
  readonly availabilityZone: string
}

export type TargetState = TargetView['state']

/** One registered target. */
export class Target implements TargetView {
  state: TargetState = 'initial'
  reason: string | undefined
  description: string | undefined
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
  readonly settings: Required<Omit<TargetGroupOptions, 'loadBalancer'>>
  loadBalancer: LoadBalancer | undefined

  constructor(
    private readonly elb: LoadBalancing,
    readonly name: string,
    options: TargetGroupOptions
  ) {
    const protocol = options.protocol ?? 'HTTP'
    this.arn = `${elb.prefix}:targetgroup/${name}/${elb.ids.hex(16)}`
    this.settings = {
      port: options.port ?? 80,
      protocol,
      targetType: options.targetType ?? 'ip',
      healthCheckPath: options.healthCheckPath ?? '/',
      healthCheckPort: options.healthCheckPort ?? 'traffic-port',
      intervalSeconds: options.intervalSeconds ?? 30,
      timeoutSeconds: options.timeoutSeconds ?? (protocol === 'HTTP' ? 6 : 10),
      healthyThreshold: options.healthyThreshold ?? 5,
      unhealthyThreshold: options.unhealthyThreshold ?? 2,
      matcher: options.matcher ?? '200',
      deregistrationDelaySeconds: options.deregistrationDelaySeconds ?? 300,
      vpcId: options.vpcId ?? 'vpc-0a1b2c3d4e5f60718'
    }
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
    const { clock } = this.elb
    if (this.loadBalancer === undefined) {
      this.turn(target, 'unused', targetTexts.notInUse, changed)
      return
    }
    if (!this.loadBalancer.availabilityZones.includes(endpoint.availabilityZone)) {
      this.turn(target, 'unused', targetTexts.zoneNotEnabled, changed)
      return
    }
    this.turn(target, 'initial', targetTexts.registering, changed)
    target.cancel = clock.after(500, () => {
      this.turn(target, 'initial', targetTexts.initial, changed)
      this.plan(target, clock.now() + this.elb.firstCheck * 1000 - 500, changed)
    })
  }

  /** A target that has been registered long enough: its present answer decides at once. */
  settle(id: string, port: number): void {
    const target = this.find(id, port)
    if (target === undefined || target.state === 'unused') return
    target.cancel()
    target.failures = this.settings.unhealthyThreshold
    this.check(target, target.changed)
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
  poke(id: string, port: number, changed: () => void): void {
    const target = this.find(id, port)
    if (target === undefined || target.lastCheck === 0) return
    if (target.state !== 'healthy' && target.state !== 'unhealthy') return
    this.plan(target, this.onGrid(target, this.elb.clock.now()), changed)
  }

  private onGrid(target: Target, notBefore: number): number {
    const step = this.settings.intervalSeconds * 1000
    const steps = Math.max(1, Math.ceil((notBefore - target.lastCheck) / step))
    return target.lastCheck + steps * step
  }

  private plan(target: Target, at: number, changed: () => void): void {
    target.cancel()
    target.cancel = this.elb.clock.at(at, () => {
      this.check(target, changed)
    })
  }

  private check(target: Target, changed: () => void): void {
    const { settings } = this
    const port = settings.healthCheckPort === 'traffic-port' ? target.port : Number(settings.healthCheckPort)
    const answer = target.endpoint.answer(port, settings.healthCheckPath)
    target.lastCheck = this.elb.clock.now()
    const why = this.fault(answer)
    if (why === undefined) {
      target.successes++
      target.failures = 0
      const needed = target.state === 'initial' ? 1 : settings.healthyThreshold
      if (target.state !== 'healthy' && target.successes >= needed)
        this.turn(target, 'healthy', undefined, changed)
    } else {
      target.failures++
      target.successes = 0
      if (target.state === 'unhealthy') {
        target.reason = why.reason
        target.description = why.description
      } else if (target.failures >= settings.unhealthyThreshold) this.turn(target, 'unhealthy', why, changed)
    }
    // Nothing will change until the answers do: then there is nothing to check before.
    const settled = target.state === (why === undefined ? 'healthy' : 'unhealthy')
    const next = target.endpoint.changesAt()
    if (!settled) this.plan(target, this.onGrid(target, target.lastCheck + 1), changed)
    else if (next !== undefined) this.plan(target, this.onGrid(target, next), changed)
  }

  private fault(answer: Answer): { reason: string; description: string } | undefined {
    if (answer === 'refused') return targetTexts.failed
    if (answer === 'timeout') return targetTexts.timeout
    if (!this.settings.protocol.startsWith('HTTP')) return undefined
    return matches(this.settings.matcher, answer.status) ? undefined : targetTexts.codes(answer.status)
  }

  private turn(
    target: Target,
    state: TargetState,
    why: { reason: string; description: string } | undefined,
    changed: () => void
  ): void {
    const same = target.state === state && target.reason === why?.reason
    target.state = state
    target.reason = why?.reason
    target.description = why?.description
    if (same) return
    const because = why === undefined ? '' : ` (${why.description})`
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

/** Whether an HTTP status is in a matcher such as `200-299,404`. */
function matches(matcher: string, status: number): boolean {
  return matcher.split(',').some((part) => {
    const [low = '', high = low] = part.trim().split('-')
    return status >= Number(low) && status <= Number(high)
  })
}

/** A load balancer, as far as target health needs one. */
export class LoadBalancer implements LoadBalancerHandle {
  readonly arn: string
  readonly createdAt: number
  readonly id: string

  constructor(
    elb: LoadBalancing,
    readonly name: string,
    readonly type: 'application' | 'network',
    readonly availabilityZones: string[]
  ) {
    this.id = elb.ids.hex(16)
    this.arn = `${elb.prefix}:loadbalancer/${type === 'application' ? 'app' : 'net'}/${name}/${this.id}`
    this.createdAt = elb.clock.now()
  }
}

/** The region's load balancers and target groups. */
export class LoadBalancing implements ElbBuilder {
  readonly groups = new Map<string, TargetGroup>()
  readonly balancers = new Map<string, LoadBalancer>()
  readonly prefix: string

  constructor(
    readonly clock: Clock,
    readonly ids: Ids,
    readonly region: string,
    account: string,
    readonly firstCheck: number,
    readonly happen: Happen
  ) {
    this.prefix = `arn:aws:elasticloadbalancing:${region}:${account}`
  }

  /** The target group behind a handle. */
  held(handle: TargetGroupHandle): TargetGroup {
    const found = this.groups.get(handle.arn)
    if (found === undefined) throw new Error(`${handle.name} is not a target group of this world`)
    return found
  }

  loadBalancer(
    name: string,
    options: { availabilityZones?: string[]; type?: 'application' | 'network' } = {}
  ): LoadBalancer {
    const known = this.balancers.get(name)
    if (known !== undefined) return known
    const zones = options.availabilityZones ?? ['a', 'b', 'c'].map((z) => `${this.region}${z}`)
    const made = new LoadBalancer(this, name, options.type ?? 'application', zones)
    this.balancers.set(name, made)
    return made
  }

  targetGroup(name: string, options: TargetGroupOptions = {}): TargetGroup {
    const made = new TargetGroup(this, name, options)
    if (options.loadBalancer !== null)
      made.loadBalancer = this.loadBalancer(options.loadBalancer ?? `${name}-alb`)
    this.groups.set(made.arn, made)
    return made
  }
}
