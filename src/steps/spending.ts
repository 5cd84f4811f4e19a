import type { Observation } from '../domain/observation.js'
import type { Deployment } from '../domain/service.js'
import { gapMs, readsAlarms, readsDetails, spend, type Purse } from '../judge/next-look.js'
import type { Ports } from '../ports.js'

/** Keeps the account of what watching spends on requests. */
export class Spending {
  private purse: Purse | undefined
  /** All requests of the run that the purse has paid for. */
  private paid: number
  private detailRequests = 4
  private detailsAt = -Infinity
  private shown = ''
  private last: Deployment | undefined
  private alarming = false

  constructor(
    private readonly ports: Ports,
    private readonly deploymentId: string
  ) {
    this.paid = ports.requestsSince(-Infinity)
  }

  /** Whether tasks and targets are to be read in this look, by what the service shows. */
  wants(seen: Observation, hints: { expected: boolean; unsettled: boolean }): boolean {
    const now = this.ports.clock.now()
    const { desired, deployments } = seen.service
    const { left } = this.settle(desired)
    const own = deployments.find((d) => d.id === this.deploymentId)
    if (isAlarming(this.last, own)) this.alarming = true
    this.last = own
    const spent = {
      ...hints,
      left,
      detailRequests: this.detailRequests,
      sinceDetails: now - this.detailsAt,
      moved: showing(seen) !== this.shown,
      alarming: this.alarming
    }
    return readsDetails(spent, desired)
  }

  /** Whether the alarms are to be asked for in this look, last read at `alarmsAt` (epoch milliseconds). */
  wantsAlarms(alarmsAt: number, desired: number): boolean {
    return readsAlarms(this.settle(desired).left, this.ports.clock.now() - alarmsAt)
  }

  /** When tasks and targets were last read, epoch milliseconds. */
  get lastDetails(): number {
    return this.detailsAt
  }

  /** Tasks and targets have been read, by all requests since `wants` was asked. */
  detailsRead(seen: Observation): void {
    this.detailRequests = Math.max(1, this.ports.requestsSince(-Infinity) - this.paid)
    this.detailsAt = this.ports.clock.now()
    this.shown = showing(seen)
    this.alarming = false
  }

  /** How long to wait for the next look. */
  gap(pollMs: number, desired: number): number {
    const { left } = this.settle(desired)
    const throttles = this.ports.throttlesSince?.(this.ports.clock.now() - 60_000) ?? 0
    return gapMs(pollMs, left, throttles, desired)
  }

  private settle(desired: number): Purse {
    const sent = this.ports.requestsSince(-Infinity)
    this.purse = spend(this.purse, this.ports.clock.now(), sent - this.paid, desired)
    this.paid = sent
    return this.purse
  }
}

/** True when tasks of ours are gone, more have failed, or ECS has come to an end with the deployment. */
function isAlarming(before: Deployment | undefined, now: Deployment | undefined): boolean {
  if (!before || !now) return before !== now
  return (
    now.failed > before.failed ||
    now.running < before.running ||
    now.running + now.pending < before.running + before.pending ||
    now.rolloutState !== before.rolloutState ||
    now.status !== before.status
  )
}

/** All that the service shows of its movements, as one text. */
function showing({ service }: Observation): string {
  return JSON.stringify([
    service.desired,
    service.events[0]?.id,
    service.deployments.map((d) => [d.id, d.status, d.rolloutState, d.pending, d.running, d.failed])
  ])
}
