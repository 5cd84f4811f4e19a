import {
  DeleteLifecyclePolicyCommand,
  GetLifecyclePolicyCommand,
  GetLifecyclePolicyPreviewCommand,
  paginateGetLifecyclePolicyPreview,
  PutLifecyclePolicyCommand,
  StartLifecyclePolicyPreviewCommand
} from '@aws-sdk/client-ecr'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { createWorld } from '../../simulator/index.js'
import { evaluate, type Candidate } from '../../simulator/world/ecr/lifecycle/evaluate.js'
import { readPolicy } from '../../simulator/world/ecr/lifecycle/policy.js'
import { clients, refusal, shop } from './support.js'

const day = 24 * 3_600_000
const now = 1_000 * day
const policyOf = (...rules: object[]) =>
  JSON.stringify({ rules: rules.map((rule, i) => ({ rulePriority: i + 1, ...rule })) })
const expire = { type: 'expire' }
const archive = { type: 'transition', targetStorageClass: 'archive' }
const keep = (countNumber: number, selection: object = { tagStatus: 'any' }) => ({
  selection: { countType: 'imageCountMoreThan', countNumber, ...selection },
  action: expire
})
const since = (countNumber: number, selection: object = { tagStatus: 'any' }) => ({
  selection: { countType: 'sinceImagePushed', countUnit: 'days', countNumber, ...selection },
  action: expire
})
const tagged = (...tagPatternList: string[]) => ({ tagStatus: 'tagged', tagPatternList })

/** `A: alpha-1 beta-1 @4` is image A with two tags, four days old. */
function images(...lines: string[]): Candidate[] {
  return lines.map((line) => {
    const [, digest = '', tags = '', age] = /^(\w+):(.*)@(\d+)$/.exec(line)!
    return {
      digest,
      tags: tags.trim().split(' ').filter(Boolean),
      storageClass: 'standard',
      pushedAt: now - Number(age) * day
    }
  })
}

const marked = (policy: string, of: readonly Candidate[]) =>
  evaluate(readPolicy(policy), of, now).map((d) => d.digest)

const three = images('A: beta-1 prod-1 @10', 'B: beta-2 prod-2 @9', 'C: beta-3 @8')

test.each([
  ['rule 1 protects B from rule 2', policyOf(keep(1, tagged('prod*')), keep(1, tagged('beta*'))), three, 'A'],
  ['the same, swapped', policyOf(keep(1, tagged('beta*')), keep(1, tagged('prod*'))), three, 'A B'],
  [
    'all patterns of a rule must match',
    policyOf(since(5, tagged('alpha*', 'beta*'))),
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
    'tags are not exclusive',
    policyOf(keep(1, tagged('alpha*', 'beta*'))),
    images('A: alpha-1 beta-1 gamma-1 @10', 'B: alpha-2 beta-2 @9', 'C: alpha-3 beta-3 gamma-2 @8'),
    'A B'
  ],
  ['all but the newest', policyOf(keep(1)), images('A: a @4', 'B: b @3', 'C: @2', 'D: d @1'), 'A B C'],
  [
    'every type of rule together',
    policyOf(keep(1, tagged('alpha*')), since(1, { tagStatus: 'untagged' }), keep(1)),
    images('A: alpha-1 beta-1 @4', 'B: @3', 'C: alpha-2 @2', 'D: git-hash @1', 'E: @1'),
    'A B D'
  ]
])('lifecycle: the documented example: %s', (_, policy, of, expected) => {
  expect(marked(policy, of).join(' ')).toBe(expected)
})

test('lifecycle: children wait for their list, prefixes are patterns, the archive has its own rules', () => {
  const [child, other] = images('child: @50', 'other: @40')
  expect(marked(policyOf(since(1)), [{ ...child!, referenced: true }, other!])).toEqual(['other'])
  const prefix = { tagStatus: 'tagged', tagPrefixList: ['v'] }
  expect(marked(policyOf(since(1, prefix)), images('A: v1 @9', 'B: av1 @9'))).toEqual(['A'])
  const archived = (age: number, id: string): Candidate => ({
    ...images(`${id}: x @900`)[0]!,
    storageClass: 'archive',
    archivedAt: now - age * day
  })
  const both = policyOf(
    { ...since(30), action: archive },
    {
      selection: {
        tagStatus: 'any',
        storageClass: 'archive',
        countType: 'sinceImageTransitioned',
        countUnit: 'days',
        countNumber: 365
      },
      action: expire
    }
  )
  const mixed = [archived(400, 'old'), archived(300, 'young'), ...images('S: x @31', 'T: x @30')]
  expect(evaluate(readPolicy(both), mixed, now)).toEqual([
    { digest: 'old', priority: 2, action: 'expire', storageClass: 'archive' },
    { digest: 'S', priority: 1, action: 'transition', storageClass: 'standard' }
  ])
  const early = policyOf(keep(1, { tagStatus: 'any', storageClass: 'archive' }))
  expect(marked(early, [archived(89, 'a'), archived(89, 'b')])).toEqual([])
  const pulled = policyOf({
    selection: { tagStatus: 'any', countType: 'sinceImagePulled', countUnit: 'days', countNumber: 90 },
    action: archive
  })
  const [a, b, c] = images('A: @100', 'B: @100', 'C: @5')
  expect(marked(pulled, [a!, { ...b!, pulledAt: now - 3 * day }, c!])).toEqual(['A'])
})

const tag = fc.constantFrom('prod-1', 'prod-2', 'beta-1', 'keep-1', 'latest')
const someImages = fc
  .array(fc.record({ tags: fc.uniqueArray(tag, { maxLength: 3 }), age: fc.integer({ min: 0, max: 60 }) }), {
    maxLength: 25
  })
  .map((all) =>
    all.map(({ tags, age }, i): Candidate => ({
      digest: `i${i}`,
      tags,
      storageClass: 'standard',
      pushedAt: now - age * day
    }))
  )
const selection = fc.constantFrom(
  { tagStatus: 'any' },
  { tagStatus: 'untagged' },
  tagged('prod*'),
  tagged('*-1')
)

test('lifecycle: properties: a higher count never expires more; a keep list protects; one rule an image', () => {
  fc.assert(
    fc.property(someImages, selection, fc.integer({ min: 1, max: 12 }), (of, s, n) => {
      const few = marked(policyOf(keep(n + 1, s)), of)
      expect(marked(policyOf(keep(n, s)), of)).toEqual(expect.arrayContaining(few))
      expect(marked(policyOf(since(n + 1, s)), of).length).toBeLessThanOrEqual(
        marked(policyOf(since(n, s)), of).length
      )
    }),
    { seed: 7 }
  )
  fc.assert(
    fc.property(someImages, fc.integer({ min: 1, max: 12 }), (of, n) => {
      const safe = marked(policyOf(keep(999_999, tagged('keep-*')), keep(n)), of)
      for (const image of of.filter((i) => i.tags.some((t) => t.startsWith('keep-'))))
        expect(safe).not.toContain(image.digest)
      // The count of the lower rule still includes what the higher rule keeps.
      expect(marked(policyOf(keep(n)), of)).toEqual(expect.arrayContaining(safe))
    }),
    { seed: 7 }
  )
  fc.assert(
    fc.property(someImages, fc.array(selection, { minLength: 1, maxLength: 4 }), (of, list) => {
      const distinct = [...new Set(list)].sort(
        (a, b) => Number(a.tagStatus === 'any') - Number(b.tagStatus === 'any')
      )
      const decisions = evaluate(readPolicy(policyOf(...distinct.map((s) => keep(2, s)))), of, now)
      expect(new Set(decisions.map((d) => d.digest)).size).toBe(decisions.length)
    }),
    { seed: 7 }
  )
})

const failure = 'Lifecycle policy validation failure: '
const refusals: [string, string][] = [
  ['not json', 'Could not map policyString into LifecyclePolicy.'],
  ['[]', 'Could not map policyString into LifecyclePolicy.'],
  ['{}', 'object has missing required properties (["rules"])'],
  [policyOf(), 'array is too short: must have at least 1 elements but instance has 0 elements'],
  [policyOf(...Array.from({ length: 51 }, (_, i) => keep(1, tagged(`t${i}`)))), 'array is too long'],
  [policyOf({ action: expire }), 'object has missing required properties (["selection"])'],
  [policyOf({ ...keep(1), more: 1 }), 'not allowed by the schema: (["more"])'],
  [policyOf({ ...keep(1), action: { type: 'delete' } }), 'instance value (delete) not found in enum'],
  [policyOf({ ...keep(1), action: { type: 'expire', targetStorageClass: null } }), 'matched 0 out of 2)'],
  [policyOf(keep(1, { tagStatus: 'any', countUnit: 'days' })), 'matched 0 out of 2)'],
  [policyOf(keep(1, { tagStatus: 'any', countType: 'sinceImagePushed' })), 'matched 0 out of 2)'],
  [policyOf(keep(1, { tagStatus: 'all' })), 'instance value (all) not found in enum'],
  [policyOf(keep(0)), 'numeric instance is lower than the required minimum (minimum: 1, found: 0)'],
  [
    policyOf(keep(1, { tagStatus: 'tagged' })),
    'Must specify tagPrefixList or tagPatternList when tagStatus=TAGGED.'
  ],
  [policyOf(keep(1, tagged('a*b*c*d*e*'))), 'a*b*c*d*e*'],
  [policyOf(keep(1, { tagStatus: 'any', tagPrefixList: ['v'] })), 'Cannot specify tagPrefixList'],
  [
    policyOf(keep(1), keep(2, tagged('v*'))),
    'Rule for tagStatus=ANY must have the lowest priority per storage class'
  ],
  [
    policyOf(keep(1, { tagStatus: 'untagged' }), since(1, { tagStatus: 'untagged' })),
    'Only one rule can select Untagged images per storage class'
  ],
  [policyOf(keep(1, tagged('v*')), { ...keep(1, tagged('w*')), rulePriority: 1 }), 'unique: 1'],
  [policyOf(keep(1, tagged('v*')), since(1, tagged('v*'))), 'unique tag prefixes'],
  [policyOf(since(1, { tagStatus: 'any', countType: 'sinceImagePulled' })), 'sinceImagePulled'],
  [policyOf(since(99, { tagStatus: 'any', countType: 'sinceImageTransitioned' })), 'sinceImageTransitioned'],
  [
    policyOf(since(89, { tagStatus: 'any', storageClass: 'archive', countType: 'sinceImageTransitioned' })),
    'minimum storage duration of 90 days'
  ]
]

test.each(refusals.map(([policy, why]) => [why, policy]))('lifecycle: refused: %s', (why, policy) => {
  expect(() => readPolicy(policy)).toThrow(
    "Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: '" + failure
  )
  expect(() => readPolicy(policy)).toThrow(why)
})

test('lifecycle: a policy is put, runs within a day, and is gone when it is deleted', async () => {
  const world = createWorld()
  const repo = world.ecr.repository('app')
  const { ecr } = await clients(world)
  const where = { repositoryName: 'app' }
  const get = async () => await ecr.send(new GetLifecyclePolicyCommand(where))
  expect(await refusal(get())).toMatchObject({
    name: 'LifecyclePolicyNotFoundException',
    message:
      "Lifecycle policy does not exist for the repository with name 'app' in the registry with id '043309339649'"
  })
  const put = async (lifecyclePolicyText: string) =>
    await ecr.send(new PutLifecyclePolicyCommand({ ...where, lifecyclePolicyText }))
  expect((await refusal(put('{}'))).name).toBe('InvalidParameterException')
  const [old, young] = [repo.push({ tags: ['old'] }), repo.push({ tags: ['young'] })]
  await put(policyOf(keep(1)))
  expect((await get()).lastEvaluatedAt!.getTime()).toBe(0)
  expect(repo.digestOf('old')).toBe(old.digest)
  world.clock.advanceBy(day)
  expect([repo.digestOf('old'), repo.digestOf('young')]).toEqual([undefined, young.digest])
  expect((await get()).lastEvaluatedAt!.getTime()).toBe(world.clock.now())
  await ecr.send(new DeleteLifecyclePolicyCommand(where))
  repo.push()
  world.clock.advanceBy(2 * day)
  expect(repo.digestOf('young')).toBe(young.digest)
})

test('lifecycle: a preview says what would go, and touches nothing', async () => {
  const world = createWorld()
  const repo = world.ecr.repository('app')
  const { ecr } = await clients(world)
  const where = { repositoryName: 'app' }
  const pushed = Array.from({ length: 9 }, (_, i) => repo.push(i % 2 === 0 ? { tags: [`t${i}`] } : {}))
  const start = async (lifecyclePolicyText?: string) =>
    await ecr.send(new StartLifecyclePolicyPreviewCommand({ ...where, lifecyclePolicyText }))
  const get = async (rest: object = {}) =>
    await ecr.send(new GetLifecyclePolicyPreviewCommand({ ...where, ...rest }))
  expect((await refusal(get())).name).toBe('LifecyclePolicyPreviewNotFoundException')
  expect((await refusal(start())).name).toBe('LifecyclePolicyNotFoundException')
  expect((await start(policyOf(keep(2)))).status).toBe('IN_PROGRESS')
  expect((await refusal(start(policyOf(keep(2))))).name).toBe('LifecyclePolicyPreviewInProgressException')
  expect((await get()).previewResults).toBeUndefined()
  world.clock.advanceBy(5_000)
  const done = await get()
  expect(done).toMatchObject({ status: 'COMPLETE', summary: { expiringImageTotalCount: 7 } })
  expect(done.previewResults![0]).toMatchObject({
    imageDigest: pushed[0]!.digest,
    imageTags: ['t0'],
    appliedRulePriority: 1,
    action: { type: 'EXPIRE' },
    storageClass: 'STANDARD'
  })
  const all: string[] = []
  for await (const { previewResults } of paginateGetLifecyclePolicyPreview({ client: ecr }, { ...where }))
    all.push(...previewResults!.map((r) => r.imageDigest!))
  expect(all).toEqual(pushed.slice(0, 7).map((i) => i.digest))
  expect((await get({ filter: { tagStatus: 'UNTAGGED' } })).previewResults).toHaveLength(3)
  expect((await get({ imageIds: [{ imageTag: 't8' }] })).previewResults).toEqual([])
  expect(repo.digestOf('t0')).toBe(pushed[0]!.digest)
  world.clock.advanceBy(2 * day)
  expect((await get()).status).toBe('EXPIRED')
})

test('lifecycle: eleven builds without a release expire the image that production runs, and the next task cannot pull it', () => {
  const s = shop({ service: { desiredCount: 2 } })
  const staging = s.world.ecr.repository('shop-staging')
  for (const repository of [s.repository, staging]) repository.lifecyclePolicy(policyOf(keep(10)))
  for (let build = 1; build <= 11; build++) {
    s.world.clock.advanceBy(3_600_000 * 8)
    for (const repository of [s.repository, staging])
      repository.push({ tags: ['latest'], content: `build ${build}` })
    if (build < 10) expect(s.repository.digestOf('v1')).toBe(s.image.digest)
  }
  s.world.clock.advanceBy(day)
  expect(s.repository.digestOf('v1')).toBeUndefined()
  const running = () => s.service.tasks.filter((t) => t.status === 'RUNNING').length
  expect(running()).toBe(2)
  s.world.ecs.stopTask(s.service.tasks[0]!.arn)
  s.world.clock.advanceBy(600_000)
  expect(running()).toBe(1)
  const reasons = s.service.tasks.map((t) => t.stoppedReason ?? '')
  expect(reasons.find((r) => r.startsWith('CannotPullContainerError'))).toContain(
    `failed to resolve ref ${s.image.uri}: ${s.image.uri}: not found`
  )
})
