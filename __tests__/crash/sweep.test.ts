/** A few points of the crash sweep, by a seed; the whole of it is `npm run bench -- crash`. */
import { expect, test } from '@jest/globals'
import { crashCases } from '../../bench/crash/cases.js'
import { nameOf, playPoint, pointsOf } from '../../bench/crash/sweep.js'
import { Dice } from '../../bench/judge/dice.js'

// SEED=17 npm test -- __tests__/crash/sweep plays other points.
const seed = Number(process.env['SEED'] ?? 6)
const dice = new Dice(seed)

test('killed anywhere, with and without post: the service and the next run are as they must be', async () => {
  const wrong: string[] = []
  for (let i = 0; i < 3; i++) {
    const points = await pointsOf(dice.pick(crashCases))
    for (let j = 0; j < 3; j++) {
      const point = dice.pick(points)
      const broken = await playPoint(point)
      if (broken.length > 0) wrong.push(`seed ${seed}, point "${nameOf(point)}": ${broken.join(' | ')}`)
    }
  }
  expect(wrong.join('\n')).toBe('')
})
