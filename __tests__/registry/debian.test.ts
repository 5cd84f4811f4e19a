/** The client against a registry that others wrote: Debian's docker-registry. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { NotFound, RegistryFault, type Ports } from '../../src/ports.js'
import { planPromotions, promote } from '../../src/steps/promote.js'
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
      const url = async (name: string) => {
        const answer = await fetch(`http://${registry.host}/v2/${name}/manifests/x`)
        const [, realm = ''] = /realm="([^"]+)"/.exec(answer.headers.get('www-authenticate') ?? '') ?? []
        const scope = `repository:${name}:pull,push`
        const got = await fetch(`${realm}?service=debian&scope=${scope}`, { headers: basic })
        return ((await got.json()) as { token: string }).token
      }
      for (const name of ['open/app', 'closed/app']) {
        push = pusher(registry.host, { authorization: `Bearer ${await url(name)}` })
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
