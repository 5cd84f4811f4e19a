import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { playStory } from '../play.js'
import { storyNamed } from '../../simulator/stories/index.js'
import type { Happening } from '../../src/domain/events.js'
import { logLines } from '../../src/report/log.js'
import { shortEvent } from '../../src/report/shortly.js'
import { paintOf } from '../../src/report/paint.js'
import { wrap } from '../../src/report/wrap.js'

const plain = { startedAt: 0, paint: paintOf(false) }
const painted = { startedAt: 0, paint: paintOf(true) }
const colours = /\u001b\[(?:0|1|31|32|90)m/g

/** How the runner finds a command in a line: the new form at the start, the old one anywhere. */
const isCommand = (line: string) => line.trimStart().startsWith('::') || /##\[[a-z]/i.test(line)

const nasty = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '::error::forged',
        '::error::forged '.repeat(20),
        '##[error]',
        '\u001b[31m',
        '\r',
        '\n',
        '; ',
        'aws ecs x',
        ': aws logs tail y'
      ),
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.string({ unit: 'binary', maxLength: 10 })
    ),
    { maxLength: 30 }
  )
  .map((parts) => parts.join(' '))

const happenings: fc.Arbitrary<Happening> = fc
  .tuple(nasty, nasty, fc.constantFrom('healthy', 'failing', 'waiting'), fc.nat(30), fc.nat(30))
  .chain(([a, b, state, healthy, desired]) => {
    const counts = { desired, healthy, pending: 1, running: 2, failed: 3 }
    return fc.constantFrom<Happening>(
      { code: 'fact', name: a, value: b, at: 1 },
      { code: 'note', text: a, at: 1 },
      { code: 'warning', text: a, at: 1 },
      { code: 'rollout', elapsedMs: 5, counts, state, what: a, first: true, at: 1 },
      { code: 'task-failed', task: 't', reasonCode: 'unknown', text: a, at: 1 },
      { code: 'service-event', eventAt: 7, text: a, at: 1 },
      {
        code: 'cause',
        reasonCode: 'unknown',
        sentence: a,
        evidence: [b],
        logs: [{ task: 't', container: a, lines: [b] }],
        fix: a,
        at: 1
      },
      {
        code: 'ended',
        ending: {
          outcome: 'failed',
          reason: a,
          evidence: [b, a],
          fix: b,
          servingTaskDefinition: a,
          logs: [{ task: 't', container: a, lines: [b] }]
        },
        at: 1
      }
    )
  })

const printed = (h: Happening, style: typeof plain): string[] =>
  logLines(h, style).flatMap((l) => ('line' in l ? [l.line] : []))

test('whatever is said, no line is a command, and colours are all that a painted log adds', () => {
  fc.assert(
    fc.property(happenings, (h) => {
      const lines = printed(h, plain)
      for (const line of lines) {
        expect(isCommand(line)).toBe(false)
        expect(line).not.toMatch(/[\r\n\u001b]/)
      }
      expect(printed(h, painted).map((line) => line.replace(colours, ''))).toEqual(lines)
    }),
    { numRuns: 400 }
  )
})

test('the verdict needs no scrolling: 100 columns, but for words and commands that are longer', () => {
  const words = 'container web exits with code 1 again and again; '.repeat(8)
  const command =
    'aws ecs update-service --cluster shop --service web --task-definition FAMILY:REVISION --force-new-deployment'
  const ending = {
    outcome: 'failed' as const,
    reason: words,
    evidence: [words],
    fix: `Choose one: ${command}`
  }
  const lines = printed({ code: 'ended', ending, at: 0 }, plain)
  const long = lines.filter((line) => line.length > 100)
  expect(long).toEqual([`│          ${command}`])
  expect(lines.filter((line) => line.includes('FAILED'))).toHaveLength(1)
})

test('wrapping loses no word, and breaks rather between the parts of a sentence', () => {
  expect(wrap('one two three; four five', 18)).toEqual(['one two three;', 'four five'])
  expect(wrap('read on: aws logs tail /ecs/web --since 15m', 20)).toEqual([
    'read on:',
    'aws logs tail /ecs/web --since 15m'
  ])
  expect(wrap('aws logs tail /ecs/web --since 15m', 20)).toEqual(['aws logs tail /ecs/web --since 15m'])
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[a-z;:]{1,12}$/), { maxLength: 60 }),
      fc.integer({ min: 15, max: 80 }),
      (words, width) => {
        const text = words.join(' ')
        const lines = wrap(text, width)
        expect(lines.join(' ')).toBe(text)
        expect(lines.filter((line) => line.length > width)).toEqual([])
      }
    )
  )
})

test('an event names few tasks, and no service', () => {
  const task = (n: number) => `(task ${String(n).repeat(32)})`
  expect(shortEvent(`(service web) has started 1 tasks: ${task(1)}.`)).toBe('has started 1 tasks: 11111111.')
  expect(shortEvent(`(service web) has started 4 tasks: ${[1, 2, 3, 4].map(task).join(' ')}.`)).toBe(
    'has started 4 tasks: 11111111, 22222222, 33333333 and 1 more.'
  )
  expect(shortEvent('(service web, taskSet ecs-svc/1) has begun draining connections on 2 tasks.')).toBe(
    'has begun draining connections on 2 tasks.'
  )
  expect(shortEvent(`(service web) ${task(5)} (port 80) is unhealthy`)).toBe(
    'task 55555555 (port 80) is unhealthy'
  )
  expect(shortEvent('something new')).toBe('something new')
})

test('NO_COLOR takes the colours away and nothing else', async () => {
  const story = storyNamed('refused')
  const coloured = (await playStory(story, { pace: 'lockstep' })).result.stdout
  const bare = (await playStory(story, { pace: 'lockstep', env: { NO_COLOR: '1' } })).result.stdout
  expect(coloured).toMatch(colours)
  expect(bare).not.toContain('\u001b')
  expect(coloured.replace(colours, '')).toBe(bare)
})
