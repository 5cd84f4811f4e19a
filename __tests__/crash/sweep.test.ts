/** A few points of the three sweeps, by a seed; the whole of them is `npm run bench -- crash cancels faults`. */
import { describe, expect, test } from '@jest/globals'
import { cancelCases, cancelPoints, nameOfCancel, playCancel } from '../../bench/crash/cancels.js'
import { crashCases } from '../../bench/crash/cases.js'
import { faultCases, faultPoints, nameOfFault, playFault } from '../../bench/crash/faults.js'
import { nameOf, playPoint, pointsOf } from '../../bench/crash/sweep.js'
import { Dice } from '../../bench/judge/dice.js'

// SEED=17 npm test -- __tests__/crash/sweep plays other points.
const seed = Number(process.env['SEED'] ?? 6)

/** Plays so many points, and says of each that broke a rule how to play it again. */
async function sample<P>(
  points: P[],
  count: number,
  bench: string,
  name: (point: P) => string,
  play: (point: P) => Promise<string[]>
): Promise<void> {
  const dice = new Dice(seed)
  const wrong: string[] = []
  for (let i = 0; i < count; i++) {
    const point = dice.pick(points)
    const broken = await play(point)
    const again = `node --import tsx bench/${bench}.bench.ts --all --seed=${seed} ${name(point)}`
    if (broken.length > 0) wrong.push(`seed ${seed}, ${again}: ${broken.join(' | ')}`)
  }
  expect(wrong.join('\n')).toBe('')
}

describe('wherever it is struck, the service and what is said of it are as they must be', () => {
  test('killed at any request, with and without post; then a next run', async () => {
    const { points } = await pointsOf(new Dice(seed).pick(crashCases), new Dice(seed), 100)
    await sample(points, 3, 'crash', nameOf, playPoint)
  }, 240_000)

  test('cancelled at any request, with and without post', async () => {
    const { points } = await cancelPoints(new Dice(seed).pick(cancelCases), new Dice(seed), 100)
    await sample(points, 3, 'cancels', nameOfCancel, playCancel)
  }, 240_000)

  test('an AWS operation that is throttled, broken, silent, denied, expired or stale', async () => {
    const { points } = await faultPoints(new Dice(seed).pick(faultCases))
    await sample(points, 4, 'faults', nameOfFault, playFault)
  }, 240_000)
})
