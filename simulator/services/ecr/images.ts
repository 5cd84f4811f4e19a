/** Images over the wire: get, put, delete, list. */
import { deleteImages } from '../../world/ecr/delete-images.js'
import { translateManifest } from '../../world/ecr/manifests.js'
import { checkPutShape, putImage, type PutImage } from '../../world/ecr/put-image.js'
import { notFound, type ImageId, type StoredImage } from '../../world/ecr/stored-image.js'
import type { SimulatedWorld } from '../../world/world.js'
import { read, write, type Operation } from '../operation.js'
import { page } from '../paging.js'
import { checkEnum, checkList, checkPage, heading, repositoryOf, type Page, type Where } from './common.js'

export interface Filter {
  tagStatus?: string
  imageStatus?: string
}

/** Images that a filter lets through, by digest: nobody may lean on the order in which they were pushed. */
export function filtered(images: Iterable<StoredImage>, filter: Filter | undefined): StoredImage[] {
  // Without a status only active images are listed (SDK-ECR, DescribeImagesFilter).
  const { tagStatus = 'ANY', imageStatus = 'ACTIVE' } = filter ?? {}
  checkEnum('filter.tagStatus', tagStatus, ['ANY', 'TAGGED', 'UNTAGGED'])
  checkEnum('filter.imageStatus', imageStatus, ['ACTIVE', 'ACTIVATING', 'ANY', 'ARCHIVED'])
  return [...images]
    .filter((i) => tagStatus === 'ANY' || i.tags.size > 0 === (tagStatus === 'TAGGED'))
    .filter((i) => imageStatus === 'ANY' || i.status === imageStatus)
    .sort((a, b) => (a.digest < b.digest ? -1 : 1))
}

function idsOf(image: StoredImage): ImageId[] {
  if (image.tags.size === 0) return [{ imageDigest: image.digest }]
  return [...image.tags].map((imageTag) => ({ imageTag, imageDigest: image.digest }))
}

function batchGetImage(
  world: SimulatedWorld,
  input: Where & { imageIds: ImageId[]; acceptedMediaTypes?: string[] }
): Record<string, unknown> {
  checkList('imageIds', input.imageIds, 100)
  const repository = repositoryOf(world, input)
  const accepted = input.acceptedMediaTypes ?? []
  const images: unknown[] = []
  const failures: unknown[] = []
  for (const imageId of input.imageIds) {
    const found = repository.find(imageId)
    if (!('digest' in found) || found.status !== 'ACTIVE') {
      failures.push({ imageId, ...('digest' in found ? notFound : found) })
      continue
    }
    repository.recordPull(found)
    // By digest there is no translation, else the digest would be another.
    const unwanted = accepted.length > 0 && !accepted.includes(found.mediaType)
    const translated =
      unwanted && imageId.imageDigest === undefined
        ? translateManifest(found.mediaType, found.bytes, accepted)
        : undefined
    const { digest, bytes, mediaType } = translated ?? found
    images.push({
      ...heading(world, repository),
      imageId: { imageDigest: digest, imageTag: imageId.imageTag },
      imageManifest: bytes,
      imageManifestMediaType: mediaType
    })
  }
  return { images, failures }
}

export const imageOperations: Record<string, Operation> = {
  BatchGetImage: read(batchGetImage),
  PutImage: write((world, input: Where & PutImage) => {
    checkPutShape(input)
    const repository = repositoryOf(world, input)
    const image = putImage(repository, input)
    return {
      image: {
        ...heading(world, repository),
        imageId: { imageDigest: image.digest, imageTag: input.imageTag },
        imageManifest: image.bytes,
        imageManifestMediaType: image.mediaType
      }
    }
  }),
  BatchDeleteImage: write((world, input: Where & { imageIds: ImageId[] }) => {
    checkList('imageIds', input.imageIds, 100)
    const { imageIds, failures } = deleteImages(repositoryOf(world, input), input.imageIds)
    return { imageIds, failures }
  }),
  ListImages: read((world, input: Page & Where & { filter?: Filter }) => {
    checkPage(input, 1000)
    const ids = filtered(repositoryOf(world, input).images.values(), input.filter).flatMap(idsOf)
    const { items, next } = page(ids, input.nextToken, input.maxResults)
    return { imageIds: items, nextToken: next }
  })
}
