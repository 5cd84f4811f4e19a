/** What is said of images before a deploy, and that the fix that is shown really keeps them. */
import { GetLifecyclePolicyCommand, PutLifecyclePolicyCommand } from '@aws-sdk/client-ecr'
import { spawnSync } from 'node:child_process'
import { afterEach, expect, test } from '@jest/globals'
import { createWorld, startServer, type Fault, type SimulatorServer } from '../../simulator/index.js'
import { Clients } from '../../src/aws/clients.js'
import { Ecr } from '../../src/aws/ecr.js'
import { EcrRepositories } from '../../src/aws/repositories.js'
import { parseImage } from '../../src/domain/image.js'
import type { HappeningBody } from '../../src/domain/events.js'
import type { Inputs } from '../../src/inputs.js'
import type { Ports } from '../../src/ports.js'
import type { Before } from '../../src/steps/inspect.js'
import { careForWayBack } from '../../src/steps/plan-images.js'
import type { WayBack } from '../../src/steps/way-back.js'
import { careForImages, type Care } from '../../src/steps/image-care.js'

let server: SimulatorServer | undefined
const before = { ...process.env }
afterEach(async () => {
  await server?.close()
  process.env = { ...before }
})

const day = 24 * 3_600_000
const keepTen = {
  rules: [
    {
      rulePriority: 1,
      description: "keep ten, says Ann's rule",
      selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 10 },
      action: { type: 'expire' }
    }
  ]
}

/** A repository where `served` runs, builds were pushed since, and the last one is about to be deployed. */
async function shelf(builds: number, policy: unknown = keepTen) {
  const world = createWorld()
  const repository = world.ecr.repository('app', policy === null ? {} : { lifecyclePolicy: policy })
  const served = repository.push({ tags: ['build-0'] })
  const pushed = Array.from({ length: builds }, (_, i) => {
    world.clock.advanceBy(3_600_000)
    return repository.push({ tags: [`build-${i + 1}`] })
  })
  const image = pushed.at(-1) ?? served
  await server?.close()
  server = await startServer(world)
  const at = server
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: server.url,
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret'
  })
  const clients = new Clients({ region: world.region, requestTimeoutMs: 2000 })
  const clock = { now: () => world.clock.now(), sleep: () => Promise.resolve(), random: () => 0.5 }
  const patience = { clock, patienceMs: 0, count: () => 0 }
  const ports = {
    images: new Ecr(clients, patience),
    repositories: new EcrRepositories(clients, patience),
    clock
  } as unknown as Ports
  const ecr = parseImage(image.uri)!.ecr!
  const care = async (over: Partial<Care> = {}) =>
    await careForImages(ports, {
      pins: [
        {
          container: 'app',
          given: true,
          repository: repository.uri,
          digest: image.digest,
          ecr: { repository: ecr, manifest: { digest: image.digest, bytes: image.manifest } }
        }
      ],
      rollback: { containerDefinitions: [{ name: 'app', image: served.uri }] },
      tag: 'production-4f1c2b9-1.1',
      keep: { environment: 'production', pattern: 'production-*' },
      preflight: 'enforce',
      ...over
    })
  const fail = (operation: string, fault: Fault) => at.faults.add({ operation, fault })
  return { world, repository, served, image, care, ports, fail, client: await clients.ecr(world.region) }
}

test('both images go within ten pushes: two warnings, each with its rule and a fix', async () => {
  const { care } = await shelf(4)
  const { told } = await care()
  expect(told).toMatchObject([
    {
      code: 'image-at-risk',
      role: 'new',
      text: expect.stringMatching(
        /^The new image of app \(sha256:\w+…?\) would not stay in ECR: it expires after 10 more pushes \(like build-4, production-4f1c2b9-1\.1\), by rule 1 "keep ten, says Ann's rule" \(any image, more than 10\)\.$/
      )
    },
    {
      code: 'image-at-risk',
      role: 'rollback',
      text: expect.stringContaining('it expires after 6 more pushes (like build-4)')
    }
  ])
})

test('the policy that is shown keeps what the environment is tagged with, and all of the old rules', async () => {
  const { care, client, repository, image } = await shelf(4)
  const { told } = await care({ tag: 'production-4f1c2b9-1.1' })
  const fix = (told[0] as { fix: string }).fix
  expect(fix).toContain('aws ecr put-lifecycle-policy --region us-west-2')
  // As a shell reads it.
  const text = /--lifecycle-policy-text '(.*)'$/s.exec(fix)![1]!.replaceAll("'\\''", "'")
  await client.send(new PutLifecyclePolicyCommand({ repositoryName: 'app', lifecyclePolicyText: text }))
  const { lifecyclePolicyText } = await client.send(new GetLifecyclePolicyCommand({ repositoryName: 'app' }))
  expect(JSON.parse(lifecyclePolicyText!)).toMatchObject({
    rules: [
      { rulePriority: 1, selection: { tagPatternList: ['production-*'], countNumber: 9999 } },
      { rulePriority: 2, description: "keep ten, says Ann's rule" }
    ]
  })
  repository.tag('production-4f1c2b9-1.1', image.digest)
  for (let i = 0; i < 30; i += 1) repository.push({ tags: [`later-${i}`] })
  repository.runLifecyclePolicy()
  expect(repository.digestOf('production-4f1c2b9-1.1')).toBe(image.digest)
  expect(repository.digestOf('build-0')).toBeUndefined()
  const { told: after } = await care({ rollback: { containerDefinitions: [] } })
  expect(after).toEqual([])
})

test('an image without a tag of the environment gets one in the fix too', async () => {
  const { care, served } = await shelf(4)
  const { told } = await care()
  const { fix } = told[1] as { fix: string }
  expect(fix).toContain(
    `--image-tag production-keep-${served.digest.slice(7, 19)} --image-digest ${served.digest}`
  )
  // Two commands that a shell reads as they stand, in lines that people can read too.
  const said = spawnSync('bash', ['-c', `aws() { printf '<%s>' "$@"; echo; }\n${fix}`], { encoding: 'utf8' })
  expect(said.stderr).toBe('')
  const [tagging = '', policy = ''] = said.stdout.split(/(?<=\n)(?=<ecr><put-lifecycle-policy>)/)
  expect(tagging).toMatch(
    /^<ecr><put-image>.*<--image-manifest><<ecr><batch-get-image>.*imageDigest=sha256:\w+>/
  )
  const [, text = ''] = /<--lifecycle-policy-text><(.*)>$/s.exec(policy.trim()) ?? []
  expect(JSON.parse(text)).toMatchObject({ rules: [{}, { description: "keep ten, says Ann's rule" }] })
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(160)
  expect((told[0] as { fix: string }).fix).not.toContain('put-image')
})

test('another revision that a deploy goes back to is looked after as well, and only where it is one', async () => {
  const { ports, repository, image, served } = await shelf(4)
  const told: HappeningBody[] = []
  const all = { ...ports, announce: (h: HappeningBody) => told.push(h) } as Ports
  const inputs = {
    environment: 'production',
    imageTagPattern: 'production-*',
    preflight: 'enforce'
  } as Inputs
  const goesBackTo = async (revision: string, onFailure = 'rollback') => {
    told.length = 0
    const definition = {
      definition: { containerDefinitions: [{ name: 'app', image: `${repository.uri}:build-0` }] },
      tags: []
    }
    const pins = new Map([['app', served.uri]])
    const way = { target: { taskDefinition: revision, definition, pins }, skipped: [] } as unknown as WayBack
    const primary = { taskDefinition: 'web:2' }
    const before = { primary, knownGood: primary } as Before
    await careForWayBack(all, { ...inputs, onFailure } as Inputs, before, way)
    return told
  }
  expect(await goesBackTo('web:1')).toMatchObject([
    { role: 'rollback', image: served.uri, text: expect.stringContaining('6 more pushes') }
  ])
  expect(await goesBackTo('web:2')).toEqual([])
  expect(await goesBackTo('web:1', 'leave')).toEqual([])
  expect(image.digest).not.toBe(served.digest)
})

test('an age that comes within seven days, and one that does not', async () => {
  const older = (countNumber: number) => ({
    rules: [
      {
        rulePriority: 1,
        selection: { tagStatus: 'any', countType: 'sinceImagePushed', countUnit: 'days', countNumber },
        action: { type: 'expire' }
      }
    ]
  })
  const { care, world, client } = await shelf(1, older(14))
  expect((await care()).told).toEqual([])
  world.clock.advanceBy(8 * day)
  expect((await care()).told).toMatchObject([{ role: 'new' }, { role: 'rollback' }])
  await client.send(
    new PutLifecyclePolicyCommand({ repositoryName: 'app', lifecyclePolicyText: JSON.stringify(older(15)) })
  )
  expect((await care()).told).toMatchObject([{ role: 'new' }, { role: 'rollback' }])
})

test('nothing to say: no policy, or one that keeps them longer', async () => {
  expect((await (await shelf(4, null)).care()).told).toEqual([])
})

test('the new image is in the archive: refused, with the command that brings it back', async () => {
  const { care, repository, image } = await shelf(2)
  repository.archive(image.digest)
  await expect(care()).rejects.toMatchObject({
    reasonCode: 'image-not-found',
    message: expect.stringContaining('is ARCHIVED in app'),
    fix: expect.stringContaining('aws ecr update-image-storage-class')
  })
  expect((await care({ preflight: 'warn' })).told[0]).toMatchObject({ role: 'new' })
  expect((await care({ preflight: 'off' })).told).toEqual([])
})

test('whether the way back can start at all is not said here', async () => {
  const { care, repository, served } = await shelf(2, null)
  repository.archive(served.digest)
  expect((await care()).told).toEqual([])
  repository.expire(served.digest)
  expect((await care()).told).toEqual([])
})

test('what may not be read, or does not answer, is said once and costs no deploy', async () => {
  const { care, fail } = await shelf(4)
  fail('GetLifecyclePolicy', { kind: 'access-denied' })
  fail('DescribeRepositories', { kind: 'error', code: 'UnknownOperationException', message: 'what?' })
  expect((await care()).told).toMatchObject([
    {
      code: 'note',
      text: expect.stringMatching(
        /the role may not call ecr:GetLifecyclePolicy.*|ecr:DescribeRepositories failed/
      )
    }
  ])
  fail('DescribeImages', { kind: 'server-error' })
  expect((await care()).told).toMatchObject([{ code: 'note' }])
})

/** An index of three platforms as the new image of `app`. */
async function indexShelf() {
  const made = await shelf(2, null)
  const platforms = ['linux/amd64', 'linux/arm64', 'linux/s390x']
  const image = made.repository.push({ tags: ['many'], form: 'index', platforms })
  const { manifests } = JSON.parse(image.manifest) as {
    manifests: { digest: string; platform?: { architecture: string } }[]
  }
  const child = (architecture: string) =>
    manifests.find((m) => m.platform?.architecture === architecture)!.digest
  const pin = {
    container: 'app',
    given: true,
    repository: made.repository.uri,
    digest: image.digest,
    ecr: {
      repository: parseImage(image.uri)!.ecr!,
      manifest: { digest: image.digest, bytes: image.manifest }
    }
  }
  const platform = { os: 'linux', architecture: 'amd64' }
  const care = async (over: Partial<Care> = {}) => await made.care({ pins: [pin], platform, ...over })
  return { ...made, child, manifests, care }
}

test('an index whose manifest for the tasks is in the archive is refused; one for others is not', async () => {
  const { repository, child, care } = await indexShelf()
  repository.archive(child('arm64'))
  expect((await care()).told).toEqual([])
  repository.archive(child('amd64'))
  await expect(care()).rejects.toMatchObject({
    reasonCode: 'image-not-found',
    message: expect.stringMatching(
      /the manifest for linux\/amd64 of .+ cannot be pulled: .+ is ARCHIVED in ECR/
    ),
    fix: expect.stringContaining(`--image-id imageDigest=${child('amd64')}`)
  })
  expect((await care({ preflight: 'warn' })).told).toMatchObject([{ code: 'warning' }])
})

test('an index whose manifests are all in the archive is as good as archived itself, also for the audit', async () => {
  const { repository, manifests, care, image } = await indexShelf()
  for (const { digest } of manifests) repository.archive(digest)
  const rollback = { containerDefinitions: [{ name: 'app', image: `${repository.uri}:many` }] }
  const { told } = await care({ pins: [], rollback })
  expect(told).toEqual([])
  await expect(care()).rejects.toThrow('all 3 manifests that it names are in the archive of app')
  expect(image.digest).toMatch(/^sha256:/)
})

test('a manifest of an index that is gone: refused, unless the repository shows none of them at all', async () => {
  const { repository, child, care, fail } = await indexShelf()
  repository.expire(child('amd64'))
  await expect(care()).rejects.toMatchObject({
    reasonCode: 'image-not-found',
    message: expect.stringMatching(/the manifest for linux\/amd64 of .+ is gone/),
    fix: 'Push the image again, and deploy what was pushed.'
  })
  fail('BatchGetImage', { kind: 'access-denied' })
  expect((await care()).told).toMatchObject([{ code: 'note' }])
  const blind = await indexShelf()
  for (const { digest } of blind.manifests) blind.repository.expire(digest)
  expect((await blind.care()).told).toMatchObject([
    { code: 'warning', text: expect.stringContaining('ECR serves none of its manifests') }
  ])
})

test('an image that is copied into the repository is judged as it will lie there, with what its pushes do to the way back', async () => {
  const { care, repository, world, image } = await shelf(9)
  const staging = world.ecr.repository('staging')
  const fresh = staging.push({ tags: ['v2'], form: 'index', content: 'fresh' })
  const pin = {
    container: 'app',
    given: true,
    promoted: true,
    repository: repository.uri,
    digest: fresh.digest,
    ecr: {
      repository: parseImage(image.uri)!.ecr!,
      manifest: {
        digest: fresh.digest,
        bytes: fresh.manifest,
        mediaType: 'application/vnd.oci.image.index.v1+json'
      }
    }
  }
  const { told } = await care({ pins: [pin], tag: 'production-1' })
  expect(told).toMatchObject([
    {
      role: 'new',
      text: expect.stringMatching(
        /^The new image of app .+ would not stay in ECR: it expires after \d+ more push/
      )
    },
    { role: 'rollback', text: expect.stringContaining('expires when the policy runs next') }
  ])
  // And so it is: the copy is pushed, and the next run of the policy takes what was said.
  expect(repository.push({ tags: ['production-1'], form: 'index', content: 'fresh' }).digest).toBe(
    fresh.digest
  )
  repository.runLifecyclePolicy()
  expect(repository.digestOf('build-0')).toBeUndefined()
  expect(repository.digestOf('production-1')).toBe(fresh.digest)
})
