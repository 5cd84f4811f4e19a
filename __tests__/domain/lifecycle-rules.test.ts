/**
 * The evaluator against the documented examples, and against the simulator's own implementation, which was written
 * separately from the same documentation: a first look at policies of random rules over random repositories.
 */
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { evaluate as theirs } from '../../simulator/world/ecr/lifecycle/evaluate.js'
import { readPolicy as theirPolicy } from '../../simulator/world/ecr/lifecycle/policy.js'
import { readLifecyclePolicy } from '../../src/domain/lifecycle-policy.js'
import { decide, matches, type Candidate } from '../../src/domain/lifecycle-rules.js'
import { compare, day, expire, marked, now, policies, repositories } from './lifecycle-cases.js'

const rule = (countNumber: number, countType: string, selection: object) => ({
  selection: {
    countNumber,
    countType,
    ...(countType.startsWith('since') ? { countUnit: 'days' } : {}),
    ...selection
  },
  action: expire
})
const more = (n: number, selection: object = { tagStatus: 'any' }) => rule(n, 'imageCountMoreThan', selection)
const older = (n: number, selection: object = { tagStatus: 'any' }) => rule(n, 'sinceImagePushed', selection)
const tagged = (...tagPatternList: string[]) => ({ tagStatus: 'tagged', tagPatternList })
const untagged = { tagStatus: 'untagged' }
const policyOf = (...rules: object[]) =>
  JSON.stringify({ rules: rules.map((r, i) => ({ rulePriority: i + 1, ...r })) })

/** `A: alpha-1 beta-1 @4`: image A with two tags, pushed four days ago. */
const images = (...lines: string[]): Candidate[] =>
  lines.map((line) => {
    const [, digest = '', tags = '', age] = /^(\w+):(.*)@(\d+)$/.exec(line)!
    return {
      digest,
      tags: tags.trim().split(' ').filter(Boolean),
      storageClass: 'standard',
      pushedAt: now - Number(age) * day
    }
  })

const three = images('A: beta-1 prod-1 @10', 'B: beta-2 prod-2 @9', 'C: beta-3 @8')

test.each([
  [
    'what a higher rule matches is safe from a lower one',
    policyOf(more(1, tagged('prod*')), more(1, tagged('beta*'))),
    three,
    'A'
  ],
  [
    'the same with the rules the other way round',
    policyOf(more(1, tagged('beta*')), more(1, tagged('prod*'))),
    three,
    'A B'
  ],
  [
    'a list of patterns means all of them',
    policyOf(older(5, tagged('alpha*', 'beta*'))),
    images(
      'A: alpha-1 @12',
      'B: beta-1 @11',
      'C: alpha-2 beta-2 @10',
      'D: alpha-3 @4',
      'E: beta-3 @3',
      'F: alpha-4 beta-4 @2'
    ),
    'C'
  ],
  [
    'other tags do not matter',
    policyOf(more(1, tagged('alpha*', 'beta*'))),
    images('A: alpha-1 beta-1 gamma-1 @10', 'B: alpha-2 beta-2 @9', 'C: alpha-3 beta-3 gamma-2 @8'),
    'A B'
  ],
  [
    'any image: the youngest stays',
    policyOf(more(1)),
    images('A: a @4', 'B: b @3', 'C: @2', 'D: d @1'),
    'A B C'
  ],
  [
    'every kind of rule in one policy',
    policyOf(more(1, tagged('alpha*')), older(1, untagged), more(1)),
    images('A: alpha-1 beta-1 @4', 'B: @3', 'C: alpha-2 @2', 'D: git-hash @1', 'E: @1'),
    'A B D'
  ],
  [
    'an age is older than, not as old as',
    policyOf(older(14, tagged('prod*'))),
    images('A: prod-1 @15', 'B: prod-2 @14'),
    'A'
  ],
  ['one untagged image', policyOf(more(1, untagged)), images('A: @3', 'B: @2', 'C: x @9'), 'A'],
  [
    'a prefix is a beginning',
    policyOf(older(1, { tagStatus: 'tagged', tagPrefixList: ['v'] })),
    images('A: v1 @9', 'B: av1 @9'),
    'A'
  ]
])('documented: %s', (_, text, of, expected) => {
  expect(marked(text, of).join(' ')).toBe(expected)
})

test('an image that an index names is never taken, but counts', () => {
  const [child, index] = images('C: @9', 'I: v1 @8')
  const of = [{ ...child!, referenced: true }, index!]
  expect(marked(policyOf(more(1)), of)).toEqual([])
  expect(marked(policyOf(more(1)), [...images('A: a @20'), ...of])).toEqual(['A'])
})

test('a rule that is not understood might take everything that no higher rule owns', () => {
  const of = images('A: prod-1 @1', 'B: @1')
  const read = readLifecyclePolicy(
    policyOf(more(5, tagged('prod*')), rule(1, 'imageSizeMoreThan', { tagStatus: 'any' }))
  )
  if (!('policy' in read)) throw new Error(read.problem)
  expect(of.map((image) => decide(read.policy, of, image, now).does)).toEqual(['keep', 'unknown'])
})

test('wildcards match like the expressions that they stand for', () => {
  const texts = fc.string({ unit: fc.constantFrom('a', 'b', '*', '-'), maxLength: 9 })
  fc.assert(
    fc.property(texts, texts, (text, pattern) => {
      const said = new RegExp(`^${pattern.replaceAll('-', '\\-').replaceAll('*', '.*')}$`)
      expect(matches(text, pattern)).toBe(said.test(text))
    }),
    { seed: 5, numRuns: 3000 }
  )
  expect(matches('a'.repeat(5000), `${'a*'.repeat(4)}b`)).toBe(false)
})

test('agrees with a second implementation on random repositories and policies', () => {
  fc.assert(
    fc.property(policies, repositories, (text, of) => {
      const said = theirs(theirPolicy(text), of as Parameters<typeof theirs>[1], now).map((d) =>
        [d.digest, d.priority, d.action].join(' ')
      )
      expect(compare(text, of)).toEqual(said.sort())
    }),
    { seed: 12, numRuns: 5000 }
  )
})
