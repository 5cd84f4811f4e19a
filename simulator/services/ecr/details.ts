/** What ECR says about images: details, referrers, scans, storage classes. */
import { ecrTexts, failureTexts } from '../../world/ecr/ecr-texts.js'
import type { Repository } from '../../world/ecr/repository.js'
import { digestGrammar, type ImageId, type Scan, type StoredImage } from '../../world/ecr/stored-image.js'
import type { SimulatedWorld } from '../../world/world.js'
import { read, write, type Operation } from '../operation.js'
import { page } from '../paging.js'
import {
  checkEnum,
  checkList,
  checkPage,
  date,
  heading,
  invalid,
  refuse,
  repositoryOf,
  type Page,
  type Where
} from './common.js'
import { filtered, type Filter } from './images.js'

function summary(scan: Scan): Record<string, unknown> | undefined {
  return scan.counts && { imageScanCompletedAt: date(scan.completedAt), findingSeverityCounts: scan.counts }
}

function detail(world: SimulatedWorld, repository: Repository, image: StoredImage): Record<string, unknown> {
  const { scan } = image
  return {
    ...heading(world, repository),
    imageDigest: image.digest,
    imageTags: image.tags.size === 0 ? undefined : [...image.tags],
    imageSizeInBytes: image.size,
    imagePushedAt: date(image.pushedAt),
    imageScanStatus: scan && { status: scan.status, description: scan.description },
    imageScanFindingsSummary: scan && summary(scan),
    imageManifestMediaType: image.mediaType,
    artifactMediaType: image.parsed.artifactType,
    lastRecordedPullTime: date(image.pulledAt),
    subjectManifestDigest: image.parsed.subject,
    imageStatus: image.status,
    lastArchivedAt: date(image.archivedAt),
    lastActivatedAt: date(image.activatedAt)
  }
}

function describeImages(
  world: SimulatedWorld,
  input: Page & Where & { imageIds?: ImageId[]; filter?: Filter }
): Record<string, unknown> {
  checkPage(input, 1000)
  if (input.imageIds !== undefined) checkList('imageIds', input.imageIds, 100)
  const repository = repositoryOf(world, input)
  if (input.imageIds !== undefined) {
    const found = new Set(input.imageIds.map((id) => repository.require(id)))
    return { imageDetails: [...found].map((i) => detail(world, repository, i)) }
  }
  const all = filtered(repository.images.values(), input.filter)
  const { items, next } = page(all, input.nextToken, input.maxResults)
  return { imageDetails: items.map((i) => detail(world, repository, i)), nextToken: next }
}

interface ReferrersFilter {
  artifactTypes?: string[]
  artifactStatus?: string
}

function listImageReferrers(
  world: SimulatedWorld,
  input: Page & Where & { subjectId: { imageDigest: string }; filter?: ReferrersFilter }
): Record<string, unknown> {
  checkPage(input, 50)
  const repository = repositoryOf(world, input)
  const { imageDigest } = input.subjectId
  if (!digestGrammar.test(imageDigest)) invalid(failureTexts.badDigest.say())
  const { artifactTypes, artifactStatus = 'ACTIVE' } = input.filter ?? {}
  checkEnum('filter.artifactStatus', artifactStatus, ['ACTIVE', 'ACTIVATING', 'ANY', 'ARCHIVED'])
  const all = repository
    .referrersOf(imageDigest)
    .filter((i) => artifactStatus === 'ANY' || i.status === artifactStatus)
    .filter((i) => artifactTypes?.includes(i.parsed.artifactType ?? '') ?? true)
  const { items, next } = page(all, input.nextToken, input.maxResults)
  const referrers = items.map((i) => ({
    digest: i.digest,
    mediaType: i.mediaType,
    artifactType: i.parsed.artifactType,
    size: Buffer.byteLength(i.bytes),
    annotations: i.parsed.annotations,
    artifactStatus: i.status
  }))
  return { referrers, nextToken: next }
}

function describeImageScanFindings(
  world: SimulatedWorld,
  input: Page & Where & { imageId: ImageId }
): Record<string, unknown> {
  checkPage(input, 1000)
  const repository = repositoryOf(world, input)
  const { digest, tags, parsed, mediaType, status, scan } = repository.require(input.imageId)
  if (parsed.isIndex) refuse('UnsupportedImageTypeException', ecrTexts.notScannable.say(mediaType))
  if (status === 'ARCHIVED')
    refuse('ImageArchivedException', ecrTexts.archivedScan.say(input.imageId, repository.place))
  if (scan === undefined)
    return refuse('ScanNotFoundException', ecrTexts.noScan.say(input.imageId, repository.place))
  return {
    ...heading(world, repository),
    imageId: { imageDigest: digest, imageTag: input.imageId.imageTag ?? [...tags][0] },
    imageScanStatus: { status: scan.status, description: scan.description },
    imageScanFindings: scan.counts && { ...summary(scan), findings: [] }
  }
}

/** Moves an image to the archive or begins to bring it back; to where it is already it cannot go. */
function updateImageStorageClass(
  world: SimulatedWorld,
  input: Where & { imageId: ImageId; targetStorageClass: string }
): Record<string, unknown> {
  const target = input.targetStorageClass
  checkEnum('targetStorageClass', target, ['ARCHIVE', 'STANDARD'])
  const repository = repositoryOf(world, input)
  const image = repository.require(input.imageId)
  if (image.status !== (target === 'ARCHIVE' ? 'ACTIVE' : 'ARCHIVED'))
    refuse(
      'ImageStorageClassUpdateNotSupportedException',
      ecrTexts.sameStorageClass.say(image.digest, image.status, target)
    )
  if (target === 'ARCHIVE') repository.archive(image.digest)
  else repository.restore(image.digest)
  return {
    ...heading(world, repository),
    imageId: { imageDigest: image.digest, imageTag: input.imageId.imageTag },
    imageStatus: image.status
  }
}

export const detailOperations: Record<string, Operation> = {
  DescribeImages: read(describeImages),
  ListImageReferrers: read(listImageReferrers),
  DescribeImageScanFindings: read(describeImageScanFindings),
  UpdateImageStorageClass: write(updateImageStorageClass)
}
