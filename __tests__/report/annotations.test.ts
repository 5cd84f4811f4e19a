import { expect, test } from '@jest/globals'
import type { Happening } from '../../src/domain/events.js'
import type { Ending } from '../../src/domain/outcome.js'
import { annotationsOf } from '../../src/report/annotations.js'

const green: Ending = { outcome: 'deployed', reason: 'shop-web runs shop-web:2.', evidence: [] }
const red: Ending = {
  outcome: 'rolled-back',
  reasonCode: 'container-exit',
  reason: 'shop-web:2 failed.',
  evidence: ['proof'],
  fix: 'Mend it.'
}
const warnings = ['No permission for logs.', '::error::forged', 'third'].map((text): Happening => ({
  code: 'warning',
  text,
  at: 0
}))

test('a green run without trouble has none', () => {
  expect(annotationsOf(green, [], [undefined, undefined])).toEqual({})
})

test('one error, the root cause, with what to do', () => {
  expect(annotationsOf(red, [])).toEqual({
    error: { title: 'rolled-back (container-exit)', message: 'shop-web:2 failed. Mend it.' }
  })
})

test('many warnings are one, and many troubles of GitHub are one notice', () => {
  const { warning, notice, error } = annotationsOf(green, warnings, ['One.', undefined, '::error::Two.'])
  expect(error).toBeUndefined()
  expect(warning?.message).toBe('No permission for logs. (and 2 more warnings in the job summary)')
  expect(notice?.message).toBe('One. :\u200b:error::Two.')
})
