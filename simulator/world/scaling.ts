/** Application Auto Scaling: scalable targets, policies, and the activities that move desiredCount. */
import type { Clock } from '../clock.js'
import type { Happening, ScalableTargetHandle, ScalingBuilder, ServiceHandle } from './api.js'
import type { Ecs } from './ecs/ecs.js'
import { Ids } from './ids.js'
import type { Service } from './ecs/service.js'

/** What the activities say: as the console and the API are seen to say it, no text of it is in the facts (INF). */
const scalingTexts = {
  description: (n: number) => `Setting desired count to ${n}.`,
  cause: (policy: string, alarm: string) =>
    `monitor alarm ${alarm} in state ALARM triggered policy ${policy}`,
  waiting: (n: number) =>
    `Successfully set desired count to ${n}. Waiting for change to be fulfilled by ecs.`,
  fulfilled: (n: number) => `Successfully set desired count to ${n}. Change successfully fulfilled by ecs.`
}

export interface ScalingPolicy {
  name: string
  arn: string
  metric: string
  target: number
  createdAt: number
  alarms: string[]
}

export interface ScalingActivity {
  id: string
  description: string
  cause: string
  startedAt: number
  endedAt: number | undefined
  status: 'InProgress' | 'Successful' | 'Failed' | 'Overridden'
  message: string
  /** A decision not to scale, and why. */
  notScaled: { code: string; min: number; max: number; current: number } | undefined
}

/** A service's desiredCount, with bounds. */
export class ScalableTarget implements ScalableTargetHandle {
  readonly policies: ScalingPolicy[] = []
  /** Newest first. */
  readonly activities: ScalingActivity[] = []
  readonly createdAt: number
  readonly resourceId: string

  constructor(
    private readonly scaling: Scaling,
    readonly service: Service,
    public min: number,
    public max: number
  ) {
    this.createdAt = scaling.clock.now()
    this.resourceId = `service/${service.clusterName}/${service.name}`
  }

  policy(options: { name: string; metric?: string; target: number }): void {
    const { ids, prefix } = this.scaling
    const { name } = options
    const alarm = (side: string): string =>
      `TargetTracking-${this.resourceId}-${side}-${ids.hex(8)}-${ids.hex(4)}-${ids.hex(4)}-${ids.hex(12)}`
    this.policies.push({
      name,
      arn: `${prefix}:scalingPolicy:${ids.hex(8)}-${ids.hex(12)}:resource/ecs/${this.resourceId}:policyName/${name}`,
      metric: options.metric ?? 'ECSServiceAverageCPUUtilization',
      target: options.target,
      createdAt: this.scaling.clock.now(),
      alarms: [alarm('AlarmHigh'), alarm('AlarmLow')]
    })
  }

  to(wanted: number): boolean {
    const { service } = this
    const current = service.desiredCount
    const n = Math.min(this.max, Math.max(this.min, wanted))
    const deploying = service.deployments[0]?.rolloutState === 'IN_PROGRESS'
    const why =
      n < current && deploying
        ? 'TargetServicePutResourceAsUnscalable'
        : n !== current
          ? undefined
          : wanted > n
            ? 'AlreadyAtMaxCapacity'
            : wanted < n
              ? 'AlreadyAtMinCapacity'
              : 'AlreadyAtDesiredCapacity'
    const activity = this.begin(n, why)
    if (why !== undefined) return false
    this.scaling.ecs.scale(service, n)
    this.scaling.whenRunning(service, n, (overridden) => {
      activity.endedAt = this.scaling.clock.now()
      activity.status = overridden ? 'Overridden' : 'Successful'
      if (!overridden) activity.message = scalingTexts.fulfilled(n)
    })
    return true
  }

  private begin(n: number, notScaled: string | undefined): ScalingActivity {
    const { service, min, max } = this
    const now = this.scaling.clock.now()
    const policy = this.policies.at(-1)
    const alarm = policy?.alarms[n < service.desiredCount ? 1 : 0] ?? ''
    const made: ScalingActivity = {
      id: this.scaling.ids.uuid(),
      description: scalingTexts.description(n),
      cause: scalingTexts.cause(policy?.name ?? 'unknown', alarm),
      startedAt: now,
      endedAt: notScaled === undefined ? undefined : now,
      status: notScaled === undefined ? 'InProgress' : 'Failed',
      message: notScaled === undefined ? scalingTexts.waiting(n) : '',
      notScaled:
        notScaled === undefined ? undefined : { code: notScaled, min, max, current: service.desiredCount }
    }
    this.activities.unshift(made)
    return made
  }
}

/** The region's scalable targets. */
export class Scaling implements ScalingBuilder {
  readonly targets: ScalableTarget[] = []
  readonly ids: Ids
  readonly prefix: string

  constructor(
    readonly clock: Clock,
    seed: number,
    region: string,
    account: string,
    readonly ecs: Ecs,
    private readonly listen: (listener: (happening: Happening) => void) => () => void
  ) {
    this.ids = new Ids((seed ^ 0x7363616c) >>> 0)
    this.prefix = `arn:aws:autoscaling:${region}:${account}`
  }

  target(service: ServiceHandle, bounds: { min: number; max: number }): ScalableTarget {
    const held = this.ecs.held(service)
    const made = new ScalableTarget(this, held, bounds.min, bounds.max)
    this.targets.push(made)
    if (held.desiredCount < bounds.min || held.desiredCount > bounds.max) made.to(held.desiredCount)
    return made
  }

  /** Calls back once when so many tasks run and nothing is starting, or when somebody wants another number. */
  whenRunning(service: Service, n: number, done: (overridden: boolean) => void): void {
    const forget = this.listen(({ ids }) => {
      if (ids.service !== service.name) return
      const overridden = service.desiredCount !== n
      const alive = service.tasks.filter((t) => t.desiredStatus === 'RUNNING')
      if (!overridden && (alive.length !== n || alive.some((t) => t.pending))) return
      forget()
      done(overridden)
    })
  }
}
