import { isObject, type Json } from './task-definition.js'

/** What a manifest says of something that it is made of. */
export interface Descriptor {
  digest: string
  /** Bytes. */
  size: number
  mediaType: string
  /** `os/architecture[/variant]`, of a child of an index that says it. */
  platform?: Platform
}

/** For which operating system and processor an image is built, in the words of the OCI image specification. */
export interface Platform {
  os: string
  architecture: string
  variant?: string
}

/** A manifest, read: an index of others, an image with its config and layers, or what keeps it from being either. */
export type ManifestContent =
  | { kind: 'index'; children: Descriptor[] }
  | { kind: 'image'; config: Descriptor; layers: Descriptor[] }
  | { kind: 'unreadable'; why: string }

/** The four forms of a manifest that registries keep today (OCI image specification; Docker image manifest 2.2). */
export const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json'
] as const

/** The most bytes that registries take as a manifest. */
export const longestManifest = 4 * 1024 * 1024

const digestForm = /^sha256:[0-9a-f]{64}$/

/** Reads the bytes of a manifest. Never throws: what is none is `unreadable`, with the reason. */
export function readManifest(bytes: string): ManifestContent {
  let value: unknown
  try {
    value = JSON.parse(bytes)
  } catch {
    return unreadable('it is not JSON')
  }
  if (!isObject(value)) return unreadable('it is not an object')
  if (value['schemaVersion'] === 1) return unreadable('it is in the old format "schema 1"')
  if (Array.isArray(value['manifests'])) {
    const children = value['manifests'].map(descriptor)
    return children.every((c) => c !== undefined)
      ? { kind: 'index', children }
      : unreadable('an entry of the index has no sha256 digest and size')
  }
  const config = descriptor(value['config'] ?? null)
  const layers = Array.isArray(value['layers']) ? value['layers'].map(descriptor) : undefined
  if (!config || !layers?.every((l) => l !== undefined))
    return unreadable('it names neither other manifests nor a config and layers')
  return { kind: 'image', config, layers }
}

const unreadable = (why: string): ManifestContent => ({ kind: 'unreadable', why })

function descriptor(value: Json): Descriptor | undefined {
  if (!isObject(value)) return undefined
  const { digest, size, mediaType } = value
  if (typeof digest !== 'string' || !digestForm.test(digest)) return undefined
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) return undefined
  const platform = platformOf(value['platform'] ?? null)
  return {
    digest,
    size,
    mediaType: typeof mediaType === 'string' ? mediaType : '',
    ...(platform ? { platform } : {})
  }
}

/** Reads `os`, `architecture` and `variant` of a descriptor or of an image config; undefined when they are not said. */
export function platformOf(value: Json): Platform | undefined {
  if (!isObject(value)) return undefined
  const { os, architecture, variant } = value
  if (typeof os !== 'string' || os === '' || typeof architecture !== 'string' || architecture === '')
    return undefined
  return {
    os: os.toLowerCase(),
    architecture: architectureName(architecture),
    ...(typeof variant === 'string' && variant !== '' ? { variant } : {})
  }
}

/** Some builders write the names that `uname` has. */
function architectureName(text: string): string {
  const name = text.toLowerCase()
  if (name === 'x86_64' || name === 'x86-64') return 'amd64'
  return name === 'aarch64' ? 'arm64' : name
}

/**
 * True for a layer that lies elsewhere by design (the base layers of Windows): registries keep manifests that name it
 * without having it, and it must not be copied.
 */
export function isForeign({ mediaType }: Descriptor): boolean {
  return /\.foreign\.|nondistributable/.test(mediaType)
}
