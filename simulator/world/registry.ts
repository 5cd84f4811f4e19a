/** The account's ECR, and whatever other registries a story tells of. */
import type { Clock } from '../clock.js'
import type { EcrBuilder, RepositoryOptions } from './api.js'
import type { Behaviours } from './behaviour.js'
import { AwsError } from './errors.js'
import type { Happen } from './happenings.js'
import { sha256, type Ids } from './ids.js'
import { parseManifest } from './manifests.js'
import { Repository, type ImageNature } from './repository.js'

/** What a pull found. */
export type Pull =
  { kind: 'image'; digest: string; nature: ImageNature } | { kind: 'missing' } | { kind: 'wrong-platform' }

/** The account's registry, and whatever other registries the story tells of. */
export class Registry implements EcrBuilder {
  readonly repositories = new Map<string, Repository>()
  readonly natures = new Map<string, ImageNature>()
  readonly host: string
  private readonly externals = new Map<string, ImageNature & { digest: string }>()
  private contents = 0

  constructor(
    readonly clock: Clock,
    readonly ids: Ids,
    readonly region: string,
    readonly account: string,
    readonly happen: Happen
  ) {
    this.host = `${account}.dkr.ecr.${region}.amazonaws.com`
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

  external(reference: string, options: { behaviour?: Behaviours; lacks?: string[]; digest?: string }): void {
    const digest = options.digest ?? sha256(reference)
    this.externals.set(reference, { behaviour: options.behaviour, lacks: options.lacks ?? [], digest })
  }

  /** The repository, or AWS's refusal. */
  require(name: string): Repository {
    const found = this.repositories.get(name)
    if (found === undefined)
      throw new AwsError(
        'RepositoryNotFoundException',
        `The repository with name '${name}' does not exist in the registry with id '${this.account}'`
      )
    return found
  }

  /** What a container runtime gets for a reference; `established` is the digest the deployment already fixed. */
  pull(reference: string, platform: string, established?: string): Pull {
    const { name, tag, digest } = splitReference(reference)
    if (!name.startsWith(`${this.host}/`)) {
      const known = this.externals.get(reference)
      if (known !== undefined) return { kind: 'image', digest: known.digest, nature: known }
      return {
        kind: 'image',
        digest: digest ?? sha256(reference),
        nature: { behaviour: undefined, lacks: [] }
      }
    }
    const repository = this.repositories.get(name.slice(this.host.length + 1))
    const wanted = established ?? digest
    const image = wanted !== undefined ? repository?.images.get(wanted) : repository?.byTag(tag ?? 'latest')
    if (image?.status !== 'ACTIVE') return { kind: 'missing' }
    const parsed = parseManifest(image.bytes, image.mediaType)
    if (parsed?.isIndex === true) {
      const matches = parsed.children.some(
        (c) => `${c.platform?.os ?? ''}/${c.platform?.architecture ?? ''}` === platform
      )
      if (!matches) return { kind: 'wrong-platform' }
    }
    image.pulledAt = this.clock.now()
    return {
      kind: 'image',
      digest: image.digest,
      nature: this.natures.get(image.digest) ?? { behaviour: undefined, lacks: [] }
    }
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
