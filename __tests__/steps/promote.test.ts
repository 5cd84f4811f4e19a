/** Promotion over the real clients, between repositories of a simulated world behind a real HTTP server. */
import http from 'node:http'
import https from 'node:https'
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import {
  createWorld,
  startServer,
  type Fault,
  type SimulatorServer,
  type World
} from '../../simulator/index.js'
import { Clients } from '../../src/aws/clients.js'
import { EcrLayers } from '../../src/aws/ecr-layers.js'
import type { HappeningBody } from '../../src/domain/events.js'
import { parseImage } from '../../src/domain/image.js'
import { Refusal } from '../../src/domain/outcome.js'
import { AwsFault, type Ports } from '../../src/ports.js'
import { promote } from '../../src/steps/promote.js'
import { planPromotions } from '../../src/steps/promote-plan.js'
import { resolve } from '../../src/steps/resolve.js'
import { hastyClock, loggedIn, registries } from '../registry/ports.js'

let world: World
let server: SimulatorServer
const before = { ...process.env }

beforeEach(async () => {
  world = createWorld()
  server = await startServer(world, { limits: false })
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: server.url,
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret'
  })
  // What is asked of https://HOST goes to the world's registry of that host.
  const mapped = (url: URL, { method, headers }: http.RequestOptions) => {
    const path = url.pathname.startsWith('/_host/') ? url.pathname : `/_host/${url.host}${url.pathname}`
    return http.request(new URL(`${path}${url.search}`, server.url), { method, headers })
  }
  jest.spyOn(https, 'request').mockImplementation(mapped as typeof https.request)
})
afterEach(async () => {
  jest.restoreAllMocks()
  await server.close()
  process.env = { ...before }
})

function ports(config: unknown = {}, signal?: AbortSignal) {
  const clients = new Clients({ region: world.region, requestTimeoutMs: 10_000 })
  const patience = { clock: hastyClock, patienceMs: 30_000, count: () => 0, ...(signal ? { signal } : {}) }
  const told: HappeningBody[] = []
  const made = registries(config, {
    ecr: (web) => new EcrLayers({ needed: { clients, patience }, detail: { clients, patience } }, web),
    ...(signal ? { signal } : {})
  })
  const all = {
    registries: made.registries,
    images: {
      manifest: async (ecr: never, id: never) =>
        await made.registries.manifest({ host: '', name: '', ecr }, id, 'needed')
    },
    clock: hastyClock,
    announce: (h: HappeningBody) => told.push(h)
  } as unknown as Ports
  const facts = () => told.flatMap((h) => (h.code === 'fact' ? [`${h.name} ${h.value}`] : []))
  return { ports: all, told, facts }
}

const inputs = { promote: true, tagImages: true, imageTag: 'production-1' }

/** Promotes images (container -> where it is now, what is given) and gives the pins. */
async function run(
  images: Record<string, [now: string, given: string]>,
  config: unknown = {},
  signal?: AbortSignal
) {
  const made = ports(config, signal)
  const pins = []
  for (const [container, [, given]] of Object.entries(images)) {
    const reference = parseImage(given)!
    const found = await resolve(made.ports, {
      container,
      reference,
      given: true,
      runs: false,
      ownCredentials: false
    })
    if (found.state === 'refused') throw new Refusal([found.problem], found.code)
    if (found.state !== 'resolved') throw new Error(JSON.stringify(found))
    pins.push({ container, given: true, repository: reference.repository, ...found })
  }
  const running = { containerDefinitions: Object.entries(images).map(([name, [image]]) => ({ name, image })) }
  const planned = await planPromotions(made.ports, pins, running, inputs)
  const writes = server.journal.entries.filter((e) => e.write).length
  const tagged = await promote(made.ports, planned.promotions, signal ? { signal } : {})
  return { ...made, pins: planned.pins, tagged, writesBefore: writes }
}

/** The promotion of staging's v2 to production, planned. */
async function plannedFor(all: Ports, until?: number) {
  const reference = parseImage(`${uriOf('staging')}:v2`)!
  const wanted = { container: 'web', reference, given: true, runs: false, ownCredentials: false }
  const found = await resolve(all, wanted)
  if (found.state !== 'resolved') throw new Error(JSON.stringify(found))
  const pins = [{ container: 'web', given: true, repository: reference.repository, ...found }]
  const running = { containerDefinitions: [{ name: 'web', image: `${uriOf('production')}:v1` }] }
  return await planPromotions(all, pins, running, inputs, until === undefined ? {} : { until })
}

const calls = (operation: string) => server.journal.entries.filter((e) => e.operation === operation)
const uriOf = (name: string) => world.ecr.repository(name).uri
/** The manifest of an image as ECR has it. */
const kept = async (name: string, digest: string) => {
  const { ports: p } = ports()
  const { ecr } = parseImage(`${uriOf(name)}@${digest}`)!
  return (await p.registries!.manifest({ host: ecr!.host, name, ecr: ecr! }, { digest }, 'needed')).bytes
}
/** Content whose layers have about so many bytes. */
const big = (bytes: number) => 'x'.repeat(bytes / 100)

describe('within one registry of ECR', () => {
  test('an index goes with its children, configs and layers, byte for byte; reads come before writes', async () => {
    const image = world.ecr.repository('staging').push({ tags: ['v2'], form: 'index' })
    const { pins, facts, writesBefore } = await run({
      web: [`${uriOf('production')}:v1`, `${uriOf('staging')}:v2`]
    })
    expect(writesBefore).toBe(0)
    expect(pins).toMatchObject([{ repository: uriOf('production'), digest: image.digest, ecr: {} }])
    expect(await kept('production', image.digest)).toBe(image.manifest)
    const { manifests } = JSON.parse(image.manifest) as { manifests: { digest: string }[] }
    for (const { digest } of manifests) expect(await kept('production', digest)).toContain(digest.slice(0, 0))
    expect(facts().at(-1)).toBe(`promoted ${uriOf('production')}@${image.digest.slice(0, 19)}`)
    expect(calls('PutImage').map((e) => (e.input as { imageTag?: string }).imageTag)).toEqual([
      undefined,
      undefined,
      undefined
    ])
  })

  test('with blob mounting no layer travels', async () => {
    const image = world.ecr.repository('staging').push({ tags: ['v2'] })
    world.ecr.repository('production')
    world.ecr.mountBlobs(true)
    await run({ web: [`${uriOf('production')}:v1`, `${uriOf('staging')}:v2`] })
    expect(await kept('production', image.digest)).toBe(image.manifest)
    expect(calls('InitiateLayerUpload')).toEqual([])
    expect(calls('StartUpload').filter((e) => e.error === undefined)).toHaveLength(3)
    expect(calls('GetAuthorizationToken')).toHaveLength(1)
  })

  test('without it that is tried once, and every layer is copied', async () => {
    world.ecr.repository('staging').push({ tags: ['v2'] })
    world.ecr.repository('production')
    await run({ web: [`${uriOf('production')}:v1`, `${uriOf('staging')}:v2`] })
    expect(calls('StartUpload').filter((e) => e.error === undefined)).toHaveLength(1)
    expect(calls('CompleteLayerUpload')).toHaveLength(3)
  })

  test('the role may have no login: nothing is mounted, nothing is lost', async () => {
    world.ecr.repository('staging').push({ tags: ['v2'] })
    world.ecr.repository('production')
    server.faults.add({ operation: 'GetAuthorizationToken', fault: { kind: 'access-denied' } })
    await run({ web: [`${uriOf('production')}:v1`, `${uriOf('staging')}:v2`] })
    expect(calls('CompleteLayerUpload')).toHaveLength(3)
  })

  test('what is there already is not copied again: the image, or the layers that two images share', async () => {
    const base = world.ecr.repository('staging')
    base.push({ tags: ['a'] })
    base.push({ tags: ['b'] })
    world.ecr.repository('production')
    const to = `${uriOf('production')}:v1`
    const both = { a: [to, `${uriOf('staging')}:a`], b: [to, `${uriOf('staging')}:b`] } as const
    await run({ a: [...both.a], b: [...both.b] })
    // Two configs and two layers of their own, and the base that they share.
    expect(calls('CompleteLayerUpload')).toHaveLength(5)
    const { facts } = await run({ a: [...both.a] })
    expect(facts().join()).toContain('it is there already')
    expect(calls('CompleteLayerUpload')).toHaveLength(5)
  })

  test.each([
    ['a throttled part', 'UploadLayerPart', { kind: 'throttle' }],
    ['a part whose answer is lost', 'UploadLayerPart', { kind: 'connection-reset', when: 'after' }],
    ['a part that never arrives', 'UploadLayerPart', { kind: 'connection-reset' }],
    ['a server error', 'UploadLayerPart', { kind: 'server-error' }],
    [
      'an upload that ECR forgot',
      'UploadLayerPart',
      { kind: 'error', code: 'UploadNotFoundException', message: 'no upload' }
    ],
    ['an end whose answer is lost', 'CompleteLayerUpload', { kind: 'connection-reset', when: 'after' }],
    ['a layer that breaks off', 'GetLayer', { kind: 'connection-reset' }],
    ['a URL that is throttled', 'GetDownloadUrlForLayer', { kind: 'throttle' }],
    ['an image whose answer is lost', 'PutImage', { kind: 'connection-reset', when: 'after' }]
  ] as const)('goes on after %s', async (_, operation, fault) => {
    const image = world.ecr.repository('staging').push({ tags: ['v2'], content: big(6_000_000) })
    world.ecr.repository('production')
    server.faults.add({ operation, fault, fromCall: operation === 'UploadLayerPart' ? 3 : 2, calls: 2 })
    await run({ web: [`${uriOf('production')}:v1`, `${uriOf('staging')}:v2`] })
    expect(await kept('production', image.digest)).toBe(image.manifest)
    // The large layer goes in parts of five megabytes.
    expect(calls('UploadLayerPart').length).toBeGreaterThanOrEqual(4)
  })

  test('two runs that promote the same image at once both end well', async () => {
    const image = world.ecr.repository('staging').push({ tags: ['v2'] })
    const images = { web: [`${uriOf('production')}:v1`, `${uriOf('staging')}:v2`] } as Record<
      string,
      [string, string]
    >
    await Promise.all([run(images), run(images)])
    expect(await kept('production', image.digest)).toBe(image.manifest)
    expect(calls('CompleteLayerUpload').map((e) => e.error)).toContain('LayerAlreadyExistsException')
  })

  test('a target that does not exist, and a layer that is gone, are refused before any write', async () => {
    world.ecr.repository('staging').push({ tags: ['v2'] })
    const nowhere = uriOf('staging').replace('/staging', '/production')
    const asked = run({ web: [`${nowhere}:v1`, `${uriOf('staging')}:v2`] })
    await expect(asked).rejects.toThrow(Refusal)
    await expect(asked).rejects.toThrow('"production" of account')
    expect(server.journal.entries.filter((e) => e.write)).toEqual([])
  })

  test.each([
    ['an upload that is never answered', 'InitiateLayerUpload'],
    ['a part that is never answered', 'UploadLayerPart'],
    ['layers that nobody gives', 'GetLayer'],
    ['an image that is never answered', 'PutImage']
  ])('%s: over when its time is over, whatever the patience of each request', async (_, operation) => {
    world.ecr.repository('staging').push({ tags: ['v2'] })
    world.ecr.repository('production')
    server.faults.add({ operation, fault: { kind: 'silence' } })
    const made = ports()
    const { promotions } = await plannedFor(made.ports)
    const until = made.ports.clock.now() + 2900
    const ended = promote(made.ports, promotions, { until }).catch((error: unknown) => error)
    expect(await ended).toMatchObject({
      reasonCode: 'stuck',
      message: expect.stringMatching(
        /^promote: sha256:\w+ was not in \S+\/production within .+ had arrived\.$/
      ),
      fix: expect.stringContaining('longer timeout')
    })
    expect(made.told).toContainEqual({ code: 'warning', text: expect.stringContaining('stays there') })
  })

  test('where nobody can be asked which layers are there, all of them are sent; who may not ask is told', async () => {
    const image = world.ecr.repository('staging').push({ tags: ['v2'] })
    world.ecr.repository('production')
    const unknown = {
      kind: 'error',
      code: 'UnknownOperationException',
      message: 'what?',
      status: 400
    } as const
    const forget = server.faults.add({ operation: 'BatchCheckLayerAvailability', fault: unknown })
    await run({ web: [`${uriOf('production')}:v1`, `${uriOf('staging')}:v2`] })
    expect(await kept('production', image.digest)).toBe(image.manifest)
    expect(calls('CompleteLayerUpload')).toHaveLength(3)
    forget()
    world.ecr.repository('other')
    server.faults.add({ operation: 'BatchCheckLayerAvailability', fault: { kind: 'access-denied' } })
    await expect(run({ web: [`${uriOf('other')}:v1`, `${uriOf('staging')}:v2`] })).rejects.toMatchObject({
      operation: 'ecr:BatchCheckLayerAvailability'
    })
  })

  test('looking for what is to be copied is over in time too', async () => {
    world.ecr.repository('staging').push({ tags: ['v2'] })
    world.ecr.repository('production')
    const made = ports()
    server.faults.add({ operation: 'BatchCheckLayerAvailability', fault: { kind: 'silence' } })
    const ended = plannedFor(made.ports, made.ports.clock.now() + 2900).catch((error: unknown) => error)
    expect(await ended).toMatchObject({ reasonCode: 'stuck' })
    expect(server.journal.entries.filter((e) => e.write)).toEqual([])
  })

  test.each([
    ['GetDownloadUrlForLayer', 'LayersNotFoundException', 'image-not-found'],
    ['GetDownloadUrlForLayer', 'LayerInaccessibleException', 'image-pull-denied'],
    ['GetDownloadUrlForLayer', 'UnableToGetUpstreamLayerException', 'image-pull-network'],
    ['GetDownloadUrlForLayer', 'RepositoryNotFoundException', 'image-not-found'],
    ['InitiateLayerUpload', 'RepositoryNotFoundException', 'image-not-found'],
    ['InitiateLayerUpload', 'KmsException', 'aws-denied'],
    ['InitiateLayerUpload', 'InvalidParameterException', 'preflight'],
    ['UploadLayerPart', 'LimitExceededException', 'quota'],
    ['UploadLayerPart', 'KmsException', 'aws-denied'],
    ['UploadLayerPart', 'UploadNotFoundException', 'preflight'],
    ['CompleteLayerUpload', 'InvalidLayerException', 'preflight'],
    ['CompleteLayerUpload', 'EmptyUploadException', 'preflight'],
    ['CompleteLayerUpload', 'LayerPartTooSmallException', 'preflight'],
    ['CompleteLayerUpload', 'UploadNotFoundException', 'preflight'],
    ['PutImage', 'LayersNotFoundException', 'image-not-found'],
    ['PutImage', 'ReferencedImagesNotFoundException', 'image-not-found'],
    ['PutImage', 'ImageDigestDoesNotMatchException', 'image-not-found'],
    ['PutImage', 'LimitExceededException', 'quota'],
    ['PutImage', 'InvalidParameterException', 'preflight']
  ])('%s refuses with %s: %s, in a sentence, and nothing is tagged', async (operation, code, reasonCode) => {
    world.ecr.repository('staging').push({ tags: ['v2'] })
    world.ecr.repository('production')
    const made = ports()
    const { promotions } = await plannedFor(made.ports)
    const fault = { kind: 'error', code, message: 'so it is', status: 400 } as const
    server.faults.add({ operation, fault })
    const refusal = await promote(made.ports, promotions).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(Refusal)
    expect(refusal).toMatchObject({
      reasonCode,
      message: expect.stringMatching(/^promote: sha256:\w+ cannot be copied: .+\.$/)
    })
    expect(world.ecr.repository('production').digestOf('production-1')).toBeUndefined()
  })

  test.each([
    'InitiateLayerUpload',
    'UploadLayerPart',
    'CompleteLayerUpload',
    'PutImage',
    'GetDownloadUrlForLayer'
  ])('%s is denied: AWS said so, by the name of the operation', async (operation) => {
    world.ecr.repository('staging').push({ tags: ['v2'] })
    world.ecr.repository('production')
    const made = ports()
    const { promotions } = await plannedFor(made.ports)
    server.faults.add({ operation, fault: { kind: 'access-denied' } })
    await expect(promote(made.ports, promotions)).rejects.toMatchObject({
      kind: 'denied',
      operation: `ecr:${operation}`
    })
  })

  test('a cancelled run stops between two parts, and says that what has arrived does no harm', async () => {
    world.ecr.repository('staging').push({ tags: ['v2'], content: big(6_000_000) })
    world.ecr.repository('production')
    const cancel = new AbortController()
    const gone = new Error('the run was cancelled')
    server.faults.add({ operation: 'UploadLayerPart', fromCall: 3, fault: { kind: 'silence' } })
    setTimeout(() => cancel.abort(gone), 500)
    await expect(
      run({ web: [`${uriOf('production')}:v1`, `${uriOf('staging')}:v2`] }, {}, cancel.signal)
    ).rejects.toBe(gone)
    expect(calls('PutImage')).toEqual([])
  })
})

test('whatever one request meets, no half image gets a name, and the next run ends well', async () => {
  const faults: Fault[] = [
    { kind: 'connection-reset' },
    { kind: 'connection-reset', when: 'after' },
    { kind: 'server-error' },
    { kind: 'throttle' },
    { kind: 'malformed', how: 'truncated' },
    { kind: 'access-denied' },
    { kind: 'error', code: 'ImageIsHauntedException', message: 'so it is', status: 400 }
  ]
  world.ecr.repository('staging').push({ tags: ['v2'], form: 'index' })
  const bad: string[] = []
  // A sample; all of them with SWEEP=1.
  const step = process.env['SWEEP'] ? 1 : 41
  let at = 0
  for (let mounts = 0; mounts < 2; mounts += 1) {
    world.ecr.mountBlobs(mounts === 1)
    const began = server.journal.entries.length
    const images = { web: [`${uriOf(`clean-${mounts}`)}:v1`, `${uriOf('staging')}:v2`] as [string, string] }
    await run(images)
    const requests = server.journal.entries.slice(began).map((entry) => entry.operation)
    for (const [nth, operation] of requests.entries())
      for (const fault of faults) {
        at += 1
        if (at % step !== 0) continue
        const name = `target-${at}`
        const into = { web: [`${uriOf(name)}:v1`, `${uriOf('staging')}:v2`] as [string, string] }
        const call = requests.slice(0, nth + 1).filter((o) => o === operation).length
        const said = `${operation} ${call} ${JSON.stringify(fault)}`
        const digest = world.ecr.repository('staging').digestOf('v2')!
        const forget = server.faults.add({ operation, fault, fromCall: call, calls: 1 })
        const first = await run(into).catch((error: unknown) => error)
        forget()
        const named = (first as { pins?: unknown }).pins !== undefined
        if (!named && !(first instanceof Refusal) && !(first instanceof AwsFault))
          bad.push(`${said}: ${String(first)}`)
        if (named && (await kept(name, digest).catch(() => '')) === '')
          bad.push(`${said}: said done, and is not`)
        const again = await run(into).catch((error: unknown) => error)
        if (again instanceof Error) bad.push(`${said}, then again: ${String(again)}`)
        else if ((await kept(name, digest)) === '') bad.push(`${said}: nothing there after the second run`)
      }
  }
  expect(bad).toEqual([])
}, 900_000)

describe('between registries', () => {
  const users = { deployer: 'secret' }

  test('from GHCR into ECR', async () => {
    const image = world.registries
      .add('ghcr.io', { users, private: ['acme/web'] })
      .repository('acme/web')
      .push({ tags: ['v2'], form: 'index' })
    world.ecr.repository('production')
    const config = loggedIn('ghcr.io', 'deployer', 'secret')
    const { pins } = await run({ web: [`${uriOf('production')}:v1`, 'ghcr.io/acme/web:v2'] }, config)
    expect(pins).toMatchObject([{ repository: uriOf('production'), digest: image.digest, ecr: {} }])
    expect(await kept('production', image.digest)).toBe(image.manifest)
  })

  test('from ECR into another registry, where the environment tag is put too, and never moved', async () => {
    const image = world.ecr.repository('staging').push({ tags: ['v2'] })
    const other = world.registries.add('registry.example', { auth: 'basic', users }).repository('shop/web')
    const config = loggedIn('registry.example', 'deployer', 'secret')
    const images = { web: ['registry.example/shop/web:v1', `${uriOf('staging')}:v2`] } as Record<
      string,
      [string, string]
    >
    const { tagged, pins } = await run(images, config)
    expect(other.digestOf('production-1')).toBe(image.digest)
    expect(tagged).toEqual({ web: 'registry.example/shop/web:production-1' })
    expect(pins[0]).not.toHaveProperty('ecr')
    const next = other.push({ tags: ['x'] })
    other.tag('production-1', next.digest)
    await expect(run(images, config)).rejects.toThrow('an environment tag never moves')
  })

  test('who may not push is told so', async () => {
    world.ecr.repository('staging').push({ tags: ['v2'] })
    world.registries.add('registry.example', { users })
    await expect(
      run({ web: ['registry.example/shop/web:v1', `${uriOf('staging')}:v2`] })
    ).rejects.toMatchObject({ reasonCode: 'image-pull-denied' })
  })
})

test('a container that runs no image now has no repository to promote to', async () => {
  const { ports: p, told } = ports()
  const pins = [{ container: 'new', given: true, repository: 'a/b', digest: 'd' }]
  expect(await planPromotions(p, pins, { containerDefinitions: [] }, inputs)).toEqual({
    pins,
    promotions: []
  })
  expect(told).toMatchObject([{ code: 'warning' }])
  expect(await planPromotions(p, pins, {}, { ...inputs, promote: false })).toEqual({ pins, promotions: [] })
})
