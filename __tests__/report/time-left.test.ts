import { expect, test } from '@jest/globals'
import type { Happening, HappeningBody } from '../../src/domain/events.js'
import { sayTimeLeft, timeLeftOf } from '../../src/report/time-left.js'

const at = (seconds: number, body: HappeningBody): Happening => ({ ...body, at: seconds * 1000 })
const plan = {
  code: 'plan',
  only: false,
  plan: { bakeMs: 60_000, time: { possible: true, leastMs: 100_000 } }
} as HappeningBody
const checks = (more: object = {}): HappeningBody => ({
  code: 'checks',
  taskDefinition: 'web:2',
  checks: { checks: [], bakeMs: 60_000, deadline: 1_000_000, ...more }
})
const step = (name: 'release' | 'watch' | 'restore'): HappeningBody => ({
  code: 'step',
  step: name,
  title: ''
})
const rollout = [at(0, plan), at(10, step('release')), at(12, step('watch'))]
const said = (happenings: Happening[], seconds: number) => {
  const left = timeLeftOf(happenings, seconds * 1000)
  return left && sayTimeLeft(left)
}

test.each<[string, Happening[], number, string | undefined]>([
  ['nothing is watched yet', rollout, 15, undefined],
  ['at the beginning', [...rollout, at(15, checks())], 20, 'at least 2m 30s, at most 16m 20s (the timeout)'],
  [
    'it takes longer than it must',
    [...rollout, at(15, checks())],
    400,
    'at least 1m 00s, at most 10m 00s (the timeout)'
  ],
  ['all is healthy', [...rollout, at(80, checks({ healthySince: 80_000 }))], 95, '45s, if all stays healthy'],
  ['it failed', [...rollout, at(15, checks()), at(20, { code: 'cause' } as HappeningBody)], 21, undefined],
  [
    'it goes back: nobody knows the least',
    [...rollout, at(15, checks()), at(20, step('restore')), at(22, checks({ bakeMs: 0 }))],
    30,
    'at most 16m 10s (the timeout)'
  ],
  [
    'another run begun it: no estimate',
    [at(0, step('watch')), at(5, checks())],
    5,
    'at least 1m 00s, at most 16m 35s (the timeout)'
  ]
])('%s', (_, happenings, seconds, says) => {
  expect(said(happenings, seconds)).toBe(says)
})
