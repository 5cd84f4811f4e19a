/** Images of ECR through the SDK: all forms, and every way in which ECR does not give one. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from '@jest/globals'
import { createWorld, startServer, type Fault, type SimulatorServer } from '../../simulator/index.js'
import { Clients } from '../../src/aws/clients.js'
import { Ecr } from '../../src/aws/ecr.js'
import { parseImage } from '../../src/domain/image.js'
import type { Ports } from '../../src/ports.js'
import { resolve } from '../../src/steps/resolve.js'

let server: SimulatorServer | undefined
let plain: Server | undefined
const before = { ...process.env }
afterEach(async () => {
  await server?.close()
  plain?.close()
  plain?.closeAllConnections()
  server = plain = undefined
  process.env = { ...before }
})

function ecrAt(url: string, region: string) {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret'
  })
  const clock = { now: () => Date.now(), sleep: () => Promise.resolve(), random: () => 0 }
  const clients = new Clients({ region, requestTimeoutMs: 3000 })
  return new Ecr(clients, { clock, patienceMs: 2000, count: () => 0 })
}

async function shop() {
  const world = createWorld()
  const repository = world.ecr.repository('app')
  server = await startServer(world, { limits: false })
  const images = ecrAt(server.url, world.region)
  const look = async (text: string) => {
    const reference = parseImage(text)!
    const wanted = { container: 'app', reference, given: true, runs: false, ownCredentials: false }
    return await resolve({ images } as unknown as Ports, wanted)
  }
  return { world, repository, images, look, faults: server.faults, journal: server.journal }
}

test.each([
  ['single', 'oci', 'application/vnd.oci.image.manifest.v1+json'],
  ['single', 'docker', 'application/vnd.docker.distribution.manifest.v2+json'],
  ['index', 'oci', 'application/vnd.oci.image.index.v1+json'],
  ['index', 'docker', 'application/vnd.docker.distribution.manifest.list.v2+json']
] as const)(
  '%s, %s: the stored bytes by tag and by digest, never a translation',
  async (form, media, mediaType) => {
    const { repository, look } = await shop()
    const image = repository.push({ tags: ['v1'], form, media })
    const manifest = { digest: image.digest, bytes: image.manifest, mediaType }
    expect(await look(`${repository.uri}:v1`)).toMatchObject({ state: 'resolved', manifest })
    expect(await look(image.uri)).toMatchObject({ state: 'resolved', manifest })
  }
)

test.each([
  ['RepositoryNotFoundException', 'image-not-found'],
  ['UnableToGetUpstreamImageException', 'image-pull-network'],
  ['LimitExceededException', 'image-pull-rate-limit'],
  ['InvalidParameterException', 'preflight'],
  ['ImageIsHauntedException', 'preflight']
])('BatchGetImage refuses with %s: refused as %s, in a sentence', async (code, expected) => {
  const { repository, look, faults } = await shop()
  faults.add({ operation: 'BatchGetImage', fault: { kind: 'error', code, message: 'so it is', status: 400 } })
  expect(await look(`${repository.uri}:v1`)).toMatchObject({
    state: 'refused',
    code: expected,
    problem: expect.stringMatching(/so it is|does not exist/)
  })
})

test.each<[Fault['kind'], string]>([
  ['access-denied', 'denied'],
  ['expired-token', 'expired'],
  ['server-error', 'unreachable'],
  ['throttle', 'throttled']
])('BatchGetImage meets %s: that is of AWS (%s), and not of the image', async (kind, expected) => {
  const { repository, look, faults } = await shop()
  faults.add({ operation: 'BatchGetImage', fault: { kind } as Fault })
  await expect(look(`${repository.uri}:v1`)).rejects.toMatchObject({ kind: expected })
})

test.each([
  ['ImageNotFound', 'image-not-found', 'does not exist in ECR repository "app"'],
  ['ImageInaccessible', 'image-pull-denied', 'push it again'],
  ['ImageReferencedByManifestList', 'preflight', 'an index names it'],
  ['ImageTagDoesNotMatchDigest', 'image-not-found', 'the tag is not on that digest'],
  ['InvalidImageDigest', 'image-not-found', 'that is no digest'],
  ['InvalidImageTag', 'image-not-found', 'takes no such tag'],
  ['KmsError', 'image-pull-denied', 'KMS key'],
  ['MissingDigestAndTag', 'image-not-found', 'neither a tag nor a digest'],
  ['UpstreamAccessDenied', 'image-pull-denied', 'denies access'],
  ['UpstreamTooManyRequests', 'image-pull-rate-limit', 'too many requests'],
  ['UpstreamUnavailable', 'image-pull-network', 'does not answer'],
  ['ImageIsHaunted', 'preflight', 'ImageIsHaunted']
])('the failure code %s: refused as %s', async (failureCode, expected, words) => {
  plain = createServer((_, response) => {
    const failures = [{ imageId: { imageTag: 'v1' }, failureCode, failureReason: 'so it is' }]
    response.setHeader('content-type', 'application/x-amz-json-1.1')
    response.end(JSON.stringify({ images: [], failures }))
  }).listen(0, '127.0.0.1')
  await new Promise((ready) => plain!.once('listening', ready))
  const images = ecrAt(`http://127.0.0.1:${(plain.address() as AddressInfo).port}`, 'eu-west-1')
  const reference = parseImage('111122223333.dkr.ecr.eu-west-1.amazonaws.com/app:v1')!
  const wanted = { container: 'app', reference, given: true, runs: false, ownCredentials: false }
  expect(await resolve({ images } as unknown as Ports, wanted)).toMatchObject({
    state: 'refused',
    code: expected,
    problem: expect.stringContaining(words)
  })
})

test('a tag whose answer is lost was put all the same: ECR says that it is there already', async () => {
  const { repository, images, faults, journal } = await shop()
  const image = repository.push({ tags: ['v1'] })
  const { ecr } = parseImage(image.uri)!
  const manifest = await images.manifest(ecr!, { digest: image.digest })
  faults.add({ operation: 'PutImage', fault: { kind: 'connection-reset', when: 'after' }, calls: 1 })
  expect(await images.tag(ecr!, manifest, 'production-1')).toBe('was-there')
  expect(repository.digestOf('production-1')).toBe(image.digest)
  expect(journal.entries.filter((e) => e.operation === 'PutImage').map((e) => e.error)).toContain(
    'ImageAlreadyExistsException'
  )
})
