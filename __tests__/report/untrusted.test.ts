import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { codeSpan, fenced, forLog, oneLine } from '../../src/report/untrusted.js'

/** How the runner finds a command in a line: the new form at the start, the old one anywhere. */
const isCommand = (line: string) => line.trimStart().startsWith('::') || /##\[[a-z]/i.test(line)

test.each([
  '::set-output name=outcome::deployed',
  '  ::add-mask::a',
  '##[set-output name=x]y',
  'text ##[error]forged',
  '\u001b[31m::error::red',
  '\u200b::stop-commands::x',
  'a\r::error::b',
  'a\n::error::b'
])('%j forges no command', (text) => {
  for (const line of forLog(text).split(/[\r\n]/)) expect(isCommand(line)).toBe(false)
})

test('nothing that is said can forge a command or break a line', () => {
  const nasty = fc.constantFrom(
    '::',
    '##[',
    'error',
    ']',
    '\n',
    '\r',
    '\u001b[0m',
    '\u2028',
    '\u0085',
    '`',
    '|',
    '\u202e',
    'x',
    ' '
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(nasty).map((a) => a.join('')),
        fc.string({ unit: 'binary' })
      ),
      (text) => {
        const line = forLog(text)
        expect(line).not.toMatch(/[\r\n\u2028\u2029\u0085\u001b\u202e]/)
        expect(isCommand(line)).toBe(false)
        const span = codeSpan(text)
        expect(span === '' || /^`[^`\n]*`$/.test(span)).toBe(true)
        const block = fenced([text]).split('\n')
        expect(block).toHaveLength(3)
        expect(block[1]).not.toContain(block[2])
      }
    ),
    { numRuns: 3000 }
  )
})

test('a long text is cut, never inside a character', () => {
  expect(oneLine('x'.repeat(10), 4)).toBe('xxxx…')
  expect(oneLine('ab😀cd', 3)).toBe('ab…')
})
