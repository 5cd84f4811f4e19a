/** PutImage with AWS's refusals in AWS's order, and which tags may move (facts F1). */
import type { RepositoryOptions } from '../api.js'
import { constraintTexts, ecrTexts } from './ecr-texts.js'
import { AwsError } from '../errors.js'
import { sha256 } from '../ids.js'
import { readManifest, type ParsedManifest, type Unreadable } from './manifests.js'
import type { Repository } from './repository.js'
import { tagGrammar, type StoredImage } from './stored-image.js'
import { matchesWildcards } from '../wildcards.js'

/** The most tags that an image may have (facts F4). */
export const tagLimit = 1000
const manifestLimit = 4_194_304

export interface PutImage {
  imageManifest: string
  imageManifestMediaType?: string
  imageTag?: string
  imageDigest?: string
}

const refuse = (code: string, message: string): never => {
  throw new AwsError(code, message)
}

const invalid = (message: string): never => refuse('InvalidParameterException', message)

/** What the shape of the request alone refuses, before anybody looks for the repository. */
export function checkPutShape({ imageManifest, imageTag }: PutImage): void {
  const { tooShort, tooLong } = constraintTexts
  if (imageManifest.length < 1) invalid(tooShort.say('imageManifest', 1))
  if (imageManifest.length > manifestLimit) invalid(tooLong.say('imageManifest', manifestLimit))
  if (imageTag === undefined) return
  if (imageTag.length < 1) invalid(tooShort.say('imageTag', 1))
  if (imageTag.length > 300) invalid(tooLong.say('imageTag', 300))
}

/**
 * Puts a manifest into a repository. The order of the refusals: tag, manifest, digest, referenced images, layers,
 * the same image and tag, the immutable tag, the number of tags. Layers and images count where they are: here.
 */
export function putImage(repository: Repository, request: PutImage): StoredImage {
  const { imageManifest: bytes, imageTag: tag } = request
  if (tag !== undefined && !tagGrammar.test(tag)) invalid(constraintTexts.tag.say())
  const parsed = readable(readManifest(bytes, request.imageManifestMediaType), request.imageManifestMediaType)
  const digest = sha256(bytes)
  if (request.imageDigest !== undefined && request.imageDigest !== digest)
    refuse(
      'ImageDigestDoesNotMatchException',
      ecrTexts.digestDiffers.say(request.imageDigest, repository.place)
    )
  const { images, layers } = missingParts(repository, parsed)
  if (images.length > 0)
    refuse('ReferencedImagesNotFoundException', ecrTexts.noReferencedImages.say(images, repository.place))
  if (layers.length > 0) refuse('LayersNotFoundException', ecrTexts.noLayers.say(layers, repository.place))
  const known = repository.images.get(digest)
  if (known !== undefined && (tag === undefined || known.tags.has(tag)))
    refuse('ImageAlreadyExistsException', ecrTexts.imageExists.say(digest, tag, repository.place))
  if (tag !== undefined && repository.byTag(tag) !== undefined && isImmutable(repository.options, tag))
    refuse('ImageTagAlreadyExistsException', ecrTexts.tagImmutable.say(tag, repository.place))
  if (tag !== undefined && known !== undefined && known.tags.size >= tagLimit)
    refuse('LimitExceededException', ecrTexts.tooManyTags.say(digest, tagLimit))
  const image = repository.store(bytes, parsed.mediaType)
  if (tag !== undefined) repository.tag(tag, digest)
  return image
}

function readable(read: ParsedManifest | Unreadable, declared: string | undefined): ParsedManifest {
  if (typeof read !== 'string') return read
  switch (read) {
    case 'not JSON':
      return invalid(constraintTexts.notJson.say())
    case 'not a manifest':
      return invalid(constraintTexts.notAManifest.say())
    case 'no media type':
      return invalid(ecrTexts.noMediaType.say())
    case 'another media type':
      return invalid(constraintTexts.mediaTypeDiffers.say())
    case 'unknown media type':
      return invalid(constraintTexts.mediaTypeUnknown.say(declared ?? 'of the image manifest'))
  }
}

/** What a manifest names and the repository does not have. */
export function missingParts(
  repository: Pick<Repository, 'images' | 'blobs'>,
  parsed: ParsedManifest
): { images: string[]; layers: string[] } {
  const blobs = [parsed.config, ...parsed.layers].filter((b) => b !== undefined)
  return {
    images: parsed.children.filter((c) => !repository.images.has(c.digest)).map((c) => c.digest),
    layers: blobs.filter((b) => !repository.blobs.has(b.digest)).map((b) => b.digest)
  }
}

/** Whether a tag that exists may not be pointed elsewhere: the four modes, with their wildcard filters. */
export function isImmutable(options: RepositoryOptions, tag: string): boolean {
  const excluded = (options.exclusions ?? []).some((filter) => matchesWildcards(filter, tag))
  switch (options.mutability ?? 'MUTABLE') {
    case 'MUTABLE':
      return false
    case 'IMMUTABLE':
      return true
    case 'MUTABLE_WITH_EXCLUSION':
      return excluded
    case 'IMMUTABLE_WITH_EXCLUSION':
      return !excluded
  }
}
