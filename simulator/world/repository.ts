/** One ECR repository: images with real manifests. Refusals and their order as the facts' F1 has them. */
import type { PushedImage, PushOptions, RepositoryHandle, RepositoryOptions } from './api.js'
import type { Behaviours } from './behaviour.js'
import { AwsError } from './errors.js'
import { sha256 } from './ids.js'
import { makeIndex, makeManifest, mediaTypes, parseManifest, type MadeManifest } from './manifests.js'
import type { Registry } from './registry.js'

/** What an image is to the one who runs it. */
export interface ImageNature {
  behaviour: Behaviours | undefined
  lacks: readonly string[]
}

export interface StoredImage {
  digest: string
  bytes: string
  mediaType: string
  pushedAt: number
  pulledAt: number | undefined
  status: 'ACTIVE' | 'ARCHIVED'
  size: number
  tags: Set<string>
}

interface ImageRef {
  imageTag?: string
  imageDigest?: string
}

const tagGrammar = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/
const digestGrammar = /^[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+$/

/** One repository. */
export class Repository implements RepositoryHandle {
  readonly images = new Map<string, StoredImage>()
  readonly blobs = new Set<string>()
  readonly createdAt: number
  readonly uri: string
  readonly arn: string

  constructor(
    private readonly ecr: Registry,
    readonly name: string,
    readonly options: RepositoryOptions
  ) {
    this.createdAt = ecr.clock.now()
    this.uri = `${ecr.host}/${name}`
    this.arn = `arn:aws:ecr:${ecr.region}:${ecr.account}:repository/${name}`
  }

  push(options: PushOptions = {}): PushedImage {
    const content = options.content ?? this.ecr.freshContent()
    const media = options.media ?? 'oci'
    const nature: ImageNature = { behaviour: options.behaviour, lacks: options.lacks ?? [] }
    const index = options.form === 'index'
    const platforms = options.platforms ?? (index ? ['linux/amd64', 'linux/arm64'] : ['linux/amd64'])
    const children = platforms.map((platform) => ({ made: makeManifest(content, platform, media), platform }))
    for (const { made } of children) this.keep(made, nature)
    const made = index ? makeIndex(children, media) : children[0]!.made
    this.keep(made, nature)
    for (const tag of options.tags ?? []) this.tag(tag, made.digest)
    const uri = `${this.uri}@${made.digest}`
    this.ecr.happen('image-pushed', `pushed ${uri} ${(options.tags ?? []).join(' ')}`.trim(), {
      repository: this.name,
      digest: made.digest
    })
    return { digest: made.digest, manifest: made.bytes, mediaType: made.mediaType, uri }
  }

  private keep(made: MadeManifest, nature: ImageNature): void {
    for (const blob of made.blobs) this.blobs.add(blob)
    this.ecr.natures.set(made.digest, nature)
    this.store(made.bytes, made.mediaType)
  }

  private store(bytes: string, mediaType: string): StoredImage {
    const digest = sha256(bytes)
    const known = this.images.get(digest)
    if (known !== undefined) return known
    const parsed = parseManifest(bytes, mediaType)
    const size =
      (parsed?.isIndex ?? false)
        ? Math.max(0, ...parsed!.children.map((c) => this.images.get(c.digest)?.size ?? 0))
        : (parsed?.layers ?? []).reduce((sum, layer) => sum + layer.size, parsed?.config?.size ?? 0)
    const image: StoredImage = {
      digest,
      bytes,
      mediaType,
      pushedAt: this.ecr.clock.now(),
      pulledAt: undefined,
      status: 'ACTIVE',
      size,
      tags: new Set()
    }
    this.images.set(digest, image)
    return image
  }

  tag(tag: string, digest: string): void {
    const image = this.images.get(digest)
    if (image === undefined) throw new Error(`${this.name} has no image ${digest}`)
    for (const other of this.images.values()) other.tags.delete(tag)
    image.tags.add(tag)
  }

  expire(digest: string): void {
    this.images.delete(digest)
  }

  archive(digest: string): void {
    const image = this.images.get(digest)
    if (image !== undefined) image.status = 'ARCHIVED'
  }

  digestOf(tag: string): string | undefined {
    return this.byTag(tag)?.digest
  }

  byTag(tag: string): StoredImage | undefined {
    for (const image of this.images.values()) if (image.tags.has(tag)) return image
    return undefined
  }

  /** The image of an id, or why there is none: BatchGetImage's failure. */
  find(id: ImageRef): StoredImage | { failureCode: string; failureReason: string } {
    if (id.imageDigest === undefined && id.imageTag === undefined)
      return {
        failureCode: 'MissingDigestAndTag',
        failureReason: 'Invalid request parameters: both tag and digest cannot be null'
      }
    if (id.imageDigest !== undefined && !digestGrammar.test(id.imageDigest))
      return {
        failureCode: 'InvalidImageDigest',
        failureReason:
          "Invalid request parameters: image digest should satisfy the regex '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'"
      }
    const image = id.imageDigest !== undefined ? this.images.get(id.imageDigest) : this.byTag(id.imageTag!)
    if (image === undefined)
      return { failureCode: 'ImageNotFound', failureReason: 'Requested image not found' }
    if (id.imageTag !== undefined && !image.tags.has(id.imageTag))
      return {
        failureCode: 'ImageTagDoesNotMatchDigest',
        failureReason: `Requested image digest ${id.imageDigest ?? ''} does not match tag ${id.imageTag}`
      }
    return image
  }

  /** PutImage, with AWS's refusals in AWS's order. */
  put(request: {
    imageManifest: string
    imageManifestMediaType?: string
    imageTag?: string
    imageDigest?: string
  }): StoredImage {
    const { imageManifest: bytes, imageTag: tag } = request
    const where = `in the repository with name '${this.name}' in registry with id '${this.ecr.account}'`
    if (tag !== undefined && !tagGrammar.test(tag))
      throw new AwsError(
        'InvalidParameterException',
        `Invalid parameter at 'imageTag' failed to satisfy constraint: 'must satisfy regular expression '[a-zA-Z0-9-_.]+''`
      )
    const parsed = parseManifest(bytes, request.imageManifestMediaType)
    if (parsed === undefined)
      throw new AwsError(
        'InvalidParameterException',
        "Invalid parameter at 'ImageManifest' failed to satisfy constraint: 'Invalid JSON syntax'"
      )
    const digest = sha256(bytes)
    if (request.imageDigest !== undefined && request.imageDigest !== digest)
      throw new AwsError(
        'ImageDigestDoesNotMatchException',
        `The specified image digest '${request.imageDigest}' does not match the digest '${digest}' that Amazon ECR calculated for the image.`
      )
    for (const child of parsed.children)
      if (!this.images.has(child.digest))
        throw new AwsError(
          'ReferencedImagesNotFoundException',
          'The manifest list is referencing an image that does not exist.'
        )
    const blobs = [parsed.config, ...parsed.layers].filter((b) => b !== undefined)
    const missing = blobs.filter((b) => !this.blobs.has(b.digest)).map((b) => b.digest)
    if (missing.length > 0)
      throw new AwsError(
        'LayersNotFoundException',
        `Layers with digests '${missing.join(', ')}' required for pushing image into repository with name '${this.name}' in the registry with id '${this.ecr.account}' do not exist`
      )
    const known = this.images.get(digest)
    if (known !== undefined && (tag === undefined || known.tags.has(tag)))
      throw new AwsError(
        'ImageAlreadyExistsException',
        tag === undefined
          ? `Image with digest '${digest}' already exists ${where}`
          : `Image with digest '${digest}' and tag '${tag}' already exists ${where}`
      )
    if (tag !== undefined && this.byTag(tag) !== undefined && this.isImmutable(tag))
      throw new AwsError(
        'ImageTagAlreadyExistsException',
        `The image tag '${tag}' already exists in the '${this.name}' repository and cannot be overwritten because the repository is immutable.`
      )
    const image = this.store(bytes, parsed.mediaType)
    if (tag !== undefined) this.tag(tag, digest)
    return image
  }

  private isImmutable(tag: string): boolean {
    const excluded = (this.options.exclusions ?? []).some((filter) => wildcard(filter).test(tag))
    switch (this.options.mutability ?? 'MUTABLE') {
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
}

function wildcard(filter: string): RegExp {
  return new RegExp(`^${filter.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`)
}

/** A manifest in the other family's media types, as ECR serves a tag to a client that asks for it. */
export function translateManifest(image: StoredImage, accepted: readonly string[]): StoredImage | undefined {
  const pairs: Record<string, string> = {
    [mediaTypes.ociManifest]: mediaTypes.dockerManifest,
    [mediaTypes.dockerManifest]: mediaTypes.ociManifest
  }
  const target = pairs[image.mediaType]
  if (target === undefined || !accepted.includes(target)) return undefined
  const toDocker = target === mediaTypes.dockerManifest
  const swaps: [string, string][] = [
    [mediaTypes.ociManifest, mediaTypes.dockerManifest],
    [mediaTypes.ociConfig, mediaTypes.dockerConfig],
    [mediaTypes.ociLayer, mediaTypes.dockerLayer]
  ]
  let bytes = image.bytes
  for (const [oci, docker] of swaps)
    bytes = toDocker ? bytes.replaceAll(oci, docker) : bytes.replaceAll(docker, oci)
  return { ...image, bytes, digest: sha256(bytes), mediaType: target }
}
