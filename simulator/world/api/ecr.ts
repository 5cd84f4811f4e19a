/** What stories and tests say to ECR, and to other registries. */
import type { Behaviours } from '../behaviour.js'

export interface RepositoryOptions {
  mutability?: 'MUTABLE' | 'IMMUTABLE' | 'MUTABLE_WITH_EXCLUSION' | 'IMMUTABLE_WITH_EXCLUSION'
  /** Wildcards of the two `_WITH_EXCLUSION` modes. */
  exclusions?: string[]
  /** In force from the beginning: an object, or the text as it is put. */
  lifecyclePolicy?: unknown
}

export interface PushOptions {
  tags?: string[]
  /** How containers of this image behave; absent: they start and answer 200 to everything. */
  behaviour?: Behaviours
  /** Programs that are not in the image: a health check command that calls one fails. */
  lacks?: string[]
  /** `index`: a multi-platform index with a child manifest per platform. */
  form?: 'single' | 'index'
  /** Default `['linux/amd64']`; for an index `['linux/amd64', 'linux/arm64']`. */
  platforms?: string[]
  media?: 'oci' | 'docker'
  /** The same content gives the same digest; by default each push is new content. */
  content?: string
}

/** Something about an image: a signature (the default), an SBOM. */
export interface ArtifactOptions {
  artifactType?: string
  content?: string
  tags?: string[]
}

export interface ScanOptions {
  /** Default `COMPLETE`; enhanced scanning ends in `ACTIVE`. */
  status?: string
  description?: string
  /** Findings by severity, e.g. `{ HIGH: 2 }`. */
  counts?: Record<string, number>
}

export interface PushedImage {
  digest: string
  manifest: string
  mediaType: string
  /** `registry/repo@sha256:…` */
  uri: string
}

export interface RepositoryHandle {
  readonly name: string
  /** `account.dkr.ecr.region.amazonaws.com/name` */
  readonly uri: string
  readonly arn: string
  /** Puts an image here as `docker push` would, whatever the mutability (the story is not bound by it). */
  push(options?: PushOptions): PushedImage
  /** Puts an artifact here whose subject is an image that is here. */
  attach(digest: string, options?: ArtifactOptions): PushedImage
  /** Points a tag at an image that is here. */
  tag(tag: string, digest: string): void
  /** Removes an image and its tags, as a lifecycle policy would. */
  expire(digest: string): void
  /** Marks an image ARCHIVED: it is described but cannot be pulled. */
  archive(digest: string): void
  /** Begins to bring an archived image back: ACTIVATING for ten minutes, then ACTIVE. */
  restore(digest: string): void
  /** Gives an image the result of a scan. */
  scan(digest: string, result?: ScanOptions): void
  /** Puts a lifecycle policy in force (an object, or its text); it runs every twelve hours from now. */
  lifecyclePolicy(policy: unknown): void
  /** Runs the policy at this moment. */
  runLifecyclePolicy(): void
  /** The digest that a tag points at. */
  digestOf(tag: string): string | undefined
}

export interface EcrBuilder {
  repository(name: string, options?: RepositoryOptions): RepositoryHandle
  /** The account setting BLOB_MOUNTING: a push may mount blobs of other repositories. Off until it is switched on. */
  mountBlobs(enabled: boolean): void
  /** An image of another registry (default for those: any reference pulls and works). */
  external(reference: string, options: { behaviour?: Behaviours; lacks?: string[]; digest?: string }): void
  /** A pull-through cache rule: repositories below the prefix (or all, with `ROOT`) are filled from that registry. */
  pullThroughCache(prefix: string, upstreamRegistryUrl: string): void
}

export interface ExternalRegistryOptions {
  /** The host that its `/v2/` lives on: `registry-1.docker.io` for `docker.io`. Default: the same. */
  apiHost?: string
  /** `bearer` (the default): 401 with the place to get a token from. `basic`, or `none`: open to all. */
  auth?: 'bearer' | 'basic' | 'none'
  /** The host of the token place, `auth.docker.io` for Docker Hub, and the service it is for. Default: the host. */
  tokenHost?: string
  service?: string
  /** Repositories that need a user. */
  private?: string[]
  /** Passwords by user. */
  users?: Record<string, string>
  /** How many manifests may be pulled before 429 TOOMANYREQUESTS (HEAD does not count). */
  pullLimit?: number
}

export interface ExternalRegistryHandle {
  readonly host: string
  /** The repository of that name (Docker Hub's own images are in `library/`); made when it is not there. */
  repository(name: string): RepositoryHandle
}

export interface RegistriesBuilder {
  /**
   * Another registry, with its own repositories: from now on an image of that host that is not in it cannot be
   * pulled, and a server serves its `/v2/` (see "Other registries" in the README).
   */
  add(host: string, options?: ExternalRegistryOptions): ExternalRegistryHandle
}
