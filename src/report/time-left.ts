import type { Happening } from '../domain/events.js'
import { sayDuration } from '../domain/duration.js'

/** How much longer a deployment can take, milliseconds. Neither is a promise. */
export interface TimeLeft {
  /** With ideal tasks, by the service's own numbers; once all is healthy, what is left of the bake time. */
  leastMs: number
  /** Until the run gives up. */
  mostMs: number
  /** All is healthy: it takes the least, unless that changes. */
  sure: boolean
}

/**
 * The least and the most time that is left at `now`, out of what was told so far; undefined while nothing is watched,
 * and once it fails. The least of a rollout is the plan's estimate; going back has none, and no bake time. Pure.
 */
export function timeLeftOf(happenings: readonly Happening[], now: number): TimeLeft | undefined {
  let released: number | undefined
  let estimateMs = 0
  let checks: Extract<Happening, { code: 'checks' }>['checks'] | undefined
  for (const h of happenings) {
    if (h.code === 'plan' && h.plan.time?.possible === true) estimateMs = h.plan.time.leastMs
    else if (h.code === 'checks') checks = h.checks
    else if (h.code === 'cause' || h.code === 'ended') checks = undefined
    else if (h.code === 'step') {
      checks = undefined
      if (h.step === 'release') released = h.at
      else if (h.step !== 'watch') released = undefined
    }
  }
  if (!checks) return undefined
  const { healthySince, bakeMs, deadline } = checks
  if (healthySince !== undefined) {
    const leastMs = Math.max(0, healthySince + bakeMs - now)
    return { leastMs, mostMs: leastMs, sure: true }
  }
  const rollout = released === undefined ? 0 : Math.max(0, released + estimateMs - now)
  const leastMs = rollout + bakeMs
  return { leastMs, mostMs: Math.max(leastMs, deadline - now), sure: false }
}

/** `at least 2m 50s, at most 30m 00s (the timeout)`; whole seconds. */
export function sayTimeLeft({ leastMs, mostMs, sure }: TimeLeft): string {
  if (sure) return `${sayDuration(leastMs)}, if all stays healthy`
  const most = `at most ${sayDuration(mostMs)} (the timeout)`
  return leastMs < 1000 ? most : `at least ${sayDuration(leastMs)}, ${most}`
}
