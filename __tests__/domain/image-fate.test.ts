/** When a rule would take an image: by hand-made shelves, and against pushes into the simulated registry. */
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { createWorld } from '../../simulator/index.js'
import { fateOf, isSoon, sayThreat, type Shelf } from '../../src/domain/image-fate.js'
import { readLifecyclePolicy, type LifecyclePolicy } from '../../src/domain/lifecycle-policy.js'
import type { StoredImage } from '../../src/domain/stored-image.js'
import { day, expire, now } from './lifecycle-cases.js'

const index = 'application/vnd.oci.image.index.v1+json'
const limit = (countNumber: number, countType = 'imageCountMoreThan') => ({
  countNumber,
  countType,
  ...(countType === 'imageCountMoreThan' ? {} : { countUnit: 'days' })
})
const any = { tagStatus: 'any' }
const untagged = { tagStatus: 'untagged' }
const tagged = (...tagPatternList: string[]) => ({ tagStatus: 'tagged', tagPatternList })

function policyOf(...selections: object[]): LifecyclePolicy {
  const rules = selections.map((selection, i) => ({ rulePriority: i + 1, selection, action: expire }))
  const read = readLifecyclePolicy(JSON.stringify({ rules }))
  if (!('policy' in read)) throw new Error(read.problem)
  return read.policy
}

/** `A: build-1 latest @3`: image A, three days old; `[c d]` after it are the children of an index. */
function shelf(mayMove: boolean, ...lines: string[]): Shelf {
  const children = new Map<string, string[]>()
  const images = lines.map((line): StoredImage => {
    const [, digest = '', tags = '', age, list] = /^(\w+):(.*)@(\d+)(?: \[(.*)\])?$/.exec(line)!
    if (list !== undefined) children.set(digest, list.split(' '))
    return {
      digest,
      tags: tags.trim().split(' ').filter(Boolean),
      pushedAt: now - Number(age) * day,
      ...(list === undefined ? {} : { mediaType: index })
    }
  })
  return { images, children, mayMove: () => mayMove }
}

function said(policy: LifecyclePolicy | undefined, on: Shelf, digest: string): string {
  const fate = fateOf(policy, on, digest, now)
  if (fate.fate === 'later') return fate.threats.map((threat) => sayThreat(threat)).join('; ')
  return fate.fate === 'cannot-tell' ? `cannot tell: ${fate.why}` : fate.fate
}

const ten = policyOf({ ...any, ...limit(10) })
const builds = (count: number) =>
  Array.from({ length: count }, (_, i) => `B${i + 1}: build-${i + 1} latest-${i} @${count - i}`)

test('the incident: production has 10 builds before its image goes, then 1, then none', () => {
  const left = (later: number) => said(ten, shelf(true, `P: release-7 @99`, ...builds(later)), 'P')
  expect(left(0)).toBe('expires after 10 more pushes (like release-7), by rule 1 (any image, more than 10)')
  expect(left(9)).toBe(
    'expires after 1 more push (like build-9, latest-8), by rule 1 (any image, more than 10)'
  )
  expect(left(10)).toBe('now')
})

test.each<[string, LifecyclePolicy | undefined, Shelf, string]>([
  ['no policy', undefined, shelf(true, 'P: a @9'), 'kept'],
  ['no rule is about it', policyOf({ ...untagged, ...limit(1) }), shelf(true, 'P: v1 @9'), 'kept'],
  [
    'an age',
    policyOf({ ...any, ...limit(14, 'sinceImagePushed') }),
    shelf(true, 'P: v1 @9'),
    'expires on 1975-06-29, by rule 1 (any image, older than 14 days)'
  ],
  [
    'a tag that moves away with the next push',
    policyOf({ ...untagged, ...limit(30, 'sinceImagePushed') }),
    shelf(true, 'P: latest @9'),
    'expires after 1 more push (like latest), then on 1975-07-15, by rule 1 (untagged images, older than 30 days)'
  ],
  [
    'a tag that may not move',
    policyOf({ ...untagged, ...limit(30, 'sinceImagePushed') }),
    shelf(false, 'P: latest @9'),
    'kept'
  ],
  [
    'a first rule that keeps the environment',
    policyOf({ ...tagged('production-*'), ...limit(9999) }, { ...any, ...limit(10) }),
    shelf(true, 'P: build-1 production-3f2c1aa-1.1 @9', 'Q: build-2 @8'),
    'expires after 9999 more pushes (like build-1, production-3f2c1aa-1.1), by rule 1 (images tagged production-*, more than 9999)'
  ],
  [
    'an index counts with its children',
    ten,
    shelf(true, 'P: v1 @9 [c d]', 'c: @9', 'd: @9'),
    'expires after 4 more pushes (like v1), by rule 1 (any image, more than 10)'
  ],
  [
    'a child stays as long as its index',
    policyOf({ ...untagged, ...limit(1, 'sinceImagePushed') }),
    shelf(true, 'P: v1 @9 [c]', 'c: @9'),
    'kept'
  ],
  [
    'a rule that is not understood',
    policyOf(
      { ...tagged('keep-*'), ...limit(9) },
      { ...any, countType: 'imageSizeMoreThan', countNumber: 1 }
    ),
    shelf(true, 'P: v1 @9'),
    'cannot tell: rule 2 has countType "imageSizeMoreThan"'
  ],
  [
    'one that is not understood, and gets it when its tag moves away',
    policyOf(
      { ...tagged('latest'), ...limit(9) },
      { ...any, countType: 'imageSizeMoreThan', countNumber: 1 }
    ),
    shelf(true, 'P: latest @9'),
    'cannot tell: after a push rule 2 has countType "imageSizeMoreThan"'
  ]
])('%s', (_, policy, on, expected) => {
  expect(
    said(policy, on, on.images.some(({ digest }) => digest === 'c') && expected === 'kept' ? 'c' : 'P')
  ).toBe(expected)
})

test('soon is ten pushes or seven days', () => {
  const [rule] = ten.rules
  if (rule?.kind !== 'rule') throw new Error('no rule')
  const soon = (threat: object) => isSoon({ rule, ...threat }, now, 10, 7 * day)
  expect(
    [{ pushes: 10 }, { pushes: 11 }, { from: now + 7 * day }, { from: now + 8 * day }].map(soon)
  ).toEqual([true, false, true, false])
  expect(soon({ pushes: 1, from: now + 30 * day })).toBe(false)
})

test('a forecast comes true in the simulated registry: one push less keeps the image, the last takes it', () => {
  const words = ['prod-1', 'prod-2', 'build-1', 'build-2', 'latest', 'main']
  const selection = fc.constantFrom(any, untagged, tagged('prod-*'), tagged('build-*'), tagged('latest'))
  const rules = fc
    .uniqueArray(fc.tuple(selection, fc.integer({ min: 1, max: 9 })), {
      minLength: 1,
      maxLength: 3,
      selector: ([s]) => JSON.stringify(s)
    })
    .map((list) => list.sort((a, b) => Number(a[0] === any) - Number(b[0] === any)))
  const contents = fc.array(fc.uniqueArray(fc.constantFrom(...words), { maxLength: 2 }), {
    minLength: 1,
    maxLength: 8
  })
  const seen = { now: 0, later: 0, kept: 0 }
  fc.assert(
    fc.property(contents, rules, (pushed, list) => {
      const selections = list.map(([s, n]) => ({ ...s, ...limit(n) }))
      const built = () => {
        const repository = createWorld().ecr.repository('app')
        const digests = pushed.map((tags, i) => repository.push({ tags, content: `${i}` }).digest)
        return { repository, digests, digest: digests[0]! }
      }
      const survives = (count: number, like: readonly string[]) => {
        const { repository, digest } = built()
        for (let i = 0; i < count; i += 1)
          repository.push({ tags: like.map((t) => (/\d/.test(t) ? `${t}${i}0` : t)), content: `n${i}` })
        const ruled = selections.map((s, i) => ({ rulePriority: i + 1, selection: s, action: expire }))
        repository.lifecyclePolicy({ rules: ruled })
        repository.runLifecyclePolicy()
        try {
          repository.tag('still-there', digest)
          return true
        } catch {
          return false
        }
      }
      const { repository, digests, digest } = built()
      const images = digests.map((d, pushedAt) => ({
        digest: d,
        pushedAt,
        tags: words.filter((tag) => repository.digestOf(tag) === d)
      }))
      const fate = fateOf(
        policyOf(...selections),
        { images, children: new Map(), mayMove: () => true },
        digest,
        100
      )
      if (fate.fate === 'later') {
        const [threat] = fate.threats
        seen.later += 1
        expect(survives(threat!.pushes!, threat!.like!)).toBe(false)
        for (const { tags } of images) expect(survives(threat!.pushes! - 1, tags)).toBe(true)
      } else {
        seen[fate.fate as 'now' | 'kept'] += 1
        expect(survives(0, [])).toBe(fate.fate === 'kept')
        for (const { tags } of images) expect(survives(12, tags)).toBe(fate.fate === 'kept')
      }
    }),
    { seed: 3, numRuns: 120 }
  )
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(10)
})
