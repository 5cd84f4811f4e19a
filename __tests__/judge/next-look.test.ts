import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  budget,
  expectedAt,
  gapMs,
  hasCome,
  readsAlarms,
  readsDetails,
  spend,
  type Purse
} from '../../src/judge/next-look.js'
import { after, look, policy, service, start, subject, task } from './looks.js'

/**
 * Watches for so long with looks of a fixed cost, while the service shows a change every so often; gives when tasks
 * and targets were read, and the requests a minute.
 */
function watch(
  pollMs: number,
  cost: number,
  desired: number,
  { changesEveryMs = Infinity, forMs = 600_000, throttles = 0, alarms = false } = {}
): { reads: number[]; looks: number[]; average: number; busiest: number } {
  const sent: number[] = []
  const reads: number[] = []
  const looks: number[] = []
  let purse: Purse | undefined
  let paid = 0
  const settle = (now: number): number => {
    purse = spend(purse, now, sent.length - paid, desired)
    paid = sent.length
    return purse.left
  }
  for (let now = 0; now < forMs;) {
    sent.push(now)
    looks.push(now)
    const sinceDetails = now - (reads.at(-1) ?? -Infinity)
    const alarming = alarms && now % 20_000 < 5000
    const moved = Math.floor(now / changesEveryMs) > Math.floor((reads.at(-1) ?? 0) / changesEveryMs)
    const spent = { left: settle(now), detailRequests: cost, sinceDetails, moved, alarming }
    if (readsDetails({ ...spent, expected: false, unsettled: true }, desired)) {
      reads.push(now)
      for (let i = 0; i < cost; i += 1) sent.push(now)
    }
    now += gapMs(pollMs, settle(now), throttles, desired)
  }
  const inMinute = (from: number) => sent.filter((at) => at >= from && at < from + 60_000).length
  return {
    reads,
    looks,
    average: sent.length / (forMs / 60_000),
    busiest: Math.max(...[...new Set(sent)].map(inMinute))
  }
}

test('alarms are asked for every ten seconds, and every thirty when nothing is left to spend', () => {
  expect([9_999, 10_000].map((since) => readsAlarms(1, since))).toEqual([false, true])
  expect([29_999, 30_000].map((since) => readsAlarms(0.9, since))).toEqual([false, true])
  // None to watch.
  expect(readsAlarms(10, -Infinity)).toBe(false)
})

describe('the budget', () => {
  test.each([
    [1, 30],
    [10, 30],
    [100, 60],
    [1000, 90],
    [5000, 90]
  ])('%i tasks: %i requests a minute', (desired, most) => {
    expect(budget(desired)).toBeCloseTo(most)
  })

  test.each([
    ['1 task, polled every second, always in motion', 1000, 4, 1, 30],
    ['10 tasks at the usual interval', 5000, 4, 10, 30],
    ['10 tasks, polled every second', 1000, 4, 10, 30],
    ['10 tasks behind five target groups', 2000, 9, 10, 30],
    ['1000 tasks', 5000, 45, 1000, 90],
    ['1000 tasks that die all the time', 5000, 45, 1000, 90, true],
    ['10 tasks that die all the time', 5000, 4, 10, 30, true],
    ['1000 tasks, polled every second', 1000, 45, 1000, 90]
  ] as [string, number, number, number, number, boolean?][])(
    '%s: kept over ten minutes',
    (_, pollMs, cost, desired, most, alarms = false) => {
      expect(watch(pollMs, cost, desired, { changesEveryMs: 2000, alarms }).average).toBeLessThanOrEqual(most)
    }
  )

  test('kept for any poll interval and cost of up to ten tasks, and no single minute is dearer than 40', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 1, max: 120 }),
        (seconds, cost, changes) => {
          const { reads, average, busiest } = watch(seconds * 1000, cost, 10, {
            changesEveryMs: changes * 1000
          })
          expect(average).toBeLessThanOrEqual(30)
          expect(busiest).toBeLessThanOrEqual(40)
          // Details are never given up.
          const gaps = reads.slice(1).map((at, i) => at - (reads[i] ?? 0))
          expect(Math.max(...gaps)).toBeLessThanOrEqual(120_000)
        }
      ),
      { numRuns: 60 }
    )
  })
})

describe('tasks and targets are read', () => {
  const calm = {
    left: 10,
    detailRequests: 4,
    sinceDetails: 5000,
    moved: false,
    alarming: false,
    expected: false,
    unsettled: false
  }
  test.each([
    ['not while nothing points at a change', {}, false],
    ['when the service shows a change', { moved: true }, true],
    ['when a moment comes at which the evidence can turn', { expected: true }, true],
    ['every 10 s while a running task is not healthy', { unsettled: true, sinceDetails: 10_000 }, true],
    ['every 30 s in any case', { sinceDetails: 30_000 }, true],
    ['at once when a task may have died, even into debt', { alarming: true, left: -10 }, true],
    ['but not ever deeper', { alarming: true, left: -14 }, false],
    ['not beyond the budget', { moved: true, left: 3 }, false],
    ['without a change only when enough is left for one', { sinceDetails: 30_000, left: 7 }, false],
    ['after a minute whatever it costs', { sinceDetails: 60_000, left: -20 }, true]
  ])('%s', (_, change, expected) => {
    expect(readsDetails({ ...calm, ...change }, 2)).toBe(expected)
  })

  test.each([3, 5, 6, 8])('a short poll interval does not starve them: %i requests', (cost) => {
    const { reads } = watch(1000, cost, 2)
    const gaps = reads.slice(1).map((at, i) => at - (reads[i] ?? 0))
    expect(Math.max(...gaps)).toBeLessThanOrEqual(45_000)
  })

  test('a change is seen in the very look that shows it', () => {
    const { reads, looks } = watch(5000, 4, 2, { changesEveryMs: 45_000 })
    for (const changed of [45_000, 90_000, 135_000])
      expect(reads).toContain(looks.find((at) => at >= changed))
  })
})

test('throttling slows all calls down together, and no further than a minute', () => {
  expect([0, 1, 2, 3, 9].map((n) => gapMs(5000, 10, n, 2))).toEqual([5000, 10_000, 20_000, 40_000, 60_000])
})

test('the moments at which evidence can turn: 40 s of running, the end of grace, the patience with a standstill', () => {
  const seen = look(10, {
    tasks: [task('1', { startedAt: start + 8000 })],
    service: service({ gracePeriodMs: 90_000 })
  })
  const { memory } = after([seen])
  const moments = expectedAt(subject, memory, seen, policy).map((at) => (at - start) / 1000)
  expect(moments).toEqual([48, 103, 70, 1800])
  expect(hasCome([start + 48_000], start + 45_000, start + 50_000)).toBe(true)
  expect(hasCome([start + 48_000], start + 50_000, start + 55_000)).toBe(false)
})
