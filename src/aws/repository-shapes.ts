import type * as sdk from '@aws-sdk/client-ecr'
import type { EcrRepository } from '../domain/image.js'
import type { StoredImage } from '../domain/stored-image.js'

/** All the forms of a manifest: by digest nothing is translated, and what is stored as an index comes as one. */
export const acceptedIndexes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json'
]

/** Where a repository is, for a sentence. */
export function placeOf(repository: EcrRepository): string {
  return `ECR repository "${repository.name}" of account ${repository.account} in ${repository.region}`
}

/** An image in the API's own form. */
export function idOf(image: { tag: string } | { digest: string }): sdk.ImageIdentifier {
  return 'tag' in image ? { imageTag: image.tag } : { imageDigest: image.digest }
}

/** Undefined for what has no digest: nothing can be said of it. */
export function storedImage(found: sdk.ImageDetail): StoredImage | undefined {
  if (found.imageDigest === undefined) return undefined
  const optional = {
    pushedAt: found.imagePushedAt?.getTime(),
    status: found.imageStatus,
    pulledAt: found.lastRecordedPullTime?.getTime(),
    archivedAt: found.lastArchivedAt?.getTime(),
    activatedAt: found.lastActivatedAt?.getTime(),
    mediaType: found.imageManifestMediaType,
    subject: found.subjectManifestDigest
  }
  const known = Object.entries(optional).filter(([, value]) => value !== undefined)
  return { digest: found.imageDigest, tags: found.imageTags ?? [], ...Object.fromEntries(known) }
}

/** The digests that an index names; undefined for what is no index. */
export function namedManifests(text: string | undefined): string[] | undefined {
  try {
    const { manifests } = JSON.parse(text ?? '') as { manifests?: unknown }
    if (!Array.isArray(manifests)) return undefined
    return manifests.flatMap((m: { digest?: unknown } | null) =>
      typeof m?.digest === 'string' ? [m.digest] : []
    )
  } catch {
    return undefined
  }
}
