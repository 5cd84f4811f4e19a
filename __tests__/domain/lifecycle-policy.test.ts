/** Whatever the text: a policy, or a sentence about what is wrong with it. */
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { readLifecyclePolicy, sayRule } from '../../src/domain/lifecycle-policy.js'
import { policies } from './lifecycle-cases.js'

const rule = (over: object = {}, selection: object = {}) => ({
  rulePriority: 1,
  selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 10, ...selection },
  action: { type: 'expire' },
  ...over
})
const text = (...rules: unknown[]) => JSON.stringify({ rules })

test.each([
  ['not JSON', 'keep ten', 'it is not JSON'],
  ['a list', '[]', 'it is not a JSON object'],
  ['no rules', '{}', 'it has no list of rules'],
  ['another field', '{"rules":[],"version":2}', 'its field "version" is not known'],
  ['a rule that is none', text(7), 'rule 1 of its list is not an object'],
  [
    'no priority',
    text(rule({ rulePriority: '1' })),
    'rule 1 of its list has no whole number as rulePriority'
  ],
  ['two of one priority', text(rule(), rule()), 'two rules have the rulePriority 1'],
  ['no selection', text(rule({ selection: null })), 'rule 1 has no selection'],
  ['no action', text(rule({ action: 'expire' })), 'rule 1 has no action'],
  ['no count', text(rule({}, { countNumber: 0 })), 'the countNumber of rule 1 is not a whole number from 1'],
  ['no count type', text(rule({}, { countType: null })), 'rule 1 has no countType'],
  ['no unit', text(rule({}, { countType: 'sinceImagePushed' })), 'rule 1 has no countUnit'],
  ['tags of all', text(rule({}, { tagPrefixList: ['a'] })), 'rule 1 lists tags, but its tagStatus is any'],
  [
    'no tags',
    text(rule({}, { tagStatus: 'tagged', tagPatternList: [] })),
    'rule 1 is for tagged images and lists no tags'
  ],
  [
    'tags that are none',
    text(rule({}, { tagStatus: 'tagged', tagPatternList: [1] })),
    'the tagPatternList of rule 1 is not a list of texts'
  ]
])('refused: %s', (_, policy, problem) => {
  expect(readLifecyclePolicy(policy)).toEqual({ problem: `The lifecycle policy cannot be read: ${problem}.` })
})

test.each([
  ['tagStatus "signed"', rule({}, { tagStatus: 'signed' })],
  ['countType "imageSizeMoreThan"', rule({}, { countType: 'imageSizeMoreThan' })],
  ['countUnit "hours"', rule({}, { countType: 'sinceImagePushed', countUnit: 'hours' })],
  ['storageClass "glacier"', rule({}, { storageClass: 'glacier' })],
  ['action type "quarantine"', rule({ action: { type: 'quarantine' } })],
  ['targetStorageClass "glacier"', rule({ action: { type: 'transition', targetStorageClass: 'glacier' } })],
  ['the field selection.scan', rule({}, { scan: 'HIGH' })],
  ['the field enabled', rule({ enabled: false })]
])('newer than we are: %s', (why, unknown) => {
  expect(readLifecyclePolicy(text(unknown))).toEqual({
    policy: { rules: [{ kind: 'unknown', priority: 1, why }] }
  })
})

test('rules come in the order of their priorities, and say themselves in a few words', () => {
  const read = readLifecyclePolicy(
    text(
      rule({ rulePriority: 9, description: 'ten' }),
      rule(
        { rulePriority: 2 },
        {
          tagStatus: 'tagged',
          tagPrefixList: ['v', 'x'],
          countType: 'sinceImagePulled',
          countUnit: 'days',
          countNumber: 1
        }
      )
    )
  )
  expect('policy' in read && read.policy.rules.map((r) => (r.kind === 'rule' ? sayRule(r) : ''))).toEqual([
    'rule 2 (images tagged v* and x*, not pulled for 1 day)',
    'rule 9 "ten" (any image, more than 10)'
  ])
})

/** A policy with one thing in it made odd. */
const odd = fc.tuple(policies, fc.nat(), fc.jsonValue()).map(([policy, at, value]) => {
  const places: [Record<string, unknown>, string][] = []
  const walk = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return
    for (const key of Object.keys(part)) {
      places.push([part as Record<string, unknown>, key])
      walk((part as Record<string, unknown>)[key])
    }
  }
  const root = { policy: JSON.parse(policy) as unknown }
  walk(root)
  const [part, key] = places[at % places.length]!
  part[key] = value
  return JSON.stringify(root.policy)
})

test('any text at all: a policy or one sentence, never an exception', () => {
  const texts = fc.oneof(fc.string(), fc.json(), odd, odd, policies)
  const seen = { policy: 0, problem: 0 }
  fc.assert(
    fc.property(texts, (policy) => {
      const read = readLifecyclePolicy(policy)
      if ('policy' in read) {
        seen.policy += 1
        for (const r of read.policy.rules) expect(r.kind === 'rule' ? sayRule(r) : r.why).not.toBe('')
      } else {
        seen.problem += 1
        expect(read.problem).toMatch(/^The lifecycle policy cannot be read: .+\.$/s)
      }
    }),
    { seed: 2, numRuns: 10_000 }
  )
  expect(Math.min(seen.policy, seen.problem)).toBeGreaterThan(1000)
})
