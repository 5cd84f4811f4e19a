/** One repository: images with real manifests, their blobs, and what happens to them. */
import type {
  ArtifactOptions,
  PushedImage,
  PushOptions,
  RepositoryHandle,
  RepositoryOptions,
  ScanOptions
} from '../api.js'
import type { Behaviours } from '../behaviour.js'
import type { Clock } from '../../clock.js'
import { AwsError } from '../errors.js'
import { ecrTexts, type Place } from './ecr-texts.js'
import type { Happen } from '../happenings.js'
import { sha256 } from '../ids.js'
import { LifecycleRuns } from './lifecycle/runs.js'
import { makeIndex, makeManifest, makeReferrer, readManifest, type MadeManifest } from './manifests.js'
import { resolve, type Failure, type ImageId, type StoredImage } from './stored-image.js'

/** What an image is to the one who runs it. */
export interface ImageNature {
  behaviour: Behaviours | undefined
  lacks: readonly string[]
}

/** The registry that a repository is of. */
export interface Home {
  readonly clock: Clock
  readonly host: string
  readonly region: string
  readonly account: string
  readonly natures: Map<string, ImageNature>
  readonly happen: Happen
  freshContent(): string
}

/** Recorded pulls are this far apart (facts F2: refreshed at least once every 24 hours). */
const pullRecord = 24 * 3_600_000
/** How long an archived image takes to come back (facts F2: up to 20 minutes). */
export const restoreTime = 10 * 60_000
/** How long artifacts outlive the image that they are about (facts F3: within 24 hours). */
const referrersLinger = 12 * 3_600_000

/** One repository. */
export class Repository implements RepositoryHandle {
  readonly images = new Map<string, StoredImage>()
  /** Layers and configs by digest. */
  readonly blobs = new Map<string, Uint8Array | string>()
  readonly createdAt: number
  readonly uri: string
  readonly arn: string
  readonly lifecycle: LifecycleRuns
  policyText: string | undefined
  private readonly tags = new Map<string, StoredImage>()

  constructor(
    readonly home: Home,
    readonly name: string,
    public options: RepositoryOptions
  ) {
    this.createdAt = home.clock.now()
    this.uri = `${home.host}/${name}`
    this.arn = `arn:aws:ecr:${home.region}:${home.account}:repository/${name}`
    this.lifecycle = new LifecycleRuns(this)
    if (options.lifecyclePolicy !== undefined) this.lifecyclePolicy(options.lifecyclePolicy)
  }

  /** As texts name it. */
  get place(): Place {
    return { name: this.name, account: this.home.account }
  }

  push(options: PushOptions = {}): PushedImage {
    const content = options.content ?? this.home.freshContent()
    const media = options.media ?? 'oci'
    const nature: ImageNature = { behaviour: options.behaviour, lacks: options.lacks ?? [] }
    const index = options.form === 'index'
    const platforms = options.platforms ?? (index ? ['linux/amd64', 'linux/arm64'] : ['linux/amd64'])
    const children = platforms.map((platform) => ({ made: makeManifest(content, platform, media), platform }))
    for (const { made } of children) this.keep(made, nature)
    const made = index ? makeIndex(children, media) : children[0]!.made
    this.keep(made, nature)
    return this.pushed(made, options.tags ?? [])
  }

  attach(digest: string, options: ArtifactOptions = {}): PushedImage {
    const subject = this.images.get(digest)
    if (subject === undefined) throw new Error(`${this.name} has no image ${digest}`)
    const { mediaType, bytes } = subject
    const type = options.artifactType ?? 'application/vnd.dev.cosign.artifact.sig.v1+json'
    const content = options.content ?? this.home.freshContent()
    const made = makeReferrer({ mediaType, digest, size: Buffer.byteLength(bytes) }, type, content)
    this.keep(made, undefined)
    return this.pushed(made, options.tags ?? [])
  }

  private pushed(made: MadeManifest, tags: readonly string[]): PushedImage {
    for (const tag of tags) this.tag(tag, made.digest)
    const uri = `${this.uri}@${made.digest}`
    this.home.happen('image-pushed', `pushed ${uri} ${tags.join(' ')}`.trim(), {
      repository: this.name,
      digest: made.digest
    })
    return { digest: made.digest, manifest: made.bytes, mediaType: made.mediaType, uri }
  }

  private keep(made: MadeManifest, nature: ImageNature | undefined): void {
    for (const [digest, blob] of made.blobs) this.blobs.set(digest, blob)
    if (nature !== undefined) this.home.natures.set(made.digest, nature)
    this.store(made.bytes, made.mediaType)
  }

  /** Keeps a manifest; the image that is here already stays as it is. Throws when the bytes are not a manifest. */
  store(bytes: string, declaredType: string | undefined): StoredImage {
    const digest = sha256(bytes)
    const known = this.images.get(digest)
    if (known !== undefined) return known
    const parsed = readManifest(bytes, declaredType)
    if (typeof parsed === 'string') throw new Error(`${this.name}: ${parsed}`)
    const size = parsed.isIndex
      ? Math.max(0, ...parsed.children.map((c) => this.images.get(c.digest)?.size ?? 0))
      : parsed.layers.reduce((sum, layer) => sum + layer.size, parsed.config?.size ?? 0)
    const image: StoredImage = {
      digest,
      bytes,
      parsed,
      mediaType: parsed.mediaType,
      pushedAt: this.home.clock.now(),
      pulledAt: undefined,
      status: 'ACTIVE',
      archivedAt: undefined,
      activatedAt: undefined,
      size,
      tags: new Set(),
      scan: undefined
    }
    this.images.set(digest, image)
    return image
  }

  tag(tag: string, digest: string): void {
    const image = this.images.get(digest)
    if (image === undefined) throw new Error(`${this.name} has no image ${digest}`)
    this.untag(tag)
    image.tags.add(tag)
    this.tags.set(tag, image)
  }

  /** Takes a tag away; the image stays. */
  untag(tag: string): void {
    this.tags.get(tag)?.tags.delete(tag)
    this.tags.delete(tag)
  }

  expire(digest: string): void {
    const image = this.images.get(digest)
    if (image === undefined) return
    for (const tag of [...image.tags]) this.untag(tag)
    this.images.delete(digest)
    if (this.referrersOf(digest).length === 0) return
    this.home.clock.after(referrersLinger, () => {
      if (!this.images.has(digest)) for (const r of this.referrersOf(digest)) this.expire(r.digest)
    })
  }

  archive(digest: string): void {
    const image = this.images.get(digest)
    if (image?.status !== 'ACTIVE') return
    image.status = 'ARCHIVED'
    image.archivedAt = this.home.clock.now()
  }

  restore(digest: string): void {
    const image = this.images.get(digest)
    if (image?.status !== 'ARCHIVED') return
    image.status = 'ACTIVATING'
    this.home.clock.after(restoreTime, () => {
      if (image.status !== 'ACTIVATING') return
      image.status = 'ACTIVE'
      image.activatedAt = this.home.clock.now()
    })
  }

  scan(digest: string, { status, description, counts }: ScanOptions = {}): void {
    const image = this.images.get(digest)
    if (image === undefined) throw new Error(`${this.name} has no image ${digest}`)
    image.scan = {
      status: status ?? 'COMPLETE',
      completedAt: this.home.clock.now(),
      ...(description === undefined ? {} : { description }),
      ...(counts === undefined ? {} : { counts: { ...counts } })
    }
  }

  lifecyclePolicy(policy: unknown): void {
    this.lifecycle.put(typeof policy === 'string' ? policy : JSON.stringify(policy))
  }

  runLifecyclePolicy(): void {
    this.lifecycle.run()
  }

  digestOf(tag: string): string | undefined {
    return this.byTag(tag)?.digest
  }

  byTag(tag: string): StoredImage | undefined {
    return this.tags.get(tag)
  }

  /** The image of an id, or why there is none, as the batch operations say it. */
  find(id: ImageId): StoredImage | Failure {
    return resolve(id, this.images, (tag) => this.byTag(tag))
  }

  /** The image of an id, or ImageNotFoundException. */
  require(id: ImageId): StoredImage {
    const found = this.find(id)
    if ('digest' in found) return found
    throw new AwsError('ImageNotFoundException', ecrTexts.noImage.say(id, this.place))
  }

  /** The lists that name an image as a child. */
  referencedBy(digest: string): string[] {
    return [...this.images.values()]
      .filter((i) => i.parsed.children.some((c) => c.digest === digest))
      .map((i) => i.digest)
  }

  /** The artifacts about an image. */
  referrersOf(digest: string): StoredImage[] {
    return [...this.images.values()].filter((i) => i.parsed.subject === digest)
  }

  /** Somebody pulled it: noted, unless the last note is younger than a day. */
  recordPull(image: StoredImage): void {
    const now = this.home.clock.now()
    if (image.pulledAt === undefined || now - image.pulledAt >= pullRecord) image.pulledAt = now
  }
}
