/** An image as an ECR repository lists it. Times in epoch milliseconds; what ECR does not say is absent. */
export interface StoredImage {
  digest: string
  tags: string[]
  pushedAt?: number
  /** `ACTIVE`, `ARCHIVED`, `ACTIVATING`; an open text. Absent in repositories that know no archive: ACTIVE. */
  status?: string
  /** Refreshed at least once every 24 hours. */
  pulledAt?: number
  archivedAt?: number
  /** When it last came back from the archive. */
  activatedAt?: number
  mediaType?: string
  /** The image that this one says something about: a signature, an SBOM. */
  subject?: string
}

const indexTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json'
]

/** True for the media types that name other manifests. */
export function isIndexType(mediaType: string | undefined): boolean {
  return mediaType !== undefined && indexTypes.includes(mediaType)
}
