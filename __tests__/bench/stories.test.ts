/** The bench's table is made of stories by a rule; this holds the rule, and plays a part of the table. */
import { expect, test } from '@jest/globals'
import { judgeRollout } from '../../bench/judge/play.js'
import { badStories, rolloutOf } from '../../bench/judge/stories.js'
import { rightCodes } from '../../bench/judge/table.js'
import { stories } from '../../simulator/stories/index.js'

const { bad } = badStories([2, 10])

test('no story that must end badly is missing from the table', () => {
  const wanted = stories
    .filter((s) => ['rolled-back', 'rollback-failed', 'failed'].includes(s.expect.outcome))
    .filter((s) => rolloutOf(s, { desired: 2, breaker: false }) !== undefined)
    .map((s) => s.name)
  const names = new Set(bad.map((b) => b.name))
  expect(wanted.filter((name) => !names.has(name))).toEqual([])
  expect(wanted.length).toBeGreaterThan(40)
})

test('every row has its right codes', () => {
  expect(bad.filter((one) => rightCodes(one).length === 0).map((one) => one.name)).toEqual([])
})

test('two tasks: each is called failing within three looks of the proof, for the right cause', async () => {
  const wrong: string[] = []
  for (const one of bad.filter((b) => b.desired === 2)) {
    const rollout = rolloutOf(one.story, { desired: 2, breaker: true })!
    const { state, code, after, evidence } = await judgeRollout(rollout, rollout)
    if (state !== 'failing' || !rightCodes(one).includes(code) || after > evidence + 15)
      wrong.push(`${one.name}: ${state} ${code} after ${after} s, proof after ${evidence} s`)
  }
  expect(wrong).toEqual([])
})
