/** Requests a minute that watching may spend on tasks and targets, beside one DescribeServices a poll. */
const detailBudget = (desired: number) => (desired <= 50 ? 24 : 70)
const longestGapMs = 30_000

/**
 * How long until tasks and targets are looked at again, in milliseconds: as often as polling, unless the
 * last such look was so dear in requests that the budget would be passed.
 */
export function detailGap(pollMs: number, detailRequests: number, desired: number): number {
  const affordable = (60_000 * detailRequests) / detailBudget(desired)
  return Math.max(pollMs, Math.min(longestGapMs, affordable))
}
