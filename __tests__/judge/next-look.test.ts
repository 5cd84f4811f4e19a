import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { readsDetails } from '../../src/judge/next-look.js'

/** Watches for ten minutes with looks of a fixed cost; gives when details were read and the busiest minute. */
function watch(pollMs: number, cost: number, desired: number): { reads: number[]; busiest: number } {
  const sent: number[] = []
  const reads: number[] = []
  for (let now = 0; now < 600_000; now += pollMs) {
    const lastMinute = sent.filter((at) => at > now - 60_000).length
    const sinceDetails = now - (reads.at(-1) ?? -Infinity)
    sent.push(now)
    if (
      !readsDetails(
        { lastMinute, detailRequests: reads.length === 0 ? 0 : cost, sinceDetails, moved: false },
        pollMs,
        desired
      )
    )
      continue
    reads.push(now)
    for (let i = 0; i < cost; i += 1) sent.push(now)
  }
  const busiest = Math.max(
    ...sent.map((from) => sent.filter((at) => at >= from && at < from + 60_000).length)
  )
  return { reads, busiest }
}

test('one target group: every second look at the usual poll interval', () => {
  const { reads } = watch(5000, 4, 2)
  expect(reads.slice(1, 6).map((at, i) => at - (reads[i] ?? 0))).toEqual([
    10_000, 10_000, 10_000, 10_000, 10_000
  ])
})

test('no minute is dearer than 40 requests, whatever a look costs, and details are never given up', () => {
  fc.assert(
    fc.property(fc.integer({ min: 5, max: 60 }), fc.integer({ min: 1, max: 12 }), (seconds, cost) => {
      const { reads, busiest } = watch(seconds * 1000, cost, 10)
      expect(busiest).toBeLessThanOrEqual(40)
      const gaps = reads.slice(1).map((at, i) => at - (reads[i] ?? 0))
      expect(Math.max(...gaps)).toBeLessThanOrEqual(60_000)
    })
  )
})

test('a state that moved is looked at once more, within the budget', () => {
  const spent = { lastMinute: 10, detailRequests: 4, sinceDetails: 5000, moved: true }
  expect(readsDetails(spent, 5000, 2)).toBe(true)
  expect(readsDetails({ ...spent, lastMinute: 38 }, 5000, 2)).toBe(false)
})
