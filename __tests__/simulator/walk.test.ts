import { expect, test } from '@jest/globals'
import { walk } from './walk.js'

// WALK=17 npm test -- __tests__/simulator/walk walks through world 17 alone.
const only = process.env['WALK']
const worlds = only === undefined ? Array.from({ length: 2000 }, (_, seed) => seed) : [Number(only)]

test('random walk: 2,000 worlds of random services, images and writes keep every invariant', () => {
  const broken: string[] = []
  for (const seed of worlds) {
    try {
      walk(seed)
    } catch (error) {
      broken.push(error instanceof Error ? error.message : String(error))
      if (broken.length === 3) break
    }
  }
  expect(broken.join('\n\n')).toBe('')
})
