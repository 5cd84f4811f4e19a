/** BatchDeleteImage: by tag, by digest, and what it refuses (facts F1). */
import { failureTexts } from './ecr-texts.js'
import type { Repository } from './repository.js'
import type { Failure, ImageId } from './stored-image.js'

/**
 * Deletes what the ids name, in their order. A tag takes the tag away, the last tag the image; a digest takes all.
 * A child of a manifest list stays as long as the list. Gives the ids that are gone, and the failures.
 */
export function deleteImages(
  repository: Repository,
  ids: readonly ImageId[]
): { imageIds: ImageId[]; failures: (Failure & { imageId: ImageId })[] } {
  const imageIds: ImageId[] = []
  const failures: (Failure & { imageId: ImageId })[] = []
  for (const imageId of ids) {
    const found = repository.find(imageId)
    if (!('digest' in found)) {
      failures.push({ imageId, ...found })
      continue
    }
    const { digest: imageDigest, tags } = found
    const { imageTag } = imageId
    if (imageTag !== undefined && tags.size > 1) {
      repository.untag(imageTag)
      imageIds.push({ imageDigest, imageTag })
      continue
    }
    const lists = repository.referencedBy(imageDigest)
    if (lists.length > 0) {
      const failureReason = failureTexts.referenced.say(lists)
      failures.push({ imageId, failureCode: 'ImageReferencedByManifestList', failureReason })
      continue
    }
    if (tags.size === 0) imageIds.push({ imageDigest })
    else imageIds.push(...[...tags].map((t) => ({ imageDigest, imageTag: t })))
    repository.expire(imageDigest)
  }
  return { imageIds, failures }
}
