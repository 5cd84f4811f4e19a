/** The account's ECR, and what a container runtime finds when it pulls. */
import type { Clock } from '../../clock.js'
import type { EcrBuilder, RepositoryOptions } from '../api.js'
import type { Behaviours } from '../behaviour.js'
import { ecrTexts } from './ecr-texts.js'
import { AwsError } from '../errors.js'
import { hostOf, Registries } from './external-registry.js'
import type { Happen } from '../happenings.js'
import { sha256, type Ids } from '../ids.js'
import { Repository, type Home, type ImageNature } from './repository.js'
import type { StoredImage } from './stored-image.js'
import { Uploads } from './uploads.js'

/** What a pull found. */
export type Pull =
  { kind: 'image'; digest: string; nature: ImageNature } | { kind: 'missing' } | { kind: 'wrong-platform' }

/** Tokens live twelve hours (facts F4). */
export const tokenLife = 12 * 3_600_000

const plain: ImageNature = { behaviour: undefined, lacks: [] }

/** The account's registry. */
export class Registry implements EcrBuilder, Home {
  readonly repositories = new Map<string, Repository>()
  readonly natures = new Map<string, ImageNature>()
  readonly uploads = new Uploads()
  readonly others: Registries
  readonly host: string
  /** The bucket of the layers, and where a server serves it. */
  readonly layerHost: string
  layerBase: string
  readonly cacheRules: { prefix: string; upstreamRegistryUrl: string; createdAt: number }[] = []
  blobMounting = false
  private readonly externals = new Map<string, ImageNature & { digest: string }>()
  private readonly passwords = new Map<string, number>()
  private contents = 0

  constructor(
    readonly clock: Clock,
    readonly ids: Ids,
    readonly region: string,
    readonly account: string,
    readonly happen: Happen
  ) {
    this.host = `${account}.dkr.ecr.${region}.amazonaws.com`
    this.layerHost = `prod-${region}-starport-layer-bucket.s3.${region}.amazonaws.com`
    this.layerBase = `https://${this.layerHost}`
    this.others = new Registries(clock, this.natures, happen)
  }

  freshContent(): string {
    this.contents++
    return `content ${this.contents}`
  }

  repository(name: string, options: RepositoryOptions = {}): Repository {
    const known = this.repositories.get(name)
    if (known !== undefined) return known
    const made = new Repository(this, name, options)
    this.repositories.set(name, made)
    return made
  }

  mountBlobs(enabled: boolean): void {
    this.blobMounting = enabled
  }

  external(reference: string, options: { behaviour?: Behaviours; lacks?: string[]; digest?: string }): void {
    const digest = options.digest ?? sha256(reference)
    this.externals.set(reference, { behaviour: options.behaviour, lacks: options.lacks ?? [], digest })
  }

  pullThroughCache(prefix: string, upstreamRegistryUrl: string): void {
    this.cacheRules.push({ prefix, upstreamRegistryUrl, createdAt: this.clock.now() })
  }

  /** The repository, or AWS's refusal. */
  require(name: string, account = this.account): Repository {
    const found = account === this.account ? this.repositories.get(name) : undefined
    if (found === undefined)
      throw new AwsError('RepositoryNotFoundException', ecrTexts.noRepository.say({ name, account }))
    return found
  }

  /** Where a layer can be fetched. */
  layerUrl(repository: string, digest: string): string {
    return `${this.layerBase}/${this.account}/${repository}/${digest}`
  }

  /** A password for user `AWS`, and until when it is good. */
  issuePassword(): { password: string; until: number } {
    const password = this.ids.hex(32)
    const until = this.clock.now() + tokenLife
    this.passwords.set(password, until)
    return { password, until }
  }

  /** Whether a password was issued by this registry, and is still good. */
  passwordState(password: string): 'good' | 'expired' | 'unknown' {
    const until = this.passwords.get(password)
    if (until === undefined) return 'unknown'
    return until > this.clock.now() ? 'good' : 'expired'
  }

  /** What a container runtime gets for a reference; `established` is the digest the deployment already fixed. */
  pull(reference: string, platform: string, established?: string): Pull {
    const { name, tag, digest } = splitReference(reference)
    const told = this.externals.get(reference)
    if (told !== undefined) return { kind: 'image', digest: told.digest, nature: told }
    const { host, path } = hostOf(name)
    const other = this.others.of(host)
    if (host !== this.host && other === undefined)
      return { kind: 'image', digest: digest ?? sha256(reference), nature: plain }
    const repository = (other ?? this).repositories.get(path)
    const wanted = established ?? digest
    const image = wanted !== undefined ? repository?.images.get(wanted) : repository?.byTag(tag ?? 'latest')
    if (repository === undefined || image?.status !== 'ACTIVE') return { kind: 'missing' }
    return this.taken(repository, image, platform)
  }

  private taken(repository: Repository, image: StoredImage, platform: string): Pull {
    const { isIndex, children } = image.parsed
    const fits = children.some(
      (c) => `${c.platform?.os ?? ''}/${c.platform?.architecture ?? ''}` === platform
    )
    if (isIndex && !fits) return { kind: 'wrong-platform' }
    repository.recordPull(image)
    return { kind: 'image', digest: image.digest, nature: this.natures.get(image.digest) ?? plain }
  }
}

/** `registry/repo[:tag][@digest]` in its parts. */
export function splitReference(reference: string): {
  name: string
  tag: string | undefined
  digest: string | undefined
} {
  const [rest = '', digest] = reference.split('@')
  const colon = rest.lastIndexOf(':')
  const hasTag = colon > rest.lastIndexOf('/')
  return {
    name: hasTag ? rest.slice(0, colon) : rest,
    tag: hasTag ? rest.slice(colon + 1) : undefined,
    digest
  }
}
