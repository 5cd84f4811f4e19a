import { expect, test } from '@jest/globals'
import { clockFace, parseDuration, sayDuration } from '../../src/domain/duration.js'

test.each([
  ['90s', 90_000],
  ['30m', 1_800_000],
  ['1h', 3_600_000],
  ['1h30m', 5_400_000],
  ['0s', 0]
])('%s', (text, ms) => expect(parseDuration(text)).toBe(ms))

test.each(['', '30', 's', '1.5h', '-1s', '1d', '30 m', '1m1h', '1e3s', '٣s'])('"%s" is no duration', (text) =>
  expect(parseDuration(text)).toBeUndefined()
)

test('durations as people read them', () => {
  expect([sayDuration(45_000), sayDuration(125_000), sayDuration(3_720_000)]).toEqual([
    '45s',
    '2m 05s',
    '1h 02m'
  ])
  expect([clockFace(5000), clockFace(760_000), clockFace(3_723_000)]).toEqual(['0:05', '12:40', '1:02:03'])
})
