/** Image manifests as real bytes, so that their digests are real. */
import { sha256 } from '../ids.js'

export const mediaTypes = {
  ociManifest: 'application/vnd.oci.image.manifest.v1+json',
  ociIndex: 'application/vnd.oci.image.index.v1+json',
  ociConfig: 'application/vnd.oci.image.config.v1+json',
  ociLayer: 'application/vnd.oci.image.layer.v1.tar+gzip',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerList: 'application/vnd.docker.distribution.manifest.list.v2+json',
  dockerConfig: 'application/vnd.docker.container.image.v1+json',
  dockerLayer: 'application/vnd.docker.image.rootfs.diff.tar.gzip'
} as const

const indexTypes: readonly string[] = [mediaTypes.ociIndex, mediaTypes.dockerList]
const manifestTypes: readonly string[] = [mediaTypes.ociManifest, mediaTypes.dockerManifest, ...indexTypes]

interface Descriptor {
  mediaType: string
  digest: string
  size: number
  platform?: { architecture: string; os: string; variant?: string }
}

/** What a manifest says. */
export interface ParsedManifest {
  mediaType: string
  isIndex: boolean
  config: Descriptor | undefined
  layers: Descriptor[]
  children: Descriptor[]
  /** The digest of the image that this artifact is about (a signature, an SBOM). */
  subject: string | undefined
  /** `artifactType`, else the media type of the config; absent for an index without one. */
  artifactType: string | undefined
  annotations: Record<string, string> | undefined
}

/** Why bytes are not a manifest. */
export type Unreadable =
  'not JSON' | 'not a manifest' | 'no media type' | 'another media type' | 'unknown media type'

/** A manifest that was made, with the blobs it needs, by digest. */
export interface MadeManifest {
  bytes: string
  digest: string
  mediaType: string
  blobs: ReadonlyMap<string, string>
}

/** A layer: a few KiB that hash to its digest (nobody unpacks them). */
function layerOf(words: string): string {
  return `${words}\n`.repeat(100)
}

/** A single-platform manifest over content that is told apart by a word. */
export function makeManifest(content: string, platform: string, media: 'oci' | 'docker'): MadeManifest {
  const [os = 'linux', architecture = 'amd64'] = platform.split('/')
  const config = JSON.stringify({
    architecture,
    os,
    config: { Labels: { content } },
    rootfs: { type: 'layers' }
  })
  const oci = media === 'oci'
  const mediaType = oci ? mediaTypes.ociManifest : mediaTypes.dockerManifest
  const blobs = new Map<string, string>()
  const describe = (mediaType: string, bytes: string): Descriptor => {
    const digest = sha256(bytes)
    blobs.set(digest, bytes)
    return { mediaType, digest, size: Buffer.byteLength(bytes) }
  }
  const value = {
    schemaVersion: 2,
    mediaType,
    config: describe(oci ? mediaTypes.ociConfig : mediaTypes.dockerConfig, config),
    layers: [`base ${platform}`, `app ${content} ${platform}`].map((layer) =>
      describe(oci ? mediaTypes.ociLayer : mediaTypes.dockerLayer, layerOf(layer))
    )
  }
  // Three spaces and a line of its own for each member, as docker writes it: bytes that must not be reformatted.
  const bytes = JSON.stringify(value, null, 3)
  return { bytes, digest: sha256(bytes), mediaType, blobs }
}

/** An index over manifests, one a platform. */
export function makeIndex(
  children: { made: MadeManifest; platform: string }[],
  media: 'oci' | 'docker'
): MadeManifest {
  const mediaType = media === 'oci' ? mediaTypes.ociIndex : mediaTypes.dockerList
  const bytes = JSON.stringify(
    {
      schemaVersion: 2,
      mediaType,
      manifests: children.map(({ made, platform }) => {
        const [os = 'linux', architecture = 'amd64', variant] = platform.split('/')
        return {
          mediaType: made.mediaType,
          digest: made.digest,
          size: Buffer.byteLength(made.bytes),
          platform: variant === undefined ? { architecture, os } : { architecture, os, variant }
        }
      })
    },
    null,
    3
  )
  return { bytes, digest: sha256(bytes), mediaType, blobs: new Map() }
}

/** An artifact about an image: a signature, an SBOM. Its one layer is the word it carries. */
export function makeReferrer(subject: Descriptor, artifactType: string, content: string): MadeManifest {
  const empty = '{}'
  const blobs = new Map([
    [sha256(empty), empty],
    [sha256(content), content]
  ])
  const bytes = JSON.stringify(
    {
      schemaVersion: 2,
      mediaType: mediaTypes.ociManifest,
      artifactType,
      config: { mediaType: 'application/vnd.oci.empty.v1+json', digest: sha256(empty), size: 2 },
      layers: [{ mediaType: artifactType, digest: sha256(content), size: Buffer.byteLength(content) }],
      subject
    },
    null,
    2
  )
  return { bytes, digest: sha256(bytes), mediaType: mediaTypes.ociManifest, blobs }
}

/**
 * Reads a manifest. Its media type is what it names itself, else the declared one (facts F1: one of the two must be
 * there, and they must not contradict each other).
 */
export function readManifest(bytes: string, declaredType?: string): ParsedManifest | Unreadable {
  let value: unknown
  try {
    value = JSON.parse(bytes)
  } catch {
    return 'not JSON'
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'not a manifest'
  // Some writers say null for what is not there.
  const manifest = Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null))
  if (!isManifest(manifest)) return 'not a manifest'
  const isIndex = manifest.manifests !== undefined
  if (manifest.mediaType !== undefined && (declaredType ?? manifest.mediaType) !== manifest.mediaType)
    return 'another media type'
  const mediaType = manifest.mediaType ?? declaredType
  if (mediaType === undefined) return 'no media type'
  if (!manifestTypes.includes(mediaType)) return 'unknown media type'
  if (indexTypes.includes(mediaType) !== isIndex) return 'not a manifest'
  return {
    mediaType,
    isIndex,
    config: manifest.config,
    layers: manifest.layers ?? [],
    children: manifest.manifests ?? [],
    subject: manifest.subject?.digest,
    artifactType: manifest.artifactType ?? manifest.config?.mediaType,
    annotations: manifest.annotations
  }
}

interface Written {
  schemaVersion: 2
  mediaType?: string
  artifactType?: string
  config?: Descriptor
  layers?: Descriptor[]
  manifests?: Descriptor[]
  subject?: Descriptor
  annotations?: Record<string, string>
}

/** Whether every member that is read has the type that the specifications of OCI and Docker give it. */
function isManifest(value: object): value is Written {
  const m = value as Record<keyof Written, unknown>
  const isText = (v: unknown): boolean => v === undefined || typeof v === 'string'
  const lists = m.manifests === undefined ? [[m.config], m.layers] : [m.manifests]
  return (
    m.schemaVersion === 2 &&
    isText(m.mediaType) &&
    isText(m.artifactType) &&
    lists.every((list) => Array.isArray(list) && list.every(isDescriptor)) &&
    (m.subject === undefined || isDescriptor(m.subject)) &&
    (m.annotations === undefined || isTextMap(m.annotations))
  )
}

/** A digest and, where they are told, a type and a size. */
function isDescriptor(value: unknown): boolean {
  const { digest, mediaType, size } = (value ?? {}) as Record<keyof Descriptor, unknown>
  return (
    typeof digest === 'string' &&
    /^[\x21-\x7e]+$/.test(digest) &&
    (mediaType === undefined || typeof mediaType === 'string') &&
    (size === undefined || Number.isInteger(size))
  )
}

function isTextMap(value: unknown): boolean {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isMap && Object.values(value).every((v) => typeof v === 'string')
}

/**
 * A manifest in the other family's media types, as ECR serves a tag to a client that asks for it; undefined when the
 * client does not accept that one either, or when it is an index (facts F1: only single manifests are translated).
 */
export function translateManifest(
  mediaType: string,
  bytes: string,
  accepted: readonly string[]
): { mediaType: string; bytes: string; digest: string } | undefined {
  const swaps: [string, string][] = [
    [mediaTypes.ociManifest, mediaTypes.dockerManifest],
    [mediaTypes.ociConfig, mediaTypes.dockerConfig],
    [mediaTypes.ociLayer, mediaTypes.dockerLayer]
  ]
  const toDocker = mediaType === mediaTypes.ociManifest
  if (!toDocker && mediaType !== mediaTypes.dockerManifest) return undefined
  const target = toDocker ? mediaTypes.dockerManifest : mediaTypes.ociManifest
  if (!accepted.includes(target)) return undefined
  let translated = bytes
  for (const [oci, docker] of swaps)
    translated = toDocker ? translated.replaceAll(oci, docker) : translated.replaceAll(docker, oci)
  // A manifest of OCI may leave its own media type out; that of Docker must name it.
  if (toDocker && !translated.includes(target))
    translated = translated.replace('{', `{"mediaType":"${target}",`)
  return { mediaType: target, bytes: translated, digest: sha256(translated) }
}
