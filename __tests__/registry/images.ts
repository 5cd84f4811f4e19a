/** Images that are pushed to a registry by hand, as a builder would: with plain requests, not with the client under test. */
import { digestOf, types } from './debian.js'

export type Push = (
  path: string,
  init: { method: string; body?: string | Buffer; type?: string }
) => Promise<Response>

export function pusher(host: string, headers: Record<string, string> = {}): Push {
  return async (path, { method, body, type }) => {
    const response = await fetch(path.startsWith('http') ? path : `http://${host}/v2/${path}`, {
      method,
      ...(body === undefined ? {} : { body }),
      headers: { ...headers, ...(type === undefined ? {} : { 'content-type': type }) }
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return response
  }
}

export async function pushBlob(
  push: Push,
  name: string,
  bytes: string | Buffer
): Promise<{ digest: string; size: number }> {
  const digest = digestOf(bytes)
  const begun = await push(`${name}/blobs/uploads/`, { method: 'POST' })
  const place = new URL(begun.headers.get('location') ?? '', begun.url)
  place.searchParams.set('digest', digest)
  await push(place.href, { method: 'PUT', body: bytes, type: 'application/octet-stream' })
  return { digest, size: Buffer.byteLength(bytes) }
}

export async function pushManifest(push: Push, name: string, value: object, type: string, tag?: string) {
  // Odd white space: bytes that must not be written anew.
  const bytes = JSON.stringify(value, null, 3)
  const digest = digestOf(bytes)
  await push(`${name}/manifests/${tag ?? digest}`, { method: 'PUT', body: bytes, type })
  return { mediaType: type, digest, size: Buffer.byteLength(bytes), bytes }
}

/** An image of one platform, with a config and these layers. */
export async function pushImage(
  push: Push,
  name: string,
  options: {
    platform?: string
    layers?: (string | Buffer)[]
    tag?: string
    type?: string
    config?: object
  } = {}
) {
  const [os = 'linux', architecture = 'amd64', variant] = (options.platform ?? 'linux/amd64').split('/')
  const said = options.config ?? { os, architecture, ...(variant === undefined ? {} : { variant }) }
  const config = await pushBlob(push, name, JSON.stringify(said))
  const layers = []
  for (const layer of options.layers ?? [`layer of ${name} ${architecture}`])
    layers.push({
      mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
      ...(await pushBlob(push, name, layer))
    })
  const type = options.type ?? types.manifest
  const value = {
    schemaVersion: 2,
    mediaType: type,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config },
    layers
  }
  return await pushManifest(push, name, value, type, options.tag)
}

/** An index over images of these platforms, with an attestation beside them as builders add it. */
export async function pushIndex(
  push: Push,
  name: string,
  platforms: string[],
  tag: string,
  type = types.index
) {
  const manifests: object[] = []
  for (const platform of [...platforms, 'unknown/unknown']) {
    const [os, architecture, variant] = platform.split('/')
    const child = type === types.list ? types.docker : types.manifest
    const { mediaType, digest, size } = await pushImage(push, name, {
      platform,
      type: child,
      layers: [`layer for ${platform}`, 'the base that all share']
    })
    manifests.push({
      mediaType,
      digest,
      size,
      platform: { os, architecture, ...(variant === undefined ? {} : { variant }) }
    })
  }
  return await pushManifest(push, name, { schemaVersion: 2, mediaType: type, manifests }, type, tag)
}
