/** Random lifecycle policies and repositories, as ECR would take them, and what ours makes of them. */
import fc from 'fast-check'
import { readLifecyclePolicy } from '../../src/domain/lifecycle-policy.js'
import { decide, type Candidate } from '../../src/domain/lifecycle-rules.js'

export const day = 24 * 3_600_000
export const now = 2000 * day
export const expire = { type: 'expire' }

/** What our evaluator takes: `digest priority action`, sorted. */
export function compare(text: string, of: readonly Candidate[]): string[] {
  const read = readLifecyclePolicy(text)
  if (!('policy' in read)) throw new Error(read.problem)
  return of
    .flatMap((image) => {
      const decision = decide(read.policy, of, image, now)
      if (decision.does === 'unknown') throw new Error(decision.why)
      if (decision.does === 'keep') return []
      const action = decision.rule.action === 'archive' ? 'transition' : 'expire'
      return [[image.digest, decision.rule.priority, action].join(' ')]
    })
    .sort()
}

/** The digests that our evaluator takes, in the order of the list. */
export function marked(text: string, of: readonly Candidate[]): string[] {
  const taken = compare(text, of).map((line) => line.split(' ')[0])
  return of.map((image) => image.digest).filter((digest) => taken.includes(digest))
}

const words = ['prod', 'staging', 'build', 'v1', 'v2', 'latest', 'keep']
const tag = fc
  .tuple(fc.constantFrom(...words), fc.constantFrom('', '-1', '-2', '-rc', '.0'))
  .map(([word, rest]) => `${word}${rest}`)
const hours = fc.integer({ min: 0, max: 24 * 500 })
const back = (h: number) => now - h * 3_600_000

/** Up to twenty-five images: tags, ages down to the hour so that ties happen, some archived or restored. */
export const repositories: fc.Arbitrary<Candidate[]> = fc
  .array(
    fc.record({
      tags: fc.uniqueArray(tag, { maxLength: 3 }),
      age: fc.oneof(
        hours,
        fc.integer({ min: 0, max: 30 }).map((d) => d * 24)
      ),
      archived: fc.option(fc.integer({ min: 0, max: 24 * 200 }), { nil: undefined, freq: 3 }),
      restored: fc.option(hours, { nil: undefined, freq: 6 }),
      pulled: fc.option(hours, { nil: undefined, freq: 2 }),
      referenced: fc.integer({ min: 0, max: 9 }).map((n) => n === 0)
    }),
    { maxLength: 25 }
  )
  .map((all) =>
    all.map(({ tags, age, archived, restored, pulled, referenced }, i): Candidate => {
      const inArchive = archived !== undefined && archived <= age
      return {
        digest: `i${i}`,
        tags,
        storageClass: inArchive ? 'archive' : 'standard',
        pushedAt: back(age),
        ...(inArchive ? { archivedAt: back(archived) } : {}),
        ...(!inArchive && restored !== undefined && restored <= age ? { activatedAt: back(restored) } : {}),
        ...(pulled !== undefined && pulled <= age ? { pulledAt: back(pulled) } : {}),
        ...(referenced ? { referenced } : {})
      }
    })
  )

const pattern = fc.constantFrom('prod*', '*-1', 'v*', '*', 'latest', 'b*d-*', 'keep*', '*.0', 's*-*', '*rc')
const standardRule = fc.oneof(
  fc.record({ type: fc.constant('imageCountMoreThan'), count: fc.integer({ min: 1, max: 12 }) }),
  fc.record({ type: fc.constant('sinceImagePushed'), count: fc.integer({ min: 1, max: 400 }) }),
  fc.record({ type: fc.constant('sinceImagePulled'), count: fc.integer({ min: 1, max: 400 }) })
)
const archiveRule = fc.oneof(
  fc.record({ type: fc.constant('imageCountMoreThan'), count: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ type: fc.constant('sinceImageTransitioned'), count: fc.integer({ min: 90, max: 250 }) }),
  fc.record({ type: fc.constant('sinceImagePushed'), count: fc.integer({ min: 90, max: 400 }) })
)

const limited = (limit: { type: string; count: number }, selection: object, toArchive: boolean) => ({
  selection: {
    ...selection,
    countType: limit.type,
    countNumber: limit.count,
    ...(limit.type === 'imageCountMoreThan' ? {} : { countUnit: 'days' })
  },
  action:
    limit.type === 'sinceImagePulled' || (toArchive && !('storageClass' in selection))
      ? { type: 'transition', targetStorageClass: 'archive' }
      : expire
})

/** Tagged rules with lists of their own, at most one for untagged, and any last; priorities with gaps, unordered. */
const classRules = (rule: typeof standardRule, archive: boolean) => {
  const selected = (selection: object) => ({ ...selection, ...(archive ? { storageClass: 'archive' } : {}) })
  return fc
    .record({
      lists: fc.uniqueArray(
        fc.record({
          list: fc.uniqueArray(pattern, { minLength: 1, maxLength: 2 }),
          prefixes: fc.boolean(),
          limit: rule,
          toArchive: fc.boolean()
        }),
        { maxLength: 4, selector: ({ list }) => list.join() }
      ),
      untagged: fc.option(rule, { nil: undefined }),
      untaggedAt: fc.nat({ max: 4 }),
      any: fc.option(rule, { nil: undefined }),
      toArchive: fc.boolean()
    })
    .map(({ lists, untagged, untaggedAt, any, toArchive }) => {
      const used = new Set<string>()
      const rules: object[] = lists.flatMap(({ list, prefixes, limit, toArchive }) => {
        if (list.some((entry) => used.has(entry))) return []
        list.forEach((entry) => used.add(entry))
        const plain = prefixes && list.every((entry) => /^\w+\*?$/.test(entry))
        const name = plain ? 'tagPrefixList' : 'tagPatternList'
        const entries = plain ? list.map((entry) => entry.replace('*', '')) : list
        return [limited(limit, selected({ tagStatus: 'tagged', [name]: entries }), toArchive)]
      })
      if (untagged)
        rules.splice(untaggedAt, 0, limited(untagged, selected({ tagStatus: 'untagged' }), toArchive))
      if (any) rules.push(limited(any, selected({ tagStatus: 'any' }), toArchive))
      return rules
    })
}

export const policies: fc.Arbitrary<string> = fc
  .tuple(classRules(standardRule, false), classRules(archiveRule as typeof standardRule, true), fc.boolean())
  .map(([standard, archive, backwards]) =>
    [...standard, ...archive]
      .map((rule, i) => ({ rulePriority: 3 * i + 1, ...rule }))
      .sort(() => (backwards ? -1 : 1))
  )
  .filter((rules) => rules.length > 0)
  .map((rules) => JSON.stringify({ rules }))
