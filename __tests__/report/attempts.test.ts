import { expect, test } from '@jest/globals'
import {
  isNewer,
  markerOf,
  readState,
  stateAfter,
  stateLine,
  type Attempt
} from '../../src/report/attempts.js'

const key = { environment: 'production', cluster: 'shop', service: 'shop-web' }
const attempt = (run: string, at: number, more: Partial<Attempt> = {}): Attempt => ({
  run,
  attempt: 1,
  at,
  ...more
})
const full = attempt('2', 1_780_304_400, {
  outcome: 'rolled-back',
  reasonCode: 'container-exit',
  revision: 'shop-web:2',
  commit: '4f1c2b9',
  took: 385
})
const bodyWith = (line: string) => `${markerOf(key)}\n${line}\n\nwords`
const forged = (value: unknown) => `<!-- safe-ecs-deploy-state ${btoa(JSON.stringify(value))} -->`

test('what a comment remembers comes back as it was', () => {
  const state = { current: full, past: [attempt('1', 5, { outcome: 'deployed' })] }
  expect(readState(bodyWith(stateLine(state)), key)).toEqual(state)
})

test('a state stands behind our own first line, or it is none', () => {
  const line = stateLine({ current: full, past: [] })
  for (const body of [
    line,
    `words ${bodyWith(line)}`,
    `> ${bodyWith(line)}`,
    `${markerOf({ ...key, service: 'shop-web-2' })}\n${line}`,
    `${markerOf(key)} more\n${line}`,
    `${markerOf(key)}\n\n${line}`
  ])
    expect(readState(body, key)).toBeUndefined()
})

test.each<[string, unknown]>([
  ['no object', 3],
  ['no current run', { p: [] }],
  ['a run that is no number', { c: ['1-->', 1, 1] }],
  ['a negative attempt', { c: ['1', -1, 1] }],
  ['a time that is none', { c: ['1', 1, 'now'] }]
])('a forged state is none: %s', (_, value) => {
  expect(readState(bodyWith(forged(value)), key)).toBeUndefined()
})

test('forged words in a state are left out, and a table has at most five rows', () => {
  const words = ['7', 1, 9, '@octocat', '<b>', '--> <img>', 'not hex', 1e9]
  const state = readState(bodyWith(forged({ c: words, p: Array.from({ length: 50 }, () => words) })), key)
  expect(state?.current).toEqual({ run: '7', attempt: 1, at: 9 })
  expect(state?.past).toHaveLength(5)
})

test('names that hold a line end, or the end of a comment, cannot end the marker', () => {
  expect(markerOf({ ...key, service: 'a -->\n@octocat' })).toMatch(
    /^<!-- safe-ecs-deploy production shop \w[\w-]* -->$/
  )
})

test('an attempt is in the table once, the newest first', () => {
  const once = stateAfter(
    { current: attempt('2', 20), past: [attempt('3', 5), attempt('1', 1)] },
    attempt('3', 30)
  )
  expect(once.past.map((a) => a.run)).toEqual(['2', '1'])
})

test.each<[string, Attempt, boolean]>([
  ['the same run', attempt('5', 100), false],
  ['a later attempt of it', { ...attempt('5', 50), attempt: 2 }, true],
  ['a run that began later', attempt('4', 101), true],
  ['a run that began earlier', attempt('6', 99), false],
  ['a later run of the same second', attempt('6', 100), true],
  ['one that says to be from the future', attempt('9', 10_000), false]
])('%s in the comment: is it newer', (_, there, newer) => {
  expect(isNewer(there, attempt('5', 100), 200)).toBe(newer)
})
