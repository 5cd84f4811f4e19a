/** What stories and tests say to ECR. */
import type { Behaviours } from '../behaviour.js'

export interface RepositoryOptions {
  mutability?: 'MUTABLE' | 'IMMUTABLE' | 'MUTABLE_WITH_EXCLUSION' | 'IMMUTABLE_WITH_EXCLUSION'
  /** Wildcards of the two `_WITH_EXCLUSION` modes. */
  exclusions?: string[]
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
  /** Points a tag at an image that is here. */
  tag(tag: string, digest: string): void
  /** Removes an image and its tags, as a lifecycle policy would. */
  expire(digest: string): void
  /** Marks an image ARCHIVED: it is described but cannot be pulled. */
  archive(digest: string): void
  /** The digest that a tag points at. */
  digestOf(tag: string): string | undefined
}

export interface EcrBuilder {
  repository(name: string, options?: RepositoryOptions): RepositoryHandle
  /** An image of another registry (default for those: any reference pulls and works). */
  external(reference: string, options: { behaviour?: Behaviours; lacks?: string[]; digest?: string }): void
}
