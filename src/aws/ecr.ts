import { createHash } from 'node:crypto'
import type * as sdk from '@aws-sdk/client-ecr'
import type { EcrRepository } from '../domain/image.js'
import { manifestTypes } from '../domain/manifest.js'
import { AwsFault, NotFound, type Images, type Manifest } from '../ports.js'
import { call, type Patience } from './call.js'
import type { Clients } from './clients.js'

/** All the forms of a manifest, so that ECR hands out the stored bytes and never a translation (ECR user guide). */
const acceptedMediaTypes = [...manifestTypes]

/** Amazon ECR through the SDK. */
export class Ecr implements Images {
  constructor(
    private readonly clients: Clients,
    private readonly patience: Patience
  ) {}

  async manifest(repository: EcrRepository, image: { tag: string } | { digest: string }): Promise<Manifest> {
    const found = await this.get(repository, image)
    if (digestOf(found.bytes) === found.digest) return found
    // By tag ECR may translate; by digest it never does.
    const exact = await this.get(repository, { digest: found.digest })
    if (digestOf(exact.bytes) === exact.digest) return exact
    throw new AwsFault(
      'unreachable',
      'ecr:BatchGetImage',
      'DigestMismatch',
      `the manifest that ECR gave for ${repository.name}@${found.digest} does not have that digest`
    )
  }

  async tag(repository: EcrRepository, manifest: Manifest, tag: string): Promise<'tagged' | 'was-there'> {
    try {
      await this.send(
        repository,
        'PutImage',
        async (ecr, { PutImageCommand }) =>
          await ecr.send(
            new PutImageCommand({
              registryId: repository.account,
              repositoryName: repository.name,
              imageManifest: manifest.bytes,
              ...(manifest.mediaType === undefined ? {} : { imageManifestMediaType: manifest.mediaType }),
              imageTag: tag,
              imageDigest: manifest.digest
            }),
            this.abort()
          )
      )
      return 'tagged'
    } catch (error) {
      if (error instanceof AwsFault && error.errorCode === 'ImageAlreadyExistsException') return 'was-there'
      throw error
    }
  }

  private async get(
    repository: EcrRepository,
    image: { tag: string } | { digest: string }
  ): Promise<Manifest> {
    const imageId = 'tag' in image ? { imageTag: image.tag } : { imageDigest: image.digest }
    const said = 'tag' in image ? `tag "${image.tag}"` : image.digest
    const place = placeOf(repository)
    const answer = await this.send(
      repository,
      'BatchGetImage',
      async (ecr, { BatchGetImageCommand }) =>
        await ecr.send(
          new BatchGetImageCommand({
            registryId: repository.account,
            repositoryName: repository.name,
            imageIds: [imageId],
            acceptedMediaTypes
          }),
          this.abort()
        )
    ).catch((error: unknown) => {
      if (error instanceof AwsFault && error.kind === 'missing') throw new NotFound(`${place} does not exist`)
      throw error
    })
    const found = answer.images?.[0]
    const digest = found?.imageId?.imageDigest
    if (found?.imageManifest !== undefined && digest !== undefined)
      return {
        digest,
        bytes: found.imageManifest,
        ...(found.imageManifestMediaType === undefined ? {} : { mediaType: found.imageManifestMediaType })
      }
    const failure = answer.failures?.[0]
    const code = failure?.failureCode ?? 'ImageNotFound'
    if (code === 'ImageNotFound') throw new NotFound(`${said} does not exist in ${place}`)
    throw new AwsFault(
      'rejected',
      'ecr:BatchGetImage',
      code,
      `${said} in ${place}: ${sayFailure(code, failure?.failureReason)}`
    )
  }

  private async send<T>(
    repository: EcrRepository,
    operation: string,
    use: (ecr: sdk.ECRClient, commands: typeof sdk) => Promise<T>
  ): Promise<T> {
    const client = await this.clients.ecr(repository.region)
    const commands = await import('@aws-sdk/client-ecr')
    return await call(`ecr:${operation}`, this.patience, () => use(client, commands))
  }

  private abort(): { abortSignal?: AbortSignal } {
    return this.patience.signal ? { abortSignal: this.patience.signal } : {}
  }
}

/** An ECR repository as messages name it. */
export function placeOf({ name, account, region }: EcrRepository): string {
  return `ECR repository "${name}" of account ${account} in ${region}`
}

/** Why ECR gives no image, by its failure code (SDK: ImageFailureCode); a code that is not known speaks for itself. */
function sayFailure(code: string, reason: string | undefined): string {
  const words: Record<string, string> = {
    ImageInaccessible: 'its image cannot be read now; push it again if that stays so',
    ImageReferencedByManifestList: 'an index names it',
    ImageTagDoesNotMatchDigest: 'the tag is not on that digest',
    InvalidImageDigest: 'that is no digest',
    InvalidImageTag: 'ECR takes no such tag',
    KmsError: 'ECR may not use the KMS key of the repository',
    MissingDigestAndTag: 'neither a tag nor a digest was asked for',
    UpstreamAccessDenied: 'the registry behind the pull-through cache denies access',
    UpstreamTooManyRequests:
      'the registry behind the pull-through cache says that too many requests were made',
    UpstreamUnavailable: 'the registry behind the pull-through cache does not answer'
  }
  const known = Object.hasOwn(words, code) ? `${words[code] ?? ''} (${code})` : code
  return reason === undefined ? known : `${known}: ${reason}`
}

function digestOf(bytes: string): string {
  return `sha256:${createHash('sha256').update(bytes, 'utf8').digest('hex')}`
}
