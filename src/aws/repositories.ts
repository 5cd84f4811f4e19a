import type * as sdk from '@aws-sdk/client-ecr'
import type { EcrRepository } from '../domain/image.js'
import type { StoredImage } from '../domain/stored-image.js'
import { AwsFault, NotFound, type Repositories } from '../ports.js'
import { call, type Patience } from './call.js'
import type { Clients } from './clients.js'

/** What Amazon ECR says of repositories and of the images in them, through the SDK. */
export class EcrRepositories implements Repositories {
  constructor(
    private readonly clients: Clients,
    private readonly patience: Patience
  ) {}

  async image(repository: EcrRepository, image: { tag: string } | { digest: string }): Promise<StoredImage> {
    const said = 'tag' in image ? `tag "${image.tag}"` : image.digest
    const ask = async (filter: object) => await this.describe(repository, idOf(image), filter)
    try {
      // Only ACTIVE images are told of unless the filter says otherwise (SDK); an ECR before the archive knows no filter.
      const answer = await ask({ filter: { imageStatus: 'ANY' } }).catch(async (error: unknown) => {
        if (error instanceof AwsFault && error.kind === 'rejected') return await ask({})
        throw error
      })
      const found = answer.imageDetails?.[0]
      const stored = found && storedImage(found)
      if (stored) return stored
    } catch (error) {
      if (!(error instanceof AwsFault) || error.kind !== 'missing') throw error
      if (error.errorCode === 'RepositoryNotFoundException')
        throw new NotFound(`${placeOf(repository)} does not exist`)
    }
    throw new NotFound(`${said} does not exist in ${placeOf(repository)}`)
  }

  async serves(repository: EcrRepository, image: { tag: string } | { digest: string }): Promise<boolean> {
    const client = await this.clients.ecr(repository.region)
    const { BatchGetImageCommand } = await import('@aws-sdk/client-ecr')
    const answer = await call('ecr:BatchGetImage', this.patience, () =>
      client.send(
        new BatchGetImageCommand({
          registryId: repository.account,
          repositoryName: repository.name,
          imageIds: [idOf(image)]
        }),
        this.abort()
      )
    ).catch((error: unknown) => {
      if (error instanceof AwsFault && error.kind === 'missing')
        throw new NotFound(`${placeOf(repository)} does not exist`)
      throw error
    })
    if (answer.images?.[0]?.imageId?.imageDigest !== undefined) return true
    const code = answer.failures?.[0]?.failureCode ?? 'ImageNotFound'
    if (code === 'ImageNotFound') return false
    const reason = answer.failures?.[0]?.failureReason ?? code
    throw new AwsFault('rejected', 'ecr:BatchGetImage', code, reason)
  }

  private async describe(
    repository: EcrRepository,
    id: sdk.ImageIdentifier,
    filter: object
  ): Promise<sdk.DescribeImagesCommandOutput> {
    const client = await this.clients.ecr(repository.region)
    const { DescribeImagesCommand } = await import('@aws-sdk/client-ecr')
    return await call('ecr:DescribeImages', this.patience, () =>
      client.send(
        new DescribeImagesCommand({
          registryId: repository.account,
          repositoryName: repository.name,
          imageIds: [id],
          ...filter
        }),
        this.abort()
      )
    )
  }

  private abort(): { abortSignal?: AbortSignal } {
    return this.patience.signal ? { abortSignal: this.patience.signal } : {}
  }
}

function placeOf(repository: EcrRepository): string {
  return `ECR repository "${repository.name}" of account ${repository.account} in ${repository.region}`
}

function idOf(image: { tag: string } | { digest: string }): sdk.ImageIdentifier {
  return 'tag' in image ? { imageTag: image.tag } : { imageDigest: image.digest }
}

/** Undefined for what has no digest: nothing can be said of it. */
function storedImage(found: sdk.ImageDetail): StoredImage | undefined {
  if (found.imageDigest === undefined) return undefined
  const optional = {
    pushedAt: found.imagePushedAt?.getTime(),
    status: found.imageStatus,
    pulledAt: found.lastRecordedPullTime?.getTime(),
    archivedAt: found.lastArchivedAt?.getTime(),
    activatedAt: found.lastActivatedAt?.getTime(),
    mediaType: found.imageManifestMediaType,
    subject: found.subjectManifestDigest
  }
  const known = Object.entries(optional).filter(([, value]) => value !== undefined)
  return { digest: found.imageDigest, tags: found.imageTags ?? [], ...Object.fromEntries(known) }
}
