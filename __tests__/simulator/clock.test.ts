import { expect, test } from '@jest/globals'
import { Clock, defaultStart } from '../../simulator/index.js'

test('clock: events run in time order, ties in the order they were planned', () => {
  const clock = new Clock()
  const ran: string[] = []
  const at = (ms: number, name: string) =>
    clock.after(ms, () => ran.push(`${name}@${clock.now() - defaultStart}`))
  at(20, 'c')
  at(10, 'a')
  at(10, 'b')
  clock.after(5, () => at(5, 'planned later'))
  clock.advanceBy(15)
  expect(ran).toEqual(['a@10', 'b@10', 'planned later@10'])
  expect(clock.now()).toBe(defaultStart + 15)
  clock.advanceTo(defaultStart + 100)
  expect(ran.at(-1)).toBe('c@20')
})

test('clock: a cancelled event does not run, and time never goes back', () => {
  const clock = new Clock(1000)
  let ran = 0
  const cancel = clock.at(2000, () => ran++)
  cancel()
  clock.at(500, () => ran++)
  clock.advanceTo(3000)
  clock.advanceTo(10)
  expect([ran, clock.now()]).toEqual([1, 3000])
})

test('clock: many events keep their order', () => {
  const clock = new Clock(0)
  const seen: number[] = []
  for (let i = 0; i < 2000; i++) {
    const ms = (i * 7919) % 1009
    clock.at(ms, () => seen.push(ms))
  }
  clock.advanceTo(2000)
  expect(seen).toEqual([...seen].sort((a, b) => a - b))
  expect(seen).toHaveLength(2000)
})
