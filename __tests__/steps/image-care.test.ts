/** What is said of images before a deploy, and that the fix that is shown really keeps them. */
import { GetLifecyclePolicyCommand, PutLifecyclePolicyCommand } from '@aws-sdk/client-ecr'
import { afterEach, expect, test } from '@jest/globals'
import { createWorld, startServer, type Fault, type SimulatorServer } from '../../simulator/index.js'
import { Clients } from '../../src/aws/clients.js'
import { Ecr } from '../../src/aws/ecr.js'
import { EcrRepositories } from '../../src/aws/repositories.js'
import { parseImage } from '../../src/domain/image.js'
import type { Ports } from '../../src/ports.js'
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
  return { world, repository, served, image, care, fail, client: await clients.ecr(world.region) }
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
  const keep = `--image-tag production-keep-${served.digest.slice(7, 19)} --image-manifest "$(aws ecr batch-get-image`
  expect((told[1] as { fix: string }).fix).toContain(keep)
  expect((told[0] as { fix: string }).fix).not.toContain('put-image')
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
