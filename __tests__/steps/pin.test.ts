import { describe, expect, test } from '@jest/globals'
import { parseImage } from '../../src/domain/image.js'
import type { HappeningBody } from '../../src/domain/events.js'
import type { JsonObject } from '../../src/domain/task-definition.js'
import { AwsFault, NotFound, RegistryFault, type Manifest, type Ports } from '../../src/ports.js'
import { pin, type Pinning } from '../../src/steps/pin.js'

const ecr = '111122223333.dkr.ecr.eu-west-1.amazonaws.com'
const digest = (c: string) => `sha256:${c.repeat(64)}`
const descriptor = (c: string) => ({ digest: digest(c), size: 9, mediaType: 'm' })
const image: Manifest = {
  digest: digest('a'),
  bytes: JSON.stringify({ schemaVersion: 2, config: descriptor('c'), layers: [descriptor('1')] })
}
const index = (...architectures: string[]): Manifest => ({
  digest: digest('b'),
  bytes: JSON.stringify({
    schemaVersion: 2,
    manifests: architectures.map((architecture) => ({
      ...descriptor('d'),
      platform: { os: 'linux', architecture }
    }))
  })
})

type Answer = Manifest | Error
/** Registries that answer by reference (`repository:tag` or `repository@digest`), and configs that do or do not. */
function world(answers: Record<string, Answer>, config: string | Error = '{}') {
  const told: HappeningBody[] = []
  const asked: string[] = []
  const find = (repository: string, id: { tag: string } | { digest: string }) => {
    const key = 'tag' in id ? `${repository}:${id.tag}` : `${repository}@${id.digest}`
    asked.push(key)
    const answer = answers[key] ?? new NotFound(`${key} does not exist`)
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)
  }
  const at = (r: { host: string; name: string }) => (r.host === 'docker.io' ? r.name : `${r.host}/${r.name}`)
  const ports = {
    images: { manifest: (r: { host: string; name: string }, id: never) => find(`${r.host}/${r.name}`, id) },
    registries: {
      manifest: (r: { host: string; name: string }, id: never, effort: string) => {
        asked.push(effort)
        return find(at(r), id)
      },
      digestOf: async (r: { host: string; name: string }, tag: string) => {
        try {
          return (await find(at(r), { tag })).digest
        } catch (error) {
          if (error instanceof NotFound) return undefined
          throw error
        }
      },
      text: () => {
        asked.push('config')
        return config instanceof Error ? Promise.reject(config) : Promise.resolve(config)
      }
    },
    announce: (h: HappeningBody) => told.push(h)
  } as unknown as Ports
  const warnings = () => told.flatMap((h) => (h.code === 'warning' ? [h.text] : []))
  const notes = () => told.flatMap((h) => (h.code === 'note' ? [h.text] : []))
  return { ports, asked, warnings, notes }
}

const definition = (...images: string[]): JsonObject => ({
  family: 'f',
  requiresCompatibilities: ['FARGATE'],
  containerDefinitions: images.map((text, i) => ({ name: `c${i}`, image: text }))
})
const terms = (given?: string, more: Partial<Pinning> = {}): Pinning => {
  const reference = parseImage(given ?? '')
  return {
    images: reference ? [{ container: 'c0', reference }] : [],
    pin: 'all',
    preflight: 'enforce',
    ...more
  }
}
const amd64 = '{"os":"linux","architecture":"amd64"}'
const unreachable = new RegistryFault('unreachable', 'r.io', 'r.io is not reached: its name is not known')

test('every image becomes a digest, whatever its registry; short names are Docker Hub', async () => {
  const { ports, warnings } = world({ 'library/nginx:1': image, 'r.io/a:2': index('amd64') }, amd64)
  const pins = await pin(ports, definition('nginx:1', 'r.io/a:2'), terms())
  expect(pins.map((p) => [p.repository, p.tag, p.digest])).toEqual([
    ['nginx', '1', digest('a')],
    ['r.io/a', '2', digest('b')]
  ])
  expect(warnings()).toEqual([])
})

test('a given image is waited for, one that nobody named is a detail', async () => {
  const { ports, asked } = world({ 'r.io/a:1': index('amd64'), 'r.io/b:1': index('amd64') })
  await pin(ports, definition('x', 'r.io/b:1'), terms('r.io/a:1'))
  expect(asked).toEqual(['needed', 'r.io/a:1', 'detail', 'r.io/b:1'])
})

test('an image that nobody named, in a registry out of reach, stays as it is, with a warning', async () => {
  const { ports, warnings } = world({ 'r.io/b:1': unreachable, 'r.io/a:1': index('amd64') })
  const pins = await pin(ports, definition('x', 'r.io/b:1'), terms('r.io/a:1'))
  expect(pins.map((p) => p.container)).toEqual(['c0'])
  expect(warnings()).toEqual([
    'Container "c1": r.io/b:1 stays as it is, not pinned: r.io is not reached: its name is not known.'
  ])
})

test('what runs already by its digest is not asked for in other registries', async () => {
  const text = `r.io/b@${digest('b')}`
  const { ports, asked } = world({})
  expect(await pin(ports, definition(text), terms(undefined, { running: definition(text) }))).toMatchObject([
    { digest: digest('b') }
  ])
  expect(asked).toEqual([])
})

test.each([
  ['unreachable', 'image-pull-network'],
  ['denied', 'image-pull-denied'],
  ['limited', 'image-pull-rate-limit'],
  ['rejected', 'preflight']
] as const)('a given tag of a registry that is %s is refused as %s', async (kind, reasonCode) => {
  const { ports } = world({ 'r.io/a:1': new RegistryFault(kind, 'r.io', 'r.io says no') })
  await expect(pin(ports, definition('x'), terms('r.io/a:1'))).rejects.toMatchObject({
    reasonCode,
    problems: ['container "c0": "r.io/a:1" has no known digest: r.io says no.']
  })
})

test('a given digest in a registry out of reach is deployed, with a warning', async () => {
  const { ports, warnings } = world({ [`r.io/a@${digest('b')}`]: unreachable })
  const pins = await pin(ports, definition('x'), terms(`r.io/a@${digest('b')}`))
  expect(pins).toMatchObject([{ digest: digest('b'), given: true }])
  expect(warnings().join()).toContain(
    'is deployed by its digest, but it was not looked at: r.io is not reached'
  )
})

test('ECR denied: what was given is not deployed blindly, what nobody named stays as it is', async () => {
  const denied = new AwsFault('denied', 'ecr:BatchGetImage', 'AccessDeniedException', 'not authorized')
  const given = world({ [`${ecr}/a:1`]: denied })
  await expect(pin(given.ports, definition('x'), terms(`${ecr}/a:1`))).rejects.toBe(denied)
  const { ports, warnings } = world({ [`${ecr}/b:1`]: denied, 'r.io/a:1': index('amd64') })
  expect(await pin(ports, definition('x', `${ecr}/b:1`), terms('r.io/a:1'))).toHaveLength(1)
  expect(warnings().join()).toContain('ecr:BatchGetImage failed: not authorized')
  const expired = new AwsFault('expired', 'ecr:BatchGetImage', 'ExpiredTokenException', 'expired')
  await expect(pin(world({ [`${ecr}/b:1`]: expired }).ports, definition(`${ecr}/b:1`), terms())).rejects.toBe(
    expired
  )
})

test('an image that does not exist is refused, unless ECS has credentials for it that we have not', async () => {
  const { ports } = world({})
  await expect(pin(ports, definition('r.io/b:1'), terms())).rejects.toMatchObject({
    reasonCode: 'image-not-found'
  })
  const own = definition('r.io/b:1')
  const secret = { repositoryCredentials: { credentialsParameter: 'arn' } }
  own['containerDefinitions'] = [{ name: 'c0', image: 'r.io/b:1', ...secret }]
  const seen = world({})
  expect(await pin(seen.ports, own, terms())).toEqual([])
  expect(seen.warnings()).toHaveLength(1)
})

describe('tag and digest together', () => {
  const text = `r.io/a:1@${digest('b')}`
  const there = { [`r.io/a@${digest('b')}`]: index('amd64') }
  test.each([
    ['on that digest', { 'r.io/a:1': index('amd64') }, []],
    ['moved', { 'r.io/a:1': image }, ['the tag "1" of r.io/a is on sha256:aaaaaaaaaaaa now']],
    ['gone', {}, ['the tag "1" of r.io/a does not exist']],
    ['out of sight', { 'r.io/a:1': unreachable }, []]
  ])('the tag is %s: the digest decides', async (_, answers, words) => {
    const { ports, warnings } = world({ ...there, ...answers })
    expect(await pin(ports, definition('x'), terms(text))).toMatchObject([{ digest: digest('b') }])
    expect(warnings()).toHaveLength(words.length)
    for (const word of words) expect(warnings().join()).toContain(word)
  })
})

describe('the platform', () => {
  test('another one is refused, and the sentence names both', async () => {
    const { ports } = world({ 'r.io/a:1': index('arm64', 's390x') })
    await expect(pin(ports, definition('x'), terms('r.io/a:1'))).rejects.toMatchObject({
      reasonCode: 'image-platform-mismatch',
      problems: [
        'container "c0": r.io/a:1 is built for linux/arm64, linux/s390x, but the tasks run on linux/amd64.'
      ],
      fix: expect.stringContaining('--platform linux/amd64')
    })
  })

  test('of a single image it stands in the config', async () => {
    const { ports } = world({ 'r.io/a:1': image }, '{"os":"linux","architecture":"arm64"}')
    await expect(pin(ports, definition('x'), terms('r.io/a:1'))).rejects.toThrow('is built for linux/arm64')
  })

  test('a config that cannot be read is said once a registry, and is no error', async () => {
    const denied = new AwsFault(
      'denied',
      'ecr:GetDownloadUrlForLayer',
      'AccessDeniedException',
      'not authorized'
    )
    const { ports, asked, notes } = world({ 'r.io/a:1': image, 'r.io/b:1': image }, denied)
    expect(await pin(ports, definition('r.io/a:1', 'r.io/b:1'), terms())).toHaveLength(2)
    expect(asked.filter((a) => a === 'config')).toHaveLength(1)
    expect(notes()[0]).toContain('its config could not be read (not authorized)')
  })

  test('what runs already is not doubted, and preflight may say less', async () => {
    const wrong = { 'r.io/a:1': index('arm64') }
    const running = definition(`r.io/a@${digest('b')}`)
    expect(await pin(world(wrong).ports, definition('x'), terms('r.io/a:1', { running }))).toHaveLength(1)
    expect(
      await pin(world(wrong).ports, definition('x'), terms('r.io/a:1', { preflight: 'off' }))
    ).toHaveLength(1)
    const { ports, warnings } = world(wrong)
    expect(await pin(ports, definition('x'), terms('r.io/a:1', { preflight: 'warn' }))).toHaveLength(1)
    expect(warnings().join()).toContain('is built for linux/arm64')
  })

  test('on EC2 instances without runtimePlatform nothing is certain', async () => {
    const { ports } = world({ 'r.io/a:1': index('arm64') })
    const ec2 = { ...definition('x'), requiresCompatibilities: ['EC2'] }
    expect(await pin(ports, ec2, terms('r.io/a:1'))).toHaveLength(1)
  })
})
