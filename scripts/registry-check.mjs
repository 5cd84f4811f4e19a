// Debian's docker-registry beside the simulator: the same pushes to both must give the same bytes, digests and codes.
import { createHash } from 'node:crypto'
import { differences, startDockerRegistry } from './peers.mjs'
import { ready } from './ready.mjs'

ready()
// On an older Node than production's the SDK would have its say about that between the lines.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true'
const { register } = await import('tsx/esm/api')
register()
const { createWorld, startServer } = await import('../simulator/index.ts')
const {
  BatchGetImageCommand,
  DescribeImagesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  PutImageCommand
} = await import('@aws-sdk/client-ecr')

const peer = await startDockerRegistry()
if (peer === undefined) {
  console.log('registry check: skipped, no docker-registry here and no way to get it')
  process.exit(process.env.CI ? 1 : 0)
}

const world = createWorld()
world.ecr.repository('app')
world.registries.add('other.example', { auth: 'none' })
const server = await startServer(world, { limits: false })
const ecr = new ECRClient({
  endpoint: server.url,
  region: world.region,
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }
})
const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}))
const places = {
  debian: { url: peer.url, headers: {} },
  ecr: { url: server.url, headers: { authorization: `Basic ${authorizationData[0].authorizationToken}` } },
  other: { url: `${server.url}/_host/other.example`, headers: {} }
}

const types = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  docker: 'application/vnd.docker.distribution.manifest.v2+json',
  list: 'application/vnd.docker.distribution.manifest.list.v2+json'
}
const all = Object.values(types).join(', ')
const digestOf = (bytes) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

/** Differences that are right as they are, by comparison and place. */
const known = {
  'a tag of a repository that is not there: ecr':
    'ECR has repositories that are created: NAME_UNKNOWN; a plain registry knows only manifests',
  'DELETE of a manifest: ecr': 'ECR deletes by its API only',
  'HEAD of an index without Accept: ecr':
    'registry 2.8 hides an OCI index from those who do not ask for it; ECR and Docker Hub do not',
  'HEAD of an index without Accept: other': 'the same',
  'an upload that is not there: ecr':
    'docker-registry wants its own state in the URL first; the spec has BLOB_UPLOAD_UNKNOWN for this',
  'an upload that is not there: other': 'the same',
  'a manifest under another digest: ecr': 'observed at ECR: MANIFEST_INVALID, with a sentence of its own'
}

const { compare, finish } = differences('registry check', known)

async function ask(place, method, path, options = {}) {
  const { url, headers } = places[place]
  const response = await fetch(path.startsWith('http') ? path : `${url}${path}`, {
    method,
    body: options.body,
    headers: { ...headers, ...options.headers }
  })
  const bytes = Buffer.from(await response.arrayBuffer())
  let code
  try {
    code = JSON.parse(bytes.toString('utf8')).errors[0].code
  } catch {
    code = undefined
  }
  const of = (name) => response.headers.get(name) ?? undefined
  return {
    status: response.status,
    code,
    digest: of('docker-content-digest'),
    type: of('content-type'),
    length: of('content-length'),
    location: of('location'),
    bytes
  }
}

/** The same request everywhere; what Debian's registry answers is what is expected. */
async function same(name, method, path, show, options) {
  const expected = show(await ask('debian', method, path, options))
  for (const place of ['ecr', 'other'])
    compare(name, place, show(await ask(place, method, path, options)), expected)
  return expected
}

/** Uploads a blob as a client does: POST, then PUT to where the answer says. */
async function upload(place, body, digest = digestOf(body)) {
  const begun = await ask(place, 'POST', '/v2/app/blobs/uploads/')
  const { origin } = new URL(places[place].url)
  const to = new URL(begun.location, origin)
  to.searchParams.set('digest', digest)
  return await ask(place, 'PUT', to.href, { body, headers: { 'content-type': 'application/octet-stream' } })
}

const put = (tag, body, type) => [
  'PUT',
  `/v2/app/manifests/${tag}`,
  ({ status, code, digest }) => ({ status, code, digest }),
  { body, headers: { 'content-type': type } }
]
const failed = ({ status, code }) => ({ status, code })

// Blobs.
const blobs = ['{"architecture":"amd64","os":"linux","rootfs":{"type":"layers"}}', 'a layer', 'another layer']
for (const [i, blob] of blobs.entries()) {
  const shown = ({ status, digest }) => ({ status, digest })
  const expected = shown(await upload('debian', blob))
  for (const place of ['ecr', 'other'])
    compare(`blob ${i} pushed`, place, shown(await upload(place, blob)), expected)
  await same(`blob ${i} read`, 'GET', `/v2/app/blobs/${digestOf(blob)}`, ({ status, bytes }) => [
    status,
    bytes.toString()
  ])
  await same(`blob ${i} HEAD`, 'HEAD', `/v2/app/blobs/${digestOf(blob)}`, ({ status, length, digest }) => [
    status,
    length,
    digest
  ])
}

// Manifests of every kind, and as odd as JSON may be.
const image = (family, named) => ({
  schemaVersion: 2,
  ...(named ? { mediaType: types[family] } : {}),
  config: {
    mediaType:
      family === 'docker'
        ? 'application/vnd.docker.container.image.v1+json'
        : 'application/vnd.oci.image.config.v1+json',
    digest: digestOf(blobs[0]),
    size: blobs[0].length
  },
  layers: blobs.slice(1).map((blob) => ({
    mediaType:
      family === 'docker'
        ? 'application/vnd.docker.image.rootfs.diff.tar.gzip'
        : 'application/vnd.oci.image.layer.v1.tar+gzip',
    digest: digestOf(blob),
    size: blob.length
  }))
})
const single = JSON.stringify(image('manifest', true), null, 3)
const dockerSingle = JSON.stringify(image('docker', true), null, 3)
const over = (family, named, child, bytes) => ({
  schemaVersion: 2,
  ...(named ? { mediaType: types[family] } : {}),
  manifests: ['amd64', 'arm64'].map((architecture) => ({
    mediaType: types[child],
    digest: digestOf(bytes),
    size: bytes.length,
    platform: { architecture, os: 'linux' }
  }))
})
const cases = {
  'OCI manifest': [single, types.manifest],
  'OCI manifest without mediaType': [JSON.stringify(image('manifest', false)), types.manifest],
  'OCI manifest in odd whitespace': [
    `\n\t${JSON.stringify(image('manifest', true), null, '\t ')}\r\n  \n`,
    types.manifest
  ],
  'OCI manifest with annotations in many alphabets': [
    JSON.stringify({ ...image('manifest', true), annotations: { 'a.b': 'größe 発 \u0007 \\ /' } }, null, 1),
    types.manifest
  ],
  'Docker schema 2': [dockerSingle, types.docker],
  'Docker schema 2 on one line': [JSON.stringify(image('docker', true)), types.docker],
  'OCI index': [JSON.stringify(over('index', true, 'manifest', single), null, 2), types.index],
  'OCI index without mediaType': [
    `${JSON.stringify(over('index', false, 'manifest', single))}\n`,
    types.index
  ],
  'Docker manifest list': [JSON.stringify(over('list', true, 'docker', dockerSingle), null, 4), types.list]
}
let n = 0
for (const [name, [bytes, type]] of Object.entries(cases)) {
  const tag = `case-${++n}`
  const digest = digestOf(bytes)
  await same(`${name}: pushed`, ...put(tag, bytes, type))
  for (const reference of [tag, digest]) {
    const by = reference === tag ? 'by tag' : 'by digest'
    const path = `/v2/app/manifests/${reference}`
    const whole = ({ status, type: t, digest: d, length, bytes: b }) => ({
      status,
      t,
      d,
      length,
      bytes: b.toString('utf8')
    })
    const got = await same(`${name}: GET ${by}`, 'GET', path, whole, { headers: { accept: all } })
    compare(`${name}: GET ${by} is what was pushed`, 'debian', [got.bytes, got.d], [bytes, digest])
    await same(
      `${name}: HEAD ${by}`,
      'HEAD',
      path,
      ({ status, type: t, digest: d, length }) => [status, t, d, length],
      {
        headers: { accept: all }
      }
    )
  }
  const { images } = await ecr.send(
    new BatchGetImageCommand({
      repositoryName: 'app',
      imageIds: [{ imageDigest: digest }],
      acceptedMediaTypes: Object.values(types)
    })
  )
  compare(
    `${name}: BatchGetImage`,
    'ecr',
    [images[0].imageManifest, images[0].imageManifestMediaType],
    [bytes, type]
  )
  const retagged = await ecr.send(
    new PutImageCommand({
      repositoryName: 'app',
      imageManifest: images[0].imageManifest,
      imageManifestMediaType: images[0].imageManifestMediaType,
      imageTag: `${tag}-retagged`,
      imageDigest: digest
    })
  )
  await ask('debian', ...['PUT', `/v2/app/manifests/${tag}-retagged`], {
    body: bytes,
    headers: { 'content-type': type }
  })
  const peerDigest = (
    await ask('debian', 'HEAD', `/v2/app/manifests/${tag}-retagged`, { headers: { accept: all } })
  ).digest
  compare(`${name}: retagged by PutImage`, 'ecr', retagged.image.imageId.imageDigest, peerDigest)
  const { imageDetails } = await ecr.send(
    new DescribeImagesCommand({ repositoryName: 'app', imageIds: [{ imageTag: `${tag}-retagged` }] })
  )
  compare(
    `${name}: DescribeImages`,
    'ecr',
    [imageDetails[0].imageDigest, imageDetails[0].imageManifestMediaType],
    [digest, type]
  )
}

// What is refused, and how.
const nowhere = `sha256:${'0'.repeat(64)}`
const without = JSON.stringify({
  ...image('manifest', true),
  layers: [{ mediaType: 'x', digest: nowhere, size: 1 }]
})
const orphan = JSON.stringify(over('index', true, 'manifest', 'nobody pushed this'))
await same('the root', 'GET', '/v2/', ({ status }) => status)
await same('a tag that is not there', 'GET', '/v2/app/manifests/nope', failed, { headers: { accept: all } })
await same('HEAD of a tag that is not there', 'HEAD', '/v2/app/manifests/nope', ({ status }) => status)
await same('a digest that is not there', 'GET', `/v2/app/manifests/${nowhere}`, failed, {
  headers: { accept: all }
})
await same('a tag of a repository that is not there', 'GET', '/v2/nope/manifests/v1', failed, {
  headers: { accept: all }
})
await same('tags of a repository that is not there', 'GET', '/v2/nope/tags/list', failed)
await same('a blob that is not there', 'GET', `/v2/app/blobs/${nowhere}`, failed)
await same(
  'an upload that is not there',
  'PUT',
  `/v2/app/blobs/uploads/6cb64b8a-9378-4e33-8ab1-ffffffffffff?digest=${nowhere}`,
  failed
)
await same('a manifest whose layer is not there', ...put('bad', without, types.manifest))
await same('an index whose children are not there', ...put('bad', orphan, types.index))
await same('a manifest that is not JSON', ...put('bad', 'not json', types.manifest))
await same('a manifest under another digest', ...put(nowhere, single, types.manifest))
await same('a manifest of another media type than it says', ...put('bad', single, types.docker))
const wrongBlob = failed(await upload('debian', 'some bytes', nowhere))
for (const place of ['ecr', 'other'])
  compare('a blob under another digest', place, failed(await upload(place, 'some bytes', nowhere)), wrongBlob)
await same('HEAD of an index without Accept', 'HEAD', '/v2/app/manifests/case-7', ({ status, digest }) => [
  status,
  digest
])
await same('a tag moves', ...put('case-1', JSON.stringify(image('manifest', true)), types.manifest))
await same(
  'the old digest still answers',
  'GET',
  `/v2/app/manifests/${digestOf(single)}`,
  ({ status, digest }) => [status, digest],
  {
    headers: { accept: all }
  }
)
const one = `/v2/app/manifests/${digestOf(cases['OCI manifest in odd whitespace'][0])}`
await same('DELETE of a manifest', 'DELETE', one, ({ status }) => status)

compare('answers that broke the schemas', 'simulator', server.violations, [])
ecr.destroy()
await server.close()
await peer.stop()
process.exit(finish())
