/** Environment tags against the simulated ECR, through the product's own clients: every mode, every refusal, races. */
import { afterEach, expect, test } from '@jest/globals'
import { createWorld, startServer, type FaultRule, type SimulatorServer } from '../../simulator/index.js'
import type { RepositoryOptions } from '../../simulator/world/api.js'
import { Clients } from '../../src/aws/clients.js'
import { Ecr } from '../../src/aws/ecr.js'
import { EcrRepositories } from '../../src/aws/repositories.js'
import type { HappeningBody } from '../../src/domain/events.js'
import { parseImage } from '../../src/domain/image.js'
import { Refusal } from '../../src/domain/outcome.js'
import { tagMayMove } from '../../src/domain/tag-mutability.js'
import type { Ports } from '../../src/ports.js'
import type { Pinned } from '../../src/steps/pin.js'
import { planTags, putTags, type TagPlan } from '../../src/steps/tag.js'

let server: SimulatorServer | undefined
const before = { ...process.env }
afterEach(async () => {
  await server?.close()
  process.env = { ...before }
})

const tag = 'production-4f1c2b9-1.1'

async function shop(options: RepositoryOptions = {}, form: 'single' | 'index' = 'single') {
  const world = createWorld()
  const repository = world.ecr.repository('app', options)
  const image = repository.push({ tags: ['v1'], form })
  server = await startServer(world)
  const at = server
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: server.url,
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret'
  })
  const clients = new Clients({ region: world.region, requestTimeoutMs: 3000 })
  const clock = { now: () => world.clock.now(), sleep: () => Promise.resolve(), random: () => 0.5 }
  const patience = { clock, patienceMs: 0, count: () => 0 }
  const told: HappeningBody[] = []
  const repositories = new EcrRepositories(clients, patience)
  const ports = {
    images: new Ecr(clients, patience),
    repositories,
    clock,
    announce: (happening: HappeningBody) => told.push(happening)
  } as unknown as Ports
  const { ecr } = parseImage(image.uri)!
  const pinOf = async (digest: string): Promise<Pinned> => ({
    container: 'app',
    given: true,
    repository: repository.uri,
    digest,
    ecr: { repository: ecr!, manifest: await ports.images.manifest(ecr!, { digest }) }
  })
  const plan = async (digest = image.digest): Promise<TagPlan[]> => {
    const settings = await repositories.settings(ecr!)
    const plans = await planTags(ports, [await pinOf(digest)], tag, world.account)
    return plans.map((p) => ({ ...p, settings, pattern: 'production-*' }))
  }
  const writes = () => at.journal.entries.filter(({ operation }) => operation === 'PutImage').length
  const fails = (rule: FaultRule['fault']) => at.faults.add({ operation: 'PutImage', fault: rule })
  return { world, repository, image, ports, plan, told, writes, fails, pinOf, account: world.account }
}

const warnings = (told: HappeningBody[]) => told.filter((h) => h.code === 'warning')

test.each<[RepositoryOptions, boolean, string]>([
  [
    { mutability: 'MUTABLE' },
    true,
    "MUTABLE_WITH_EXCLUSION --image-tag-mutability-exclusion-filters 'filterType=WILDCARD,filter=production-*'"
  ],
  [{ mutability: 'IMMUTABLE' }, false, ''],
  [{ mutability: 'MUTABLE_WITH_EXCLUSION', exclusions: ['production-*'] }, false, ''],
  [
    { mutability: 'MUTABLE_WITH_EXCLUSION', exclusions: ['v*'] },
    true,
    "'filterType=WILDCARD,filter=v*' 'filterType=WILDCARD,filter=production-*'"
  ],
  [{ mutability: 'IMMUTABLE_WITH_EXCLUSION', exclusions: ['latest'] }, false, ''],
  [
    { mutability: 'IMMUTABLE_WITH_EXCLUSION', exclusions: ['latest', 'prod*'] },
    true,
    "IMMUTABLE_WITH_EXCLUSION --image-tag-mutability-exclusion-filters 'filterType=WILDCARD,filter=latest'"
  ],
  [{ mutability: 'IMMUTABLE_WITH_EXCLUSION', exclusions: ['*'] }, true, '--image-tag-mutability IMMUTABLE']
])('%j: tagged; one warning where the tag could be moved: %s', async (options, warned, fix) => {
  const { repository, image, ports, plan, told } = await shop(options)
  expect(await putTags(ports, await plan())).toEqual({ app: `${repository.uri}:${tag}` })
  expect(repository.digestOf(tag)).toBe(image.digest)
  expect(warnings(told)).toHaveLength(warned ? 1 : 0)
  if (warned) expect(warnings(told)[0]).toMatchObject({ fix: expect.stringContaining(fix) })
})

test('a mode that is newer than we are is taken for a mutable one', () => {
  expect(tagMayMove({ mutability: 'IMMUTABLE_UNTIL_FRIDAY', exclusions: [] }, tag)).toBe(true)
})

test('a run that is started again finds its tag on the same digest, and writes nothing', async () => {
  const { ports, plan, writes } = await shop({ mutability: 'IMMUTABLE' })
  await putTags(ports, await plan())
  const again = await plan()
  expect(again).toMatchObject([{ there: true }])
  await putTags(ports, again)
  expect(writes()).toBe(1)
})

test('a tag that is on another image is a refusal before anything is written', async () => {
  const { repository, ports, plan, writes } = await shop()
  repository.tag(tag, repository.push().digest)
  await expect(plan().then((plans) => putTags(ports, plans))).rejects.toThrow(
    'an environment tag never moves'
  )
  expect(writes()).toBe(0)
})

test.each(['MUTABLE', 'IMMUTABLE'] as const)(
  'two runs race for one tag in a repository that is %s',
  async (mutability) => {
    const { repository, image, ports, plan } = await shop({ mutability })
    const other = repository.push()
    const plans = [await plan(), await plan(other.digest)]
    // Both have looked before either writes, and both have written before either looks again.
    const write = ports.images.tag.bind(ports.images)
    const arrived: (() => void)[] = []
    const together = async () => {
      await new Promise<void>((resolve) => {
        arrived.push(resolve)
        if (arrived.length === 2) arrived.splice(0).forEach((go) => go())
      })
    }
    ports.images.tag = async (...of) => {
      await together()
      const [done] = await Promise.allSettled([write(...of)])
      await together()
      if (done.status === 'rejected') throw done.reason as Error
      return done.value
    }
    const ends = await Promise.allSettled(plans.map(async (p) => await putTags(ports, p)))
    const won = ends.findIndex(({ status }) => status === 'fulfilled')
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(repository.digestOf(tag)).toBe([image.digest, other.digest][won])
    expect((ends[1 - won] as PromiseRejectedResult).reason).toBeInstanceOf(Refusal)
  }
)

test('the other run was quicker, with the same digest', async () => {
  const { repository, image, ports, plan, writes } = await shop()
  const plans = await plan()
  repository.tag(tag, image.digest)
  expect(await putTags(ports, plans)).toEqual({ app: `${repository.uri}:${tag}` })
  expect(writes()).toBe(0)
})

test('an image with a thousand tags', async () => {
  const { repository, ports, plan } = await shop()
  const full = repository.push({ tags: Array.from({ length: 1000 }, (_, i) => `t${i}`) })
  const refusal = await plan(full.digest)
    .then(async (plans) => await putTags(ports, plans))
    .catch((error: unknown) => error)
  expect(refusal).toMatchObject({ reasonCode: 'quota', message: expect.stringContaining('at most 1,000') })
})

test('an index gets the tag, and its children stay with it; one whose children are gone is refused', async () => {
  const { repository, image, ports, plan, told } = await shop({}, 'index')
  expect(await putTags(ports, await plan())).toEqual({ app: `${repository.uri}:${tag}` })
  const { manifests } = JSON.parse(image.manifest) as { manifests: { digest: string }[] }
  for (const { digest } of manifests) expect(() => repository.tag('alive', digest)).not.toThrow()
  expect(told.find((h) => h.code === 'fact')).toMatchObject({ name: 'tagged' })
  repository.expire(manifests[0]!.digest)
  const plans = (await plan()).map((p) => ({ ...p, there: false, tag: 'production-2' }))
  await expect(putTags(ports, plans)).rejects.toMatchObject({ reasonCode: 'image-not-found' })
})

test.each([
  ['ReferencedImagesNotFoundException', 'image-not-found'],
  ['LayersNotFoundException', 'image-not-found'],
  ['RepositoryNotFoundException', 'image-not-found'],
  ['ImageDigestDoesNotMatchException', 'unknown'],
  ['LimitExceededException', 'quota'],
  ['InvalidParameterException', 'input'],
  ['KmsException', 'aws-denied'],
  ['AccessDeniedException', 'aws-denied'],
  ['ImageIsHauntedException', 'unknown']
])('PutImage refuses with %s: %s, and nothing of the service was touched', async (code, reasonCode) => {
  const { ports, plan, fails } = await shop()
  const plans = await plan()
  fails({ kind: 'error', code, message: 'so it is', status: 400 })
  const refusal = await putTags(ports, plans).catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(Refusal)
  expect(refusal).toMatchObject({ reasonCode, message: expect.stringContaining('so it is') })
  expect((refusal as Refusal).fix).toMatch(/\.$/)
})

test.each(['server-error', 'throttle', 'silence'] as const)(
  'PutImage meets %s: no verdict on the tag',
  async (kind) => {
    const { ports, plan, fails } = await shop()
    const plans = await plan()
    fails({ kind })
    await expect(putTags(ports, plans)).rejects.not.toBeInstanceOf(Refusal)
  }
)

test('a repository of another account that the role may not write is left without, and told', async () => {
  const { ports, plan, fails, told } = await shop()
  const plans = (await plan()).map((p) => ({ ...p, foreign: true }))
  fails({ kind: 'access-denied' })
  expect(await putTags(ports, plans)).toEqual({})
  expect(warnings(told)).toMatchObject([{ text: expect.stringContaining('gets no tag') }])
})

test('images that can have no tag of ours are told with the reason', async () => {
  const { world, ports, pinOf, image, told, writes, account } = await shop()
  world.ecr.pullThroughCache('ROOT', 'registry-1.docker.io')
  world.ecr.pullThroughCache('hub', 'registry-1.docker.io')
  const cached = await pinOf(image.digest)
  cached.ecr = { ...cached.ecr!, repository: { ...cached.ecr!.repository, name: 'hub/library/nginx' } }
  const elsewhere: Pinned = {
    container: 'web',
    given: true,
    repository: 'docker.io/library/nginx',
    digest: image.digest
  }
  expect(await planTags(ports, [cached, elsewhere, { ...cached, given: false }], tag, account)).toEqual([])
  expect(told).toEqual([
    {
      code: 'note',
      text: 'app gets no tag: hub/library/nginx is a pull-through cache (prefix hub), whose tags are those of the registry behind it.'
    },
    { code: 'note', text: 'web gets no tag: docker.io/library/nginx is not a private ECR repository.' }
  ])
  expect(await planTags(ports, [await pinOf(image.digest)], tag, account)).toMatchObject([{ foreign: false }])
  expect(await planTags(ports, [await pinOf(image.digest)], tag, '999999999999')).toMatchObject([
    { foreign: true }
  ])
  expect(writes()).toBe(0)
})
