import { breakerThreshold, type Service } from '../domain/service.js'

/** What the judge is told to hold a rollout to. Times in milliseconds. */
export interface Policy {
  maxFailedTasks: number | 'auto'
  bakeMs: number
  /** When a deployment that is not healthy yet is given up, epoch milliseconds. */
  deadline: number
  /**
   * The end of the whole run, epoch milliseconds: what may still get well and is not to be undone has until then.
   * Default: the deadline; for what ECS has completed, there is no end but its own.
   */
  end?: number
  /** CloudWatch alarms that must not go to ALARM; those that were in ALARM before are not among them. */
  alarms?: readonly string[]
  /** Some of them were asked for: without sight of them there is no verdict. ECS watches its own all the same. */
  alarmsAsked?: boolean
}

/** A task without load balancer and health check counts as healthy this long after RUNNING (ECS documentation). */
export const unprovenHealthyMs = 40_000

/**
 * A new task that is unhealthy past its grace period counts as failed, though ECS has not stopped it yet, when
 * it was seen so for this long: as long as ECS's scheduler takes between two turns (observed).
 */
export const doomedAfterMs = 5000

/** How long a target group's checks take to be sure, where the role may not read their interval and threshold. */
export const unreadChecksMs = 120_000

/** Longer than this, what follows a task that was healthy and died need not be watched. */
export const longestProofMs = 10 * 60_000

/**
 * How long nothing may move before a deployment that is blocked counts as stuck. Each is longer than what has
 * been seen to clear by itself: Fargate capacity comes back within minutes, an instance joins a cluster within
 * five, protection of a task ends with its work.
 */
export const stuckAfterMs = {
  /** The percentages leave no room: nothing but a change of the service can help. */
  arithmetic: 60_000,
  /** ECS says that the percentages leave no room, and the arithmetic does not show it. */
  configuration: 3 * 60_000,
  blocked: 2 * 60_000,
  quota: 5 * 60_000,
  capacity: 10 * 60_000,
  protection: 10 * 60_000
}

/**
 * The same for one deployment that stands still since then (epoch milliseconds): never more than half of the time that
 * was left to the run's deadline, so that the rest is there for going back. Protected tasks get theirs in full: their
 * work ends, and all may be healthy by then.
 */
export function patienceMs(kind: keyof typeof stuckAfterMs, policy: Policy, standingSince: number): number {
  const usual = stuckAfterMs[kind]
  return kind === 'protection' ? usual : Math.min(usual, (policy.deadline - standingSince) / 2)
}

/** So much of the run's time is kept for going back, at most, milliseconds. */
const keptMs = 5 * 60_000

/**
 * When a deployment is given up, epoch milliseconds, so that what follows fits into the time of the run: the bake, and
 * where it would be undone (`undoes`) going back, a quarter of the time but not more than five minutes. At the least half
 * of the time is the deployment's own.
 */
export function giveUpAt(endsAt: number, timeoutMs: number, bakeMs: number, undoes: boolean): number {
  const back = undoes ? Math.min(timeoutMs / 4, keptMs) : 0
  return endsAt - Math.min(timeoutMs / 2, Math.max(back, bakeMs))
}

/**
 * How many failed tasks a deployment may have before it is called a replacement loop.
 * `auto`: 1 up to 4 desired tasks, else 25 % of them; always below the service's own circuit breaker,
 * which would otherwise speak first. `most` is the largest count that was wanted meanwhile.
 */
export function tolerance(asked: number | 'auto', service: Service, most = service.desired): number {
  const wanted = asked === 'auto' ? Math.max(1, Math.floor(Math.max(most, service.desired) / 4)) : asked
  const threshold = breakerThreshold(service.breaker, service.desired)
  return threshold === undefined ? wanted : Math.max(0, Math.min(wanted, threshold - 1))
}
