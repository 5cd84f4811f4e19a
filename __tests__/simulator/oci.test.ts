import { GetAuthorizationTokenCommand, GetDownloadUrlForLayerCommand } from '@aws-sdk/client-ecr'
import { expect, test } from '@jest/globals'
import { createHash } from 'node:crypto'
import { createWorld, type ExternalRegistryOptions, type World } from '../../simulator/index.js'
import { clients, shop } from './support.js'

const oci = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json'
}
const docker = 'application/vnd.docker.distribution.manifest.v2+json'
const digestOf = (bytes: string | Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`
const host = '043309339649.dkr.ecr.us-west-2.amazonaws.com'

interface Init {
  method?: string
  body?: string
  redirect?: 'manual'
  headers?: Record<string, string>
}

interface ErrorBody {
  errors: { code: string; message: string; detail?: unknown }[]
}

const errorOf = async (response: Response) => {
  const [error] = ((await response.json()) as ErrorBody).errors
  return { status: response.status, code: error!.code, message: error!.message }
}

async function ecrOf(world: World) {
  const { server, ecr } = await clients(world)
  const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}))
  const authorization = `Basic ${authorizationData![0]!.authorizationToken!}`
  const ask = async (path: string, init: Init = {}) =>
    await fetch(`${server.url}${path}`, { ...init, headers: { authorization, ...init.headers } })
  return { server, ecr, ask, authorization }
}

test('registry: HEAD and GET of a manifest by tag and by digest; a layer through its redirect', async () => {
  const world = createWorld()
  const repo = world.ecr.repository('team/app')
  const image = repo.push({ tags: ['v1'] })
  const { ecr, ask } = await ecrOf(world)
  for (const reference of ['v1', image.digest]) {
    const path = `/v2/team/app/manifests/${reference}`
    const [get, head] = [await ask(path), await ask(path, { method: 'HEAD' })]
    expect(await get.text()).toBe(image.manifest)
    expect(await head.text()).toBe('')
    for (const name of ['content-type', 'content-length', 'docker-content-digest'])
      expect(head.headers.get(name)).toBe(get.headers.get(name))
    expect(get.headers.get('docker-content-digest')).toBe(image.digest)
    expect(get.headers.get('content-type')).toBe(oci.manifest)
  }
  const byTag = await ask('/v2/team/app/manifests/v1', { headers: { accept: docker } })
  expect(byTag.headers.get('content-type')).toBe(docker)
  expect(byTag.headers.get('docker-content-digest')).toBe(digestOf(await byTag.text()))
  const byDigest = await ask(`/v2/team/app/manifests/${image.digest}`, { headers: { accept: docker } })
  expect(byDigest.headers.get('content-type')).toBe(oci.manifest)
  const layer = (JSON.parse(image.manifest) as { layers: { digest: string }[] }).layers[0]!.digest
  const moved = await ask(`/v2/team/app/blobs/${layer}`, { redirect: 'manual' })
  const url = (
    await ecr.send(new GetDownloadUrlForLayerCommand({ repositoryName: 'team/app', layerDigest: layer }))
  ).downloadUrl!
  expect([moved.status, moved.headers.get('location')]).toEqual([307, url])
  expect(digestOf(Buffer.from(await (await fetch(url)).arrayBuffer()))).toBe(layer)
  expect((await ask(`/v2/team/app/blobs/${layer}`, { method: 'HEAD' })).status).toBe(200)
})

test('registry: who is not let in, and what is not there', async () => {
  const world = createWorld()
  const repo = world.ecr.repository('app')
  const image = repo.push({ tags: ['v1'] })
  const { server, ask } = await ecrOf(world)
  const stranger = await fetch(`${server.url}/v2/`)
  expect(stranger.status).toBe(401)
  expect(stranger.headers.get('www-authenticate')).toBe(
    `Basic realm="https://${host}/",service="ecr.amazonaws.com"`
  )
  expect(await stranger.text()).toBe('Not Authorized\n')
  expect((await ask('/v2/')).status).toBe(200)
  expect(await errorOf(await ask('/v2/app/manifests/v2'))).toEqual({
    status: 404,
    code: 'MANIFEST_UNKNOWN',
    message: 'Requested image not found'
  })
  expect(await errorOf(await ask('/v2/nope/manifests/v1'))).toEqual({
    status: 404,
    code: 'NAME_UNKNOWN',
    message: "The repository with name 'nope' does not exist in the registry with id '043309339649'"
  })
  expect((await errorOf(await ask(`/v2/app/blobs/sha256:${'0'.repeat(64)}`))).code).toBe('BLOB_UNKNOWN')
  repo.archive(image.digest)
  expect((await ask('/v2/app/manifests/v1')).status).toBe(404)
  world.clock.advanceBy(12 * 3_600_000)
  expect(await errorOf(await ask('/v2/'))).toEqual({
    status: 403,
    code: 'DENIED',
    message: 'Your authorization token has expired. Reauthenticate and try again.'
  })
})

test('registry: a push: blobs whole and in chunks, manifests, an index, and its refusals', async () => {
  const world = createWorld()
  const repo = world.ecr.repository('app', { mutability: 'IMMUTABLE' })
  const { ask } = await ecrOf(world)
  const begin = async () => (await ask('/v2/app/blobs/uploads/', { method: 'POST' })).headers.get('location')!
  const config = '{"architecture":"amd64","os":"linux"}'
  const whole = await ask(`${await begin()}?digest=${digestOf(config)}`, { method: 'PUT', body: config })
  expect([whole.status, whole.headers.get('docker-content-digest')]).toEqual([201, digestOf(config)])
  const at = await begin()
  const chunk = async (range: string, body: string) =>
    await ask(at, { method: 'PATCH', body, headers: { 'content-range': range } })
  expect((await chunk('0-3', 'abcd')).headers.get('range')).toBe('0-3')
  expect((await errorOf(await chunk('9-12', 'ijkl'))).code).toBe('BLOB_UPLOAD_INVALID')
  await chunk('4-7', 'efgh')
  const wrong = await ask(`${at}?digest=${digestOf('else')}`, { method: 'PUT' })
  expect((await errorOf(wrong)).code).toBe('DIGEST_INVALID')
  expect((await ask(`${at}?digest=${digestOf('abcdefgh')}`, { method: 'PUT' })).status).toBe(201)
  const mounted = await ask(`/v2/app/blobs/uploads/?mount=${digestOf(config)}&from=other`, { method: 'POST' })
  expect(mounted.status).toBe(202)
  const manifest = (layer: string, n = 1) =>
    JSON.stringify(
      {
        schemaVersion: 2,
        config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: digestOf(config), size: 37 },
        layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', digest: digestOf(layer), size: 8 }],
        annotations: { n: String(n) }
      },
      null,
      '  '
    )
  const put = async (reference: string, body: string, type = oci.manifest) =>
    await ask(`/v2/app/manifests/${reference}`, { method: 'PUT', body, headers: { 'content-type': type } })
  const good = manifest('abcdefgh')
  const pushed = await put('v1', good)
  expect([pushed.status, pushed.headers.get('docker-content-digest')]).toEqual([201, digestOf(good)])
  expect(repo.digestOf('v1')).toBe(digestOf(good))
  expect((await put('v1', good)).status).toBe(201)
  expect(await errorOf(await put('v1', manifest('abcdefgh', 2)))).toEqual({
    status: 400,
    code: 'TAG_INVALID',
    message:
      "The image tag 'v1' already exists in the 'app' repository and cannot be overwritten because the repository is immutable."
  })
  expect((await errorOf(await put('t'.repeat(129), good))).code).toBe('TAG_INVALID')
  expect((await errorOf(await put('v2', manifest('missing')))).code).toBe('MANIFEST_BLOB_UNKNOWN')
  expect((await errorOf(await put('v2', 'not json'))).code).toBe('MANIFEST_INVALID')
  expect((await errorOf(await put(digestOf('other'), good))).code).toBe('MANIFEST_INVALID')
  const index = (digest: string) =>
    JSON.stringify({
      schemaVersion: 2,
      mediaType: oci.index,
      manifests: [{ mediaType: oci.manifest, digest, size: good.length }]
    })
  expect((await put('multi', index(digestOf(good)), oci.index)).status).toBe(201)
  expect((await errorOf(await put('m2', index(digestOf('nope')), oci.index))).code).toBe(
    'MANIFEST_BLOB_UNKNOWN'
  )
  expect((await errorOf(await ask('/v2/app/manifests/v1', { method: 'DELETE' }))).code).toBe('UNSUPPORTED')
})

test('registry: tags in pages, artifacts about an image', async () => {
  const world = createWorld()
  const repo = world.ecr.repository('app')
  const image = repo.push({ tags: Array.from({ length: 12 }, (_, i) => `t${String(i).padStart(2, '0')}`) })
  const { server, ask } = await ecrOf(world)
  const tags: string[] = []
  for (let path: string | undefined = '/v2/app/tags/list?n=100'; path !== undefined;) {
    const page = await ask(path)
    tags.push(...((await page.json()) as { tags: string[] }).tags)
    path = /^<(.*)>; rel="next"$/.exec(page.headers.get('link') ?? '')?.[1]
  }
  expect(tags).toHaveLength(12)
  expect(tags).toEqual([...tags].sort())
  repo.attach(image.digest)
  const bill = repo.attach(image.digest, { artifactType: 'application/spdx+json' })
  const list = async (query = '') => await ask(`/v2/app/referrers/${image.digest}${query}`)
  expect(((await (await list()).json()) as { manifests: unknown[] }).manifests).toHaveLength(2)
  const some = await list('?artifactType=application/spdx%2Bjson')
  expect(some.headers.get('oci-filters-applied')).toBe('artifactType')
  expect(((await some.json()) as { manifests: { digest: string }[] }).manifests).toMatchObject([
    { digest: bill.digest }
  ])
  expect(server.journal.of('ListReferrers')).toHaveLength(2)
})

async function hub(options: ExternalRegistryOptions = {}) {
  const world = createWorld()
  const registry = world.registries.add('docker.io', {
    apiHost: 'registry-1.docker.io',
    tokenHost: 'auth.docker.io',
    service: 'registry.docker.io',
    private: ['acme/secret'],
    users: { acme: 'pass' },
    ...options
  })
  const image = registry.repository('library/nginx').push({ tags: ['1.27'], form: 'index' })
  registry.repository('acme/secret').push({ tags: ['v1'] })
  const { server } = await clients(world)
  const at = `${server.url}/_host/registry-1.docker.io`
  /** Asks as a client does: without a token, then with one from the place that the challenge names. */
  const walk = async (path: string, init: Init = {}, user?: string) => {
    const first = await fetch(`${at}${path}`, init)
    if (first.status !== 401) return first
    const challenge = first.headers.get('www-authenticate') ?? ''
    const part = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(challenge)![1]!
    const query = new URLSearchParams({ service: part('service'), scope: part('scope') })
    const basic = { authorization: `Basic ${Buffer.from(user ?? '').toString('base64')}` }
    const given = await fetch(
      `${part('realm')}?${query.toString()}`,
      user === undefined ? {} : { headers: basic }
    )
    if (given.status !== 200) return given
    const { token } = (await given.json()) as { token: string }
    return await fetch(`${at}${path}`, {
      ...init,
      headers: { ...init.headers, authorization: `Bearer ${token}` }
    })
  }
  return { world, registry, image, server, at, walk }
}

test('registry: another registry asks for a Bearer token, and gives one for what is public', async () => {
  const { world, image, server, at, walk } = await hub()
  const path = '/v2/library/nginx/manifests/1.27'
  const bare = await fetch(`${at}${path}`)
  expect(bare.headers.get('www-authenticate')).toBe(
    `Bearer realm="${server.url}/_host/auth.docker.io/token",service="registry.docker.io",scope="repository:library/nginx:pull"`
  )
  expect((await errorOf(bare)).code).toBe('UNAUTHORIZED')
  const head = await walk(path, { method: 'HEAD' })
  expect([head.status, head.headers.get('docker-content-digest')]).toEqual([200, image.digest])
  expect((await walk('/v2/library/nginx/manifests/nope')).status).toBe(404)
  const secret = await walk('/v2/acme/secret/manifests/v1')
  expect(secret.headers.get('www-authenticate')).toContain('error="insufficient_scope"')
  expect((await walk('/v2/acme/secret/manifests/v1', {}, 'acme:pass')).status).toBe(200)
  expect((await walk('/v2/acme/secret/manifests/v1', {}, 'acme:wrong')).status).toBe(401)
  expect((await walk('/v2/library/nginx/blobs/uploads/', { method: 'POST' })).status).toBe(401)
  expect((await walk('/v2/library/nginx/blobs/uploads/', { method: 'POST' }, 'acme:pass')).status).toBe(202)
  const given = await fetch(`${server.url}/_host/auth.docker.io/token?scope=repository:library/nginx:pull`)
  const { token } = (await given.json()) as { token: string }
  const again = async () => await fetch(`${at}${path}`, { headers: { authorization: `Bearer ${token}` } })
  expect((await again()).status).toBe(200)
  world.clock.advanceBy(300_000)
  expect((await again()).status).toBe(401)
  expect((await fetch(`${server.url}/_host/ghcr.io/v2/`)).status).toBe(404)
})

test('registry: too many pulls, ordered faults, and a registry without a door', async () => {
  const limited = await hub({ auth: 'none', pullLimit: 1 })
  const get = async (method = 'GET') => await limited.walk('/v2/library/nginx/manifests/1.27', { method })
  expect((await get()).status).toBe(200)
  expect(await errorOf(await get())).toMatchObject({ status: 429, code: 'TOOMANYREQUESTS' })
  expect((await get('HEAD')).status).toBe(200)
  limited.server.faults.add({ operation: 'GetManifest', fault: { kind: 'server-error' }, calls: 1 })
  expect((await get('HEAD')).status).toBe(500)
  limited.server.faults.add({ operation: 'GetManifest', fault: { kind: 'connection-reset' }, calls: 1 })
  await expect(get('HEAD')).rejects.toThrow()
  const basic = await hub({ auth: 'basic' })
  expect((await fetch(`${basic.at}/v2/`)).headers.get('www-authenticate')).toBe('Basic realm="docker.io"')
})

test('registry: tasks pull from a registry that was added what is in it, and nothing else', () => {
  const s = shop()
  const registry = s.world.registries.add('docker.io')
  const image = registry.repository('library/nginx').push({ tags: ['1.27'] })
  const run = (uri: string) => {
    s.world.ecs.updateService(s.service, { taskDefinition: s.define(uri).arn })
    s.world.clock.advanceBy(600_000)
    return s.service.tasks.find((t) => t.deploymentId === s.service.primary.id && t.status === 'RUNNING')
  }
  const task = run('nginx:1.27') as unknown as { containers: { digest: string }[] }
  expect(task.containers[0]!.digest).toBe(image.digest)
  expect(run('ghcr.io/any/thing:1')).toBeDefined()
  expect(run('docker.io/nginx:9')).toBeUndefined()
})

test('registry: ECR mounts blobs when the account says so, and else begins an upload', async () => {
  const world = createWorld()
  const image = world.ecr.repository('from').push()
  world.ecr.repository('to')
  const { ask } = await ecrOf(world)
  const { digest } = (JSON.parse(image.manifest) as { layers: { digest: string }[] }).layers[0]!
  const mount = async (from: string) =>
    await ask(`/v2/to/blobs/uploads/?mount=${digest}&from=${from}`, { method: 'POST' })
  expect((await mount('from')).status).toBe(202)
  expect((await ask(`/v2/to/blobs/${digest}`, { method: 'HEAD' })).status).toBe(404)
  world.ecr.mountBlobs(true)
  expect((await mount('nowhere')).status).toBe(202)
  const mounted = await mount('from')
  expect([mounted.status, mounted.headers.get('docker-content-digest')]).toEqual([201, digest])
  expect((await ask(`/v2/to/blobs/${digest}`, { method: 'HEAD' })).status).toBe(200)
})
