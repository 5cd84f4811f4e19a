/** An image as a repository keeps it, and what an id in a request means. */
import { failureTexts } from './ecr-texts.js'
import type { ParsedManifest } from './manifests.js'

export type ImageStatus = 'ACTIVE' | 'ARCHIVED' | 'ACTIVATING'

/** What a scan of an image says; absent: it was never scanned. */
export interface Scan {
  status: string
  description?: string
  /** How many findings by severity; present once there are results. */
  counts?: Record<string, number>
  completedAt: number
}

export interface StoredImage {
  readonly digest: string
  readonly bytes: string
  readonly parsed: ParsedManifest
  readonly mediaType: string
  /** When it first came here; epoch ms, like all times below. */
  readonly pushedAt: number
  /** The last recorded pull. */
  pulledAt: number | undefined
  status: ImageStatus
  archivedAt: number | undefined
  activatedAt: number | undefined
  /** Config and layers; of an index the largest child. */
  readonly size: number
  readonly tags: Set<string>
  scan: Scan | undefined
}

/** How a request names an image. */
export interface ImageId {
  imageTag?: string
  imageDigest?: string
}

export interface Failure {
  failureCode: string
  failureReason: string
}

/** What a tag may be for ECR's API: the registry's grammar, up to 300 characters (facts F1). */
export const tagGrammar = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,299}$/
export const digestGrammar = /^[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+$/

const fail = (failureCode: string, failureReason: string): Failure => ({ failureCode, failureReason })

export const notFound: Failure = fail('ImageNotFound', failureTexts.notFound.say())

/** The image of an id, or why there is none, as the batch operations say it (facts F1). */
export function resolve(
  id: ImageId,
  images: ReadonlyMap<string, StoredImage>,
  byTag: (tag: string) => StoredImage | undefined
): StoredImage | Failure {
  const { imageTag: tag, imageDigest: digest } = id
  if (digest === undefined) {
    if (tag === undefined) return fail('MissingDigestAndTag', failureTexts.missing.say())
    if (!tagGrammar.test(tag)) return fail('InvalidImageTag', failureTexts.badTag.say())
    return byTag(tag) ?? notFound
  }
  if (!digestGrammar.test(digest)) return fail('InvalidImageDigest', failureTexts.badDigest.say())
  const image = images.get(digest)
  if (image === undefined) return notFound
  if (tag !== undefined && !image.tags.has(tag))
    return fail('ImageTagDoesNotMatchDigest', failureTexts.tagDiffers.say(digest, tag))
  return image
}
