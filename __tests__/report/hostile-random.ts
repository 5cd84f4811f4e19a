/** Random texts out of hostile ones, the same in every run. */
import fc from 'fast-check'
import { hostile } from './hostile.js'

const marks = ['`', '``', '```', '|', '<', '>', '@', '::', '##[', ']', '\n', '\r', '\u001b', ' ', '-', '#']
const more = ['\\', '*', '[', '(', ')', 'a', 'the', '<br>', '</details>', 'task ', 'sha256:', '(service x)']
const pieces = [...hostile.filter((text) => text.length < 300), ...marks, ...more]

const characters = fc
  .array(
    fc.oneof(
      fc.integer({ min: 0, max: 0x2ff }),
      fc.integer({ min: 0x2000, max: 0x206f }),
      fc.integer({ min: 0, max: 0x10ffff })
    ),
    { maxLength: 40 }
  )
  .map((points) => String.fromCodePoint(...points))

const composed = fc.array(fc.constantFrom(...pieces), { maxLength: 6 }).map((all) => all.join(''))

/** So many texts: pieces of the corpus put together, and characters of every kind. */
export function randomTexts(count: number): string[] {
  const text = fc.oneof({ weight: 4, arbitrary: composed }, { weight: 1, arbitrary: characters })
  return fc.sample(text, { numRuns: count, seed: 20261121 })
}
