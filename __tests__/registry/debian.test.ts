/** The client against a registry that others wrote: Debian's docker-registry. */
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { HappeningBody } from '../../src/domain/events.js'
import { parseImage } from '../../src/domain/image.js'
import { NotFound, RegistryFault, type Ports } from '../../src/ports.js'
import { pin } from '../../src/steps/pin.js'
import { promote } from '../../src/steps/promote.js'
import { planPromotions } from '../../src/steps/promote-plan.js'
import {
  digestOf,
  hasDockerRegistry,
  password,
  startRegistry,
  types,
  user,
  whySkipped,
  type Registry
} from './debian.js'
import { pushBlob, pusher, pushImage, pushIndex, type Push } from './images.js'
import { at, hastyClock, loggedIn, registries } from './ports.js'

const basic = { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }
const nowhere = `sha256:${'0'.repeat(64)}`

/** A token for one repository, asked for as docker does. */
async function tokenFor({ host }: Registry, name: string): Promise<string> {
  const answer = await fetch(`http://${host}/v2/${name}/manifests/x`)
  const [, realm = ''] = /realm="([^"]+)"/.exec(answer.headers.get('www-authenticate') ?? '') ?? []
  const scope = `repository:${name}:pull,push`
  const got = await fetch(`${realm}?service=debian&scope=${scope}`, { headers: basic })
  return ((await got.json()) as { token: string }).token
}

/** A proxy before a registry that knows nothing of PATCH. */
async function withoutParts(host: string) {
  let refused = 0
  const server = createServer((incoming, outgoing) => {
    if (incoming.method === 'PATCH') {
      refused += 1
      incoming.resume()
      outgoing.writeHead(405).end()
      return
    }
    const { method = '', url = '', headers } = incoming
    const passed = request(`http://${host}${url}`, { method, headers: { ...headers, host } }, (answer) => {
      const location = answer.headers.location?.replace(host, at())
      outgoing.writeHead(answer.statusCode ?? 0, { ...answer.headers, ...(location ? { location } : {}) })
      answer.pipe(outgoing)
    })
    incoming.pipe(passed)
  })
  const at = () => `127.0.0.1:${(server.address() as AddressInfo).port}`
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  return { host: at(), refused: () => refused, close }
}

if (!hasDockerRegistry)
  test('docker-registry', () => {
    console.log(whySkipped)
  })
else {
  describe('without a door', () => {
    let registry: Registry
    let push: Push
    beforeAll(async () => {
      registry = await startRegistry()
      push = pusher(registry.host)
    })
    afterAll(async () => await registry.stop())

    test.each([
      ['an OCI image', types.manifest],
      ['a Docker image', types.docker]
    ])('%s: tag and digest lead to the exact bytes', async (_, type) => {
      const image = await pushImage(push, 'team/app', { tag: 'v1', type })
      const { registries: found } = registries()
      const place = at(`${registry.host}/team/app`)
      const expected = { digest: image.digest, bytes: image.bytes, mediaType: type }
      expect(await found.manifest(place, { tag: 'v1' }, 'needed')).toEqual(expected)
      expect(await found.manifest(place, { digest: image.digest }, 'needed')).toEqual(expected)
      expect(await found.digestOf(place, 'v1', 'needed')).toBe(image.digest)
    })

    test.each([
      ['an OCI index', types.index],
      ['a Docker manifest list', types.list]
    ])('%s is found by its tag, which needs the right Accept', async (_, type) => {
      const index = await pushIndex(push, 'team/many', ['linux/amd64', 'linux/arm64/v8'], 'v1', type)
      const { registries: found } = registries()
      const place = at(`${registry.host}/team/many`)
      expect(await found.manifest(place, { tag: 'v1' }, 'needed')).toMatchObject({
        digest: index.digest,
        bytes: index.bytes,
        mediaType: type
      })
      expect(await found.digestOf(place, 'v1', 'needed')).toBe(index.digest)
      // Who asks without it gets something else: nothing at all, or one of the children.
      const bare = await fetch(`http://${registry.host}/v2/team/many/manifests/v1`, {
        method: 'HEAD',
        headers: { accept: types.docker }
      })
      expect(bare.headers.get('docker-content-digest')).not.toBe(index.digest)
    })

    test('what is not there', async () => {
      await pushImage(push, 'team/app', { tag: 'there' })
      const { registries: found } = registries()
      const place = at(`${registry.host}/team/app`)
      await expect(found.manifest(place, { tag: 'gone' }, 'needed')).rejects.toThrow(
        new NotFound(`tag "gone" does not exist in ${registry.host}/team/app`)
      )
      await expect(found.manifest(place, { digest: nowhere }, 'needed')).rejects.toThrow(NotFound)
      await expect(found.manifest(at(`${registry.host}/no/such`), { tag: 'x' }, 'needed')).rejects.toThrow(
        NotFound
      )
      expect(await found.digestOf(place, 'gone', 'needed')).toBeUndefined()
    })

    test('a blob is read whole and checked, and those that are missing are named', async () => {
      const { registries: found } = registries()
      const place = at(`${registry.host}/team/app`)
      const blob = await pushBlob(push, 'team/app', '{"os":"linux"}')
      expect(await found.text(place, blob, 'needed')).toBe('{"os":"linux"}')
      expect(await found.missing(place, [blob, { digest: nowhere, size: 1 }])).toEqual([
        { digest: nowhere, size: 1 }
      ])
    })

    test('a blob is mounted from one repository into another', async () => {
      const { registries: found } = registries()
      const blob = await pushBlob(push, 'team/from', 'a blob to mount')
      const to = at(`${registry.host}/team/to`)
      expect(await found.copy(blob, at(`${registry.host}/team/from`), to, () => undefined)).toBe('mounted')
      expect(await found.text(to, blob, 'needed')).toBe('a blob to mount')
    })
  })

  describe('with user and password', () => {
    let registry: Registry
    beforeAll(async () => {
      registry = await startRegistry('basic')
      await pushImage(pusher(registry.host, basic), 'team/app', { tag: 'v1' })
    })
    afterAll(async () => await registry.stop())

    test('who has them in the Docker config file is let in', async () => {
      const { registries: found } = registries(loggedIn(registry.host, user, password))
      const { digest } = await found.manifest(at(`${registry.host}/team/app`), { tag: 'v1' }, 'needed')
      expect(digest).toMatch(/^sha256:/)
    })

    test.each([
      ['without any', {}, 'wants user and password, and the Docker config file has none for it'],
      ['with wrong ones', 'wrong', 'does not let the user of the Docker config file into team/app']
    ])('%s nobody is', async (_, config, words) => {
      const file = config === 'wrong' ? loggedIn(registry.host, user, 'S3CRET') : config
      const { registries: found } = registries(file)
      const asked = found.manifest(at(`${registry.host}/team/app`), { tag: 'v1' }, 'needed')
      await expect(asked).rejects.toThrow(words)
      await expect(asked).rejects.not.toThrow('S3CRET')
      await expect(asked).rejects.toMatchObject({ kind: 'denied' })
    })
  })

  describe('with tokens', () => {
    let registry: Registry
    let push: Push
    beforeAll(async () => {
      registry = await startRegistry('bearer')
      for (const name of ['open/app', 'closed/app']) {
        push = pusher(registry.host, { authorization: `Bearer ${await tokenFor(registry, name)}` })
        await pushImage(push, name, { tag: 'v1' })
      }
      registry.asked.length = 0
    })
    afterAll(async () => await registry.stop())

    test('what is public needs no user, and one token serves many requests', async () => {
      const { registries: found } = registries()
      const place = at(`${registry.host}/open/app`)
      const { digest } = await found.manifest(place, { tag: 'v1' }, 'needed')
      expect(await found.digestOf(place, 'v1', 'needed')).toBe(digest)
      expect(registry.asked).toEqual(['GET repository:open/app:pull'])
    })

    test('what is closed needs the user, and a stranger is told so', async () => {
      const place = at(`${registry.host}/closed/app`)
      await expect(registries().registries.manifest(place, { tag: 'v1' }, 'needed')).rejects.toThrow(
        `${registry.host} does not let an anonymous user into closed/app`
      )
      const { registries: found } = registries(loggedIn(`https://${registry.host}/v2/`, user, password))
      expect((await found.manifest(place, { tag: 'v1' }, 'needed')).digest).toMatch(/^sha256:/)
    })

    test('a wrong password is said, and never repeated', async () => {
      const { registries: found } = registries(loggedIn(registry.host, user, 'S3CRET'))
      const asked = found.manifest(at(`${registry.host}/open/app`), { tag: 'v1' }, 'needed')
      await expect(asked).rejects.toThrow(
        new RegistryFault(
          'denied',
          registry.host,
          `the token server of ${registry.host} gives no token for the credentials of the Docker config file (HTTP status 401)`
        )
      )
    })

    test('a blob is mounted with a token for both repositories', async () => {
      const { registries: found } = registries(loggedIn(registry.host, user, password))
      const from = at(`${registry.host}/closed/app`)
      const { bytes } = await found.manifest(from, { tag: 'v1' }, 'needed')
      const { config } = JSON.parse(bytes) as { config: { digest: string; size: number } }
      const to = at(`${registry.host}/closed/other`)
      expect(await found.copy(config, from, to, () => undefined)).toBe('mounted')
      expect(digestOf(await found.text(to, config, 'needed'))).toBe(config.digest)
    })
  })

  describe.each(['none', 'basic', 'bearer'] as const)('pinning, door: %s', (door) => {
    let registry: Registry
    let index: { digest: string }
    let single: { digest: string }
    let push: Push
    beforeAll(async () => {
      registry = await startRegistry(door)
      const token = door === 'bearer' ? await tokenFor(registry, 'team/app') : undefined
      const key = { none: {}, basic, bearer: { authorization: `Bearer ${token ?? ''}` } }
      push = pusher(registry.host, key[door])
      index = await pushIndex(push, 'team/app', ['linux/amd64', 'linux/arm64/v8'], 'many')
      single = await pushImage(push, 'team/app', { tag: 'arm', platform: 'linux/arm64/v8' })
    })
    afterAll(async () => await registry.stop())

    /** Pins an image of the registry as the run does for tasks of this processor. */
    async function pinned(image: string, cpuArchitecture = 'X86_64') {
      const reference = parseImage(`${registry.host}/team/app${image}`)!
      const { registries: found } = registries(loggedIn(registry.host, user, password))
      const told: HappeningBody[] = []
      const announce = (h: HappeningBody) => told.push(h)
      const ports = { registries: found, clock: hastyClock, announce } as unknown as Ports
      const definition = {
        requiresCompatibilities: ['FARGATE'],
        runtimePlatform: { cpuArchitecture, operatingSystemFamily: 'LINUX' },
        containerDefinitions: [{ name: 'app', image: 'before:1' }]
      }
      const images = [{ container: 'app', reference }]
      const [of] = await pin(ports, definition, { images, pin: 'given', preflight: 'enforce' })
      return { digest: of?.digest, warnings: told.flatMap((h) => (h.code === 'warning' ? [h.text] : [])) }
    }

    test('an index has both platforms, a single image one; the wrong one is refused', async () => {
      expect(await pinned(':many')).toEqual({ digest: index.digest, warnings: [] })
      expect(await pinned(':many', 'ARM64')).toEqual({ digest: index.digest, warnings: [] })
      expect(await pinned(':arm', 'ARM64')).toEqual({ digest: single.digest, warnings: [] })
      await expect(pinned(':arm')).rejects.toMatchObject({
        reasonCode: 'image-platform-mismatch',
        message: expect.stringContaining('is built for linux/arm64/v8, but the tasks run on linux/amd64')
      })
      const other = await pushIndex(push, 'team/app', ['linux/arm64/v8', 'linux/s390x'], 'odd')
      await expect(pinned(`@${other.digest}`)).rejects.toMatchObject({
        reasonCode: 'image-platform-mismatch',
        message: expect.stringContaining('is built for linux/arm64/v8, linux/s390x')
      })
    })

    test('a tag beside a digest: on it, moved away from it, gone; the digest decides', async () => {
      expect(await pinned(`:many@${index.digest}`)).toEqual({ digest: index.digest, warnings: [] })
      const moved = await pinned(`:arm@${index.digest}`)
      expect(moved.digest).toBe(index.digest)
      expect(moved.warnings).toEqual([
        `Container "app": the tag "arm" of ${registry.host}/team/app is on ${single.digest.slice(0, 19)} now; ${index.digest.slice(0, 19)} is deployed, as given.`
      ])
      const gone = await pinned(`:none@${index.digest}`)
      expect(gone.warnings.join()).toContain('the tag "none" of')
      expect(gone.warnings.join()).toContain('does not exist')
    })
  })

  test('a registry behind a proxy that lets no parts through gets the blob whole', async () => {
    const [from, to] = [await startRegistry(), await startRegistry()]
    const proxy = await withoutParts(to.host)
    try {
      const layer = Buffer.alloc(20_000_000, 'all work and no play ')
      const blob = await pushBlob(pusher(from.host), 'a/b', layer)
      const { registries: found } = registries()
      const told: number[] = []
      const how = await found.copy(blob, at(`${from.host}/a/b`), at(`${proxy.host}/c/d`), (n) => told.push(n))
      expect(how).toBe('copied')
      expect(told.at(-1)).toBe(layer.length)
      expect(proxy.refused()).toBe(1)
      const got = await fetch(`http://${to.host}/v2/c/d/blobs/${blob.digest}`)
      expect(digestOf(new Uint8Array(await got.arrayBuffer()))).toBe(blob.digest)
    } finally {
      proxy.close()
      await from.stop()
      await to.stop()
    }
  })

  test('an index is promoted from one registry to another, byte for byte, and tagged there', async () => {
    const [staging, production] = [await startRegistry(), await startRegistry('basic')]
    try {
      const push = pusher(staging.host)
      const index = await pushIndex(push, 'web', ['linux/amd64', 'linux/arm64/v8'], 'v2')
      const { registries: found } = registries(loggedIn(production.host, user, password))
      const ports = { registries: found, clock: hastyClock, announce: () => undefined } as unknown as Ports
      const manifest = await found.manifest(at(`${staging.host}/web`), { tag: 'v2' }, 'needed')
      const pin = { container: 'web', given: true, repository: `${staging.host}/web`, ...manifest, manifest }
      const running = { containerDefinitions: [{ name: 'web', image: `${production.host}/shop/web:v1` }] }
      const inputs = { promote: true, tagImages: true, imageTag: 'production-1' }
      const { promotions, pins } = await planPromotions(ports, [pin], running, inputs)
      expect(await promote(ports, promotions)).toEqual({ web: `${production.host}/shop/web:production-1` })
      expect(pins).toMatchObject([{ repository: `${production.host}/shop/web`, digest: index.digest }])
      const { manifests } = JSON.parse(index.bytes) as { manifests: { digest: string }[] }
      const there = at(`${production.host}/shop/web`)
      for (const digest of [index.digest, ...manifests.map((m) => m.digest)])
        expect((await found.manifest(there, { digest }, 'needed')).bytes).toBe(
          (await found.manifest(at(`${staging.host}/web`), { digest }, 'needed')).bytes
        )
      expect(await found.digestOf(there, 'production-1', 'needed')).toBe(index.digest)
    } finally {
      await staging.stop()
      await production.stop()
    }
  })

  test('from one registry to another a blob goes in parts, and a stranger may not push', async () => {
    const [open, closed] = [await startRegistry(), await startRegistry('basic')]
    try {
      const layer = Buffer.alloc(9_000_000, 'all work and no play ')
      const blob = await pushBlob(pusher(open.host), 'a/b', layer)
      const { registries: found } = registries(loggedIn(closed.host, user, password))
      const [from, to] = [at(`${open.host}/a/b`), at(`${closed.host}/c/d`)]
      const told: number[] = []
      expect(await found.copy(blob, from, to, (bytes) => told.push(bytes))).toBe('copied')
      expect(told).toEqual([4_194_304, 8_388_608, 9_000_000])
      const got = await fetch(`http://${closed.host}/v2/c/d/blobs/${blob.digest}`, { headers: basic })
      expect(digestOf(new Uint8Array(await got.arrayBuffer()))).toBe(blob.digest)
      await expect(
        registries().registries.copy(blob, from, at(`${closed.host}/e/f`), () => undefined)
      ).rejects.toThrow('wants user and password')
    } finally {
      await open.stop()
      await closed.stop()
    }
  })
}
