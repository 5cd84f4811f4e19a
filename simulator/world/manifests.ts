/** Image manifests as real bytes, so that their digests are real. */
import { sha256 } from './ids.js'

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

interface Descriptor {
  mediaType: string
  digest: string
  size: number
  platform?: { architecture: string; os: string; variant?: string }
}

export interface ParsedManifest {
  mediaType: string
  isIndex: boolean
  config: Descriptor | undefined
  layers: Descriptor[]
  children: Descriptor[]
}

/** A manifest that was made, with the blobs it needs. */
export interface MadeManifest {
  bytes: string
  digest: string
  mediaType: string
  blobs: string[]
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
  const layers = [`base ${platform}`, `app ${content} ${platform}`]
  const oci = media === 'oci'
  const mediaType = oci ? mediaTypes.ociManifest : mediaTypes.dockerManifest
  const value = {
    schemaVersion: 2,
    mediaType,
    config: {
      mediaType: oci ? mediaTypes.ociConfig : mediaTypes.dockerConfig,
      digest: sha256(config),
      size: config.length
    },
    layers: layers.map((layer) => ({
      mediaType: oci ? mediaTypes.ociLayer : mediaTypes.dockerLayer,
      digest: sha256(layer),
      size: 1_000_000 + layer.length * 4096
    }))
  }
  // Three spaces and a line of its own for each member, as docker writes it: bytes that must not be reformatted.
  const bytes = JSON.stringify(value, null, 3)
  return {
    bytes,
    digest: sha256(bytes),
    mediaType,
    blobs: [value.config, ...value.layers].map((b) => b.digest)
  }
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
  return { bytes, digest: sha256(bytes), mediaType, blobs: [] }
}

/** Reads a manifest; undefined when it is not one. */
export function parseManifest(bytes: string, declaredType?: string): ParsedManifest | undefined {
  let value: unknown
  try {
    value = JSON.parse(bytes)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const manifest = value as {
    schemaVersion?: number
    mediaType?: string
    config?: Descriptor
    layers?: Descriptor[]
    manifests?: Descriptor[]
  }
  if (manifest.schemaVersion !== 2) return undefined
  const isIndex = Array.isArray(manifest.manifests)
  if (!isIndex && (manifest.config === undefined || !Array.isArray(manifest.layers))) return undefined
  return {
    mediaType: manifest.mediaType ?? declaredType ?? (isIndex ? mediaTypes.ociIndex : mediaTypes.ociManifest),
    isIndex,
    config: manifest.config,
    layers: manifest.layers ?? [],
    children: manifest.manifests ?? []
  }
}
