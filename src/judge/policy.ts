import { breakerThreshold, type Service } from '../domain/service.js'

/** What the judge is told to hold a rollout to. Times in milliseconds. */
export interface Policy {
  maxFailedTasks: number | 'auto'
  bakeMs: number
  /** When the run's own patience ends, epoch milliseconds. */
  deadline: number
}

/** A task without load balancer and health check counts as healthy this long after RUNNING (ECS documentation). */
export const unprovenHealthyMs = 40_000

/**
 * How many failed tasks a deployment may have before it is called a replacement loop.
 * `auto`: 1 up to 4 desired tasks, else 25 % of them; always below the service's own circuit breaker,
 * which would otherwise speak first.
 */
export function tolerance(asked: number | 'auto', service: Service): number {
  const wanted = asked === 'auto' ? Math.max(1, Math.floor(service.desired / 4)) : asked
  const threshold = breakerThreshold(service.breaker, service.desired)
  return threshold === undefined ? wanted : Math.max(0, Math.min(wanted, threshold - 1))
}
