import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { estimateRollout, type RolloutNumbers } from '../../src/domain/rollout-estimate.js'
import { shop } from '../simulator/support.js'

const web: RolloutNumbers = {
  desired: 2,
  launch: 'FARGATE',
  loadBalanced: true,
  deregistrationDelayMs: 30_000,
  imagesByDigest: true
}
const least = (numbers: Partial<RolloutNumbers>): number => {
  const found = estimateRollout({ ...web, ...numbers })
  if (!found.possible) throw new Error(found.why)
  return found.leastMs / 1000
}

/** What the simulated ECS, which knows nothing of the estimate, needs for the same service. */
function simulated(numbers: Partial<RolloutNumbers>): number {
  const n = { ...web, ...numbers }
  const s = shop({
    service: {
      desiredCount: n.desired,
      gracePeriodSeconds: 60,
      ...(n.minimumHealthyPercent === undefined ? {} : { minimumHealthyPercent: n.minimumHealthyPercent }),
      ...(n.maximumPercent === undefined ? {} : { maximumPercent: n.maximumPercent }),
      ...(n.alarmBakeMs === undefined ? {} : { bakeTimeInMinutes: n.alarmBakeMs / 60_000 }),
      ...(n.early === undefined
        ? {}
        : {
            earlySuccessCriteria: {
              enable: true,
              healthyPercent: n.early.healthyPercent,
              sourceServiceRevisionCleanup: n.early.oldTasks === 'later' ? 'DEFERRED' : 'BLOCKING'
            }
          })
    },
    targetGroup: n.loadBalanced
      ? { intervalSeconds: 15, deregistrationDelaySeconds: (n.deregistrationDelayMs ?? 0) / 1000 }
      : null,
    ...(n.containerCheck
      ? {
          container: {
            healthCheck: { command: ['CMD', 'true'], interval: n.containerCheck.intervalMs / 1000 }
          }
        }
      : {})
  })
  const began = s.world.clock.now()
  s.deploy()
  while (s.service.primary.rolloutState !== 'COMPLETED') s.world.clock.advanceBy(500)
  return (s.world.clock.now() - began) / 1000
}

test.each<[string, Partial<RolloutNumbers>]>([
  ['two tasks behind an ALB', {}],
  ['one task', { desired: 1 }],
  ['twelve tasks', { desired: 12 }],
  ['fifty tasks', { desired: 50 }],
  ['no load balancer', { loadBalanced: false }],
  ['a slow drain', { deregistrationDelayMs: 300_000 }],
  ['old tasks first', { minimumHealthyPercent: 50, maximumPercent: 100 }],
  ['all at once', { minimumHealthyPercent: 0, maximumPercent: 100 }],
  ['one and a half', { maximumPercent: 150 }],
  ['ten by a tenth', { desired: 10, maximumPercent: 110 }],
  ['ten, a fifth may go', { desired: 10, minimumHealthyPercent: 80, maximumPercent: 100 }],
  ['a bake of three minutes', { alarmBakeMs: 180_000 }],
  ['early success, old tasks later', { desired: 4, early: { healthyPercent: 75, oldTasks: 'later' } }],
  ['early success, old tasks before', { desired: 4, early: { healthyPercent: 50, oldTasks: 'before' } }],
  [
    'early success in waves',
    { desired: 10, maximumPercent: 120, early: { healthyPercent: 50, oldTasks: 'before' } }
  ],
  ['a container health check', { loadBalanced: false, containerCheck: { intervalMs: 30_000 } }]
])('the least time of %s is within a fifth of what the simulated ECS needs', (_, numbers) => {
  const real = simulated(numbers)
  expect(least(numbers) / real).toBeGreaterThanOrEqual(0.8)
  expect(least(numbers) / real).toBeLessThanOrEqual(1.2)
})

test('a service that can never make progress is said with its arithmetic', () => {
  expect(estimateRollout({ ...web, minimumHealthyPercent: 100, maximumPercent: 100 })).toEqual({
    possible: false,
    why: '2 tasks may not become more than 2 (maximum 100 %) and not fewer than 2 (minimum 100 %): no task can be started or stopped'
  })
  // 75 % of two is two, and 125 % of two is two: the documentation's own example of a stuck service.
  expect(estimateRollout({ ...web, minimumHealthyPercent: 75, maximumPercent: 125 }).possible).toBe(false)
  expect(estimateRollout({ ...web, desired: 0 }).possible).toBe(false)
})

test('tasks that start slower, drain longer, or bake make it longer; a lasting old revision does not', () => {
  expect(least({ startMs: 92_000 })).toBeGreaterThan(least({}) + 50)
  expect(least({ deregistrationDelayMs: 120_000 })).toBe(least({}) + 90)
  expect(least({ alarmBakeMs: 180_000 })).toBe(least({}) + 180)
  expect(least({ early: { healthyPercent: 100, oldTasks: 'later' } })).toBeLessThan(least({}))
  expect(least({ imagesByDigest: false })).toBeGreaterThan(least({}))
})

test('whatever the numbers, there is a time that ends, or a reason', () => {
  fc.assert(
    fc.property(
      fc.record({
        desired: fc.integer({ min: 0, max: 300 }),
        minimumHealthyPercent: fc.integer({ min: 0, max: 200 }),
        maximumPercent: fc.integer({ min: 0, max: 400 }),
        imagesByDigest: fc.boolean(),
        loadBalanced: fc.boolean(),
        percent: fc.integer({ min: 1, max: 100 }),
        oldTasks: fc.constantFrom('before' as const, 'later' as const, undefined)
      }),
      ({ percent, oldTasks, ...numbers }) => {
        const early = oldTasks && { early: { healthyPercent: percent, oldTasks } }
        const found = estimateRollout({ ...web, ...numbers, ...early })
        if (found.possible) {
          expect(found.leastMs).toBeGreaterThanOrEqual(found.taskHealthyMs)
          expect(found.waves).toBeLessThanOrEqual(numbers.desired)
        } else expect(found.why).not.toBe('')
      }
    ),
    { numRuns: 500 }
  )
})
