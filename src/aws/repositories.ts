import type * as sdk from '@aws-sdk/client-ecr'
import type { EcrRepository } from '../domain/image.js'
import { readManifest } from '../domain/manifest.js'
import { isIndexType, type StoredImage } from '../domain/stored-image.js'
import type { TagSettings } from '../domain/tag-mutability.js'
import { AwsFault, NotFound, type NamedManifest, type Repositories } from '../ports.js'
import { call, type Patience } from './call.js'
import type { Clients } from './clients.js'
import { acceptedIndexes, idOf, namedManifests, placeOf, storedImage } from './repository-shapes.js'

/** Pages of up to a thousand images, and how long they may take, before the rest is left unread. */
const mostPages = 200
const pagesMs = 20_000
const mostIds = 100
/** How long an operation that was not answered is not asked again, milliseconds. */
const silentMs = 30_000
/** An index that names more is nothing that a task pulls. */
const mostNamed = 500

/** What Amazon ECR says of repositories and of the images in them, through the SDK. Reads only. */
export class EcrRepositories implements Repositories {
  /** What was not answered of a repository, and when: a detail is not worth a second wait so soon. */
  private readonly silent = new Map<string, { fault: AwsFault; at: number }>()

  constructor(
    private readonly clients: Clients,
    private readonly patience: Patience
  ) {}

  async image(repository: EcrRepository, image: { tag: string } | { digest: string }): Promise<StoredImage> {
    const said = 'tag' in image ? `tag "${image.tag}"` : image.digest
    const answer = await this.describe(repository, { imageIds: [idOf(image)] }).catch((error: unknown) => {
      if (error instanceof AwsFault && error.errorCode === 'ImageNotFoundException') return undefined
      throw error
    })
    const found = answer?.imageDetails?.[0]
    const stored = found && storedImage(found)
    if (stored) return stored
    throw new NotFound(`${said} does not exist in ${placeOf(repository)}`)
  }

  async serves(repository: EcrRepository, image: { tag: string } | { digest: string }): Promise<boolean> {
    const answer = await this.fetch(repository, [idOf(image)], undefined)
    if (answer.images?.[0]?.imageId?.imageDigest !== undefined) return true
    const code = answer.failures?.[0]?.failureCode ?? 'ImageNotFound'
    if (code === 'ImageNotFound') return false
    const reason = answer.failures?.[0]?.failureReason ?? code
    throw new AwsFault('rejected', 'ecr:BatchGetImage', code, reason)
  }

  async settings(repository: EcrRepository): Promise<TagSettings> {
    const { DescribeRepositoriesCommand } = await import('@aws-sdk/client-ecr')
    const answer = await this.ask('DescribeRepositories', repository, (ecr, names) =>
      ecr.send(
        new DescribeRepositoriesCommand({
          registryId: names.registryId,
          repositoryNames: [names.repositoryName]
        }),
        this.abort()
      )
    )
    const found = answer.repositories?.find((r) => r.repositoryName === repository.name)
    if (!found) throw new NotFound(`${placeOf(repository)} does not exist`)
    return {
      mutability: found.imageTagMutability ?? 'MUTABLE',
      exclusions: (found.imageTagMutabilityExclusionFilters ?? []).flatMap((f) => f.filter ?? [])
    }
  }

  async policy(repository: EcrRepository): Promise<string | undefined> {
    const { GetLifecyclePolicyCommand } = await import('@aws-sdk/client-ecr')
    try {
      const answer = await this.ask('GetLifecyclePolicy', repository, (ecr, names) =>
        ecr.send(new GetLifecyclePolicyCommand(names), this.abort())
      )
      return answer.lifecyclePolicyText
    } catch (error) {
      if (error instanceof AwsFault && error.errorCode === 'LifecyclePolicyNotFoundException')
        return undefined
      throw error
    }
  }

  async images(repository: EcrRepository): Promise<{ images: StoredImage[]; whole: boolean }> {
    const { clock } = this.patience
    const until = clock.now() + pagesMs
    const images: StoredImage[] = []
    let nextToken: string | undefined
    for (let page = 0; page < mostPages && clock.now() < until; page += 1) {
      const more: object = nextToken === undefined ? {} : { nextToken }
      const answer = await this.describe(repository, { maxResults: 1000, ...more })
      images.push(...(answer.imageDetails ?? []).flatMap((found) => storedImage(found) ?? []))
      nextToken = answer.nextToken
      if (nextToken === undefined || nextToken === '') return { images, whole: true }
    }
    return { images, whole: false }
  }

  async children(repository: EcrRepository, digests: string[]): Promise<Map<string, string[]>> {
    const found = new Map<string, string[]>()
    for (let i = 0; i < digests.length; i += mostIds) {
      const ids = digests.slice(i, i + mostIds).map((imageDigest) => ({ imageDigest }))
      const { images = [] } = await this.fetch(repository, ids, acceptedIndexes)
      for (const { imageId, imageManifest, imageManifestMediaType } of images) {
        const named = namedManifests(imageManifest)
        const digest = imageId?.imageDigest
        const isIndex = imageManifestMediaType === undefined || isIndexType(imageManifestMediaType)
        if (digest !== undefined && named && isIndex) found.set(digest, named)
      }
    }
    return found
  }

  async named(repository: EcrRepository, digest: string): Promise<NamedManifest[] | undefined> {
    const { images: [index] = [] } = await this.fetch(repository, [{ imageDigest: digest }], acceptedIndexes)
    const content = readManifest(index?.imageManifest ?? '')
    if (content.kind !== 'index' || content.children.length > mostNamed) return undefined
    const served = new Set<string>()
    for (let i = 0; i < content.children.length; i += mostIds) {
      const ids = content.children.slice(i, i + mostIds).map((child) => ({ imageDigest: child.digest }))
      const { images = [] } = await this.fetch(repository, ids, acceptedIndexes)
      for (const { imageId } of images) served.add(imageId?.imageDigest ?? '')
    }
    return content.children.map((child) => ({ child, served: served.has(child.digest) }))
  }

  async cachePrefixes(repository: EcrRepository): Promise<string[]> {
    const { DescribePullThroughCacheRulesCommand } = await import('@aws-sdk/client-ecr')
    const client = await this.clients.ecr(repository.region)
    const answer = await call('ecr:DescribePullThroughCacheRules', this.patience, () =>
      client.send(
        new DescribePullThroughCacheRulesCommand({ registryId: repository.account, maxResults: 1000 }),
        this.abort()
      )
    )
    return (answer.pullThroughCacheRules ?? []).flatMap((rule) => rule.ecrRepositoryPrefix ?? [])
  }

  /** Only ACTIVE images are told of unless a filter says otherwise (SDK); an ECR before the archive knows no such filter. */
  private async describe(repository: EcrRepository, what: object): Promise<sdk.DescribeImagesCommandOutput> {
    const { DescribeImagesCommand } = await import('@aws-sdk/client-ecr')
    const ask = async (filter: object) =>
      await this.ask('DescribeImages', repository, (ecr, names) =>
        ecr.send(new DescribeImagesCommand({ ...names, ...what, ...filter }), this.abort())
      )
    try {
      return await ask({ filter: { imageStatus: 'ANY' } })
    } catch (error) {
      const refused = error instanceof AwsFault && /^(Validation|InvalidParameter)/.test(error.errorCode)
      if (!refused) throw error
      return await ask({})
    }
  }

  private async fetch(
    repository: EcrRepository,
    imageIds: sdk.ImageIdentifier[],
    acceptedMediaTypes: string[] | undefined
  ): Promise<sdk.BatchGetImageCommandOutput> {
    const { BatchGetImageCommand } = await import('@aws-sdk/client-ecr')
    return await this.ask('BatchGetImage', repository, (ecr, names) =>
      ecr.send(
        new BatchGetImageCommand({
          ...names,
          imageIds,
          ...(acceptedMediaTypes ? { acceptedMediaTypes } : {})
        }),
        this.abort()
      )
    )
  }

  /** One call about a repository; one that does not exist is NotFound. */
  private async ask<T>(
    operation: string,
    repository: EcrRepository,
    use: (ecr: sdk.ECRClient, names: { registryId: string; repositoryName: string }) => Promise<T>
  ): Promise<T> {
    const key = `${repository.region} ${repository.name} ${operation}`
    const { clock } = this.patience
    const before = this.silent.get(key)
    if (before && clock.now() - before.at < silentMs) throw before.fault
    const client = await this.clients.ecr(repository.region)
    const names = { registryId: repository.account, repositoryName: repository.name }
    try {
      return await call(`ecr:${operation}`, this.patience, () => use(client, names))
    } catch (error) {
      if (error instanceof AwsFault && error.kind === 'unreachable')
        this.silent.set(key, { fault: error, at: clock.now() })
      if (error instanceof AwsFault && error.errorCode === 'RepositoryNotFoundException')
        throw new NotFound(`${placeOf(repository)} does not exist`)
      throw error
    }
  }

  private abort(): { abortSignal?: AbortSignal } {
    return this.patience.signal ? { abortSignal: this.patience.signal } : {}
  }
}
