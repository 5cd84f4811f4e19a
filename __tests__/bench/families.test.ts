/** A fiftieth of the two random families of the judge's bench; the whole of them is `bench/judge/bench.ts`. */
import { expect, test } from '@jest/globals'
import { playSeed } from '../../bench/judge/family.js'

// SEED=17 npm test -- __tests__/bench/families plays seed 17 of both alone.
const only = process.env['SEED']
const seeds = (count: number): number[] =>
  only === undefined ? Array.from({ length: count }, (_, seed) => seed) : [Number(only)]

test.each([
  { family: 'healthy' as const, count: 200, are: 'good worlds, however messy, are called healthy' },
  { family: 'failing' as const, count: 100, are: 'bad worlds are called failing, for the right cause' }
])('$count $are', async ({ family, count }) => {
  const wrong: string[] = []
  for (const seed of seeds(count)) {
    const one = await playSeed(family, seed)
    if (one !== undefined) wrong.push(`seed ${seed}: ${one.kind}: ${one.said} (${one.about})`)
  }
  expect(wrong.join('\n')).toBe('')
})
