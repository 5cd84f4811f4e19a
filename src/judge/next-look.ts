/** Requests a minute that watching may spend: a promise for small services, a courtesy for large ones. */
const budget = (desired: number) => (desired <= 50 ? 40 : 90)
/** Of these, what tasks and targets may take; the rest is one DescribeServices a poll. */
const detailBudget = (desired: number) => budget(desired) * 0.6
const longestGapMs = 30_000
/** Tasks and targets are never out of sight for longer, whatever they cost. */
const blindestMs = 60_000

/** What deciding on the next look needs to know. Times in milliseconds. */
export interface Spent {
  /** Requests sent in the last minute. */
  lastMinute: number
  /** Requests that the last look at tasks and targets took. */
  detailRequests: number
  /** How long ago that was; Infinity when there was none. */
  sinceDetails: number
  /** ECS moved the deployment to another state since then. */
  moved: boolean
}

/**
 * Whether this look reads tasks and targets too: as often as polling, unless they are so dear in requests
 * that the budget of a minute would be passed.
 */
export function readsDetails(spent: Spent, pollMs: number, desired: number): boolean {
  const dear = spent.lastMinute + spent.detailRequests + 1 > budget(desired)
  if (dear && spent.sinceDetails < blindestMs) return false
  const affordable = (60_000 * spent.detailRequests) / detailBudget(desired)
  return spent.moved || spent.sinceDetails >= Math.max(pollMs, Math.min(longestGapMs, affordable))
}
