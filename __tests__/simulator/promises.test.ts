import { expect, test } from '@jest/globals'
import { mismatches, promises } from '../../scripts/promises.mjs'

test('the README promises what the tests hold', () => {
  expect(promises().length).toBeGreaterThan(60)
  expect(mismatches()).toEqual([])
})
