import type * as sdk from '@aws-sdk/client-ecr'
import type { EcrRepository, Repository } from '../domain/image.js'
import { AwsFault, NotFound, RegistryFault, type Blob, type Effort, type Manifest } from '../ports.js'
import { UploadLost, type RegistryClient, type Upload } from '../registry/client.js'
import type { Credentials } from '../registry/docker-config.js'
import type { Web } from '../registry/web.js'
import { call, type Patience } from './call.js'
import type { Clients } from './clients.js'
import { Ecr, placeOf } from './ecr.js'

/** The clients of calls that may take this long, and the patience with them. */
export interface Reach {
  clients: Clients
  patience: Patience
}

/** The least that a part may have, but for the last one, and how many there may be (ECR service quotas). */
const leastPart = 5 * 1024 * 1024
const mostParts = 4200
/** How many layers BatchCheckLayerAvailability takes at once. */
const checkedAtOnce = 100

/** Amazon ECR as a place to copy images from and to, by its own API: no login, and in any account and region. */
export class EcrLayers implements RegistryClient {
  constructor(
    private readonly reach: Record<Effort, Reach>,
    private readonly web: Web
  ) {}

  within(signal: AbortSignal): EcrLayers {
    const until = ({ clients, patience }: Reach): Reach => {
      const both = patience.signal ? AbortSignal.any([patience.signal, signal]) : signal
      return { clients, patience: { ...patience, signal: both } }
    }
    return new EcrLayers({ needed: until(this.reach.needed), detail: until(this.reach.detail) }, this.web)
  }

  async manifest(
    repository: Repository,
    image: { tag: string } | { digest: string },
    effort: Effort
  ): Promise<Manifest> {
    const { clients, patience } = this.reach[effort]
    return await new Ecr(clients, patience).manifest(inEcr(repository), image)
  }

  async digestOf(repository: Repository, tag: string, effort: Effort): Promise<string | undefined> {
    try {
      return (await this.manifest(repository, { tag }, effort)).digest
    } catch (error) {
      if (error instanceof NotFound) return undefined
      throw error
    }
  }

  async *read(
    repository: Repository,
    digest: string,
    from: number,
    effort: Effort
  ): AsyncGenerator<Uint8Array> {
    const ecr = inEcr(repository)
    const { downloadUrl = '' } = await this.send(
      ecr,
      'GetDownloadUrlForLayer',
      effort,
      async (client, { GetDownloadUrlForLayerCommand }, options) =>
        await client.send(new GetDownloadUrlForLayerCommand({ ...names(ecr), layerDigest: digest }), options)
    )
    if (!URL.canParse(downloadUrl))
      throw new RegistryFault('rejected', repository.host, `ECR gives no URL of ${digest}`)
    const { signal } = this.reach[effort].patience
    const limits = { silenceMs: effort === 'needed' ? 15_000 : 3000, ...(signal ? { signal } : {}) }
    const headers: Record<string, string> = from === 0 ? {} : { range: `bytes=${from}-` }
    const answer = await this.web.send(
      repository.host,
      { method: 'GET', url: new URL(downloadUrl), headers },
      limits
    )
    const rest = answer.status === 206 && from > 0
    if (!rest && answer.status !== 200) {
      answer.drop()
      const words = `the store of ECR's layers answers with HTTP status ${answer.status} for ${digest}`
      throw new RegistryFault(answer.status >= 500 ? 'unreachable' : 'rejected', repository.host, words)
    }
    let skip = rest ? 0 : from
    for await (const chunk of answer.body) {
      if (skip < chunk.length) yield chunk.subarray(skip)
      skip = Math.max(0, skip - chunk.length)
    }
  }

  async missing(repository: Repository, blobs: Blob[]): Promise<Blob[]> {
    const ecr = inEcr(repository)
    const there = new Set<string>()
    for (let at = 0; at < blobs.length; at += checkedAtOnce) {
      const layerDigests = blobs.slice(at, at + checkedAtOnce).map((b) => b.digest)
      const { layers = [] }: { layers?: sdk.Layer[] | undefined } = await this.send(
        ecr,
        'BatchCheckLayerAvailability',
        'needed',
        async (client, { BatchCheckLayerAvailabilityCommand }, options) =>
          await client.send(new BatchCheckLayerAvailabilityCommand({ ...names(ecr), layerDigests }), options)
      ).catch((error: unknown) => {
        // Who cannot be asked what is there is sent all of it.
        if (error instanceof AwsFault && /^(Unknown|InvalidAction|NotImplemented)/.test(error.errorCode))
          return {}
        throw error
      })
      for (const { layerDigest, layerAvailability } of layers)
        if (layerDigest !== undefined && layerAvailability === 'AVAILABLE') there.add(layerDigest)
    }
    return blobs.filter((b) => !there.has(b.digest))
  }

  async begin(repository: Repository, blob: Blob): Promise<Upload> {
    const ecr = inEcr(repository)
    const { uploadId = '', partSize = leastPart } = await this.send(
      ecr,
      'InitiateLayerUpload',
      'needed',
      async (client, { InitiateLayerUploadCommand }, options) =>
        await client.send(new InitiateLayerUploadCommand(names(ecr)), options)
    )
    // The smallest parts keep memory small; a layer of many gigabytes needs bigger ones.
    const partBytes = blob.size > leastPart * mostParts ? Math.max(partSize, leastPart) : leastPart
    return {
      partBytes,
      send: async (offset, bytes, last) => {
        const received = bytes.length === 0 ? offset : await this.part(ecr, uploadId, offset, bytes)
        if (last && received === offset + bytes.length) await this.complete(repository, uploadId, blob)
        return received
      }
    }
  }

  async put(repository: Repository, { bytes, mediaType, digest }: Manifest, tag?: string): Promise<void> {
    const ecr = inEcr(repository)
    try {
      await this.send(
        ecr,
        'PutImage',
        'needed',
        async (client, { PutImageCommand }, options) =>
          await client.send(
            new PutImageCommand({
              ...names(ecr),
              imageManifest: bytes,
              imageDigest: digest,
              ...(mediaType === undefined ? {} : { imageManifestMediaType: mediaType }),
              ...(tag === undefined ? {} : { imageTag: tag })
            }),
            options
          )
      )
    } catch (error) {
      if (error instanceof AwsFault && error.errorCode === 'ImageAlreadyExistsException') return
      throw error
    }
  }

  /** User and password for the registry's `/v2/`, which alone can mount; undefined when the role may not have them. */
  async login({ ecr }: Repository): Promise<Credentials | undefined> {
    if (!ecr) return undefined
    try {
      const { authorizationData } = await this.send(
        ecr,
        'GetAuthorizationToken',
        'detail',
        async (client, { GetAuthorizationTokenCommand }, options) =>
          await client.send(new GetAuthorizationTokenCommand({}), options)
      )
      const plain = Buffer.from(authorizationData?.[0]?.authorizationToken ?? '', 'base64').toString('utf8')
      const colon = plain.indexOf(':')
      return colon < 1 ? undefined : { username: plain.slice(0, colon), password: plain.slice(colon + 1) }
    } catch (error) {
      if (error instanceof AwsFault) return undefined
      throw error
    }
  }

  /** Sends a part. After a lost answer ECR says how far it has come, which is as good as the answer. */
  private async part(
    ecr: EcrRepository,
    uploadId: string,
    offset: number,
    bytes: Uint8Array
  ): Promise<number> {
    const { lastByteReceived = offset + bytes.length - 1 } = await this.send(
      ecr,
      'UploadLayerPart',
      'needed',
      async (client, { UploadLayerPartCommand }, options) =>
        await client
          .send(
            new UploadLayerPartCommand({
              ...names(ecr),
              uploadId,
              partFirstByte: offset,
              partLastByte: offset + bytes.length - 1,
              layerPartBlob: bytes
            }),
            options
          )
          .catch((error: unknown) => {
            const { name, lastValidByteReceived } = error as Partial<sdk.InvalidLayerPartException>
            if (name !== 'InvalidLayerPartException') throw error
            return { lastByteReceived: lastValidByteReceived ?? -1 }
          })
    ).catch(lost)
    return lastByteReceived + 1
  }

  private async complete(repository: Repository, uploadId: string, blob: Blob): Promise<void> {
    const ecr = inEcr(repository)
    try {
      await this.send(
        ecr,
        'CompleteLayerUpload',
        'needed',
        async (client, { CompleteLayerUploadCommand }, options) =>
          await client.send(
            new CompleteLayerUploadCommand({ ...names(ecr), uploadId, layerDigests: [blob.digest] }),
            options
          )
      )
    } catch (error) {
      if (!(error instanceof AwsFault)) throw error
      if (error.errorCode === 'LayerAlreadyExistsException') return
      // A lost answer: the upload is gone because the layer is there.
      if (error.errorCode !== 'UploadNotFoundException') throw error
      if ((await this.missing(repository, [blob])).length > 0) lost(error)
    }
  }

  private async send<T>(
    ecr: EcrRepository,
    operation: string,
    effort: Effort,
    use: (client: sdk.ECRClient, commands: typeof sdk, options: { abortSignal?: AbortSignal }) => Promise<T>
  ): Promise<T> {
    const { clients, patience } = this.reach[effort]
    const client = await clients.ecr(ecr.region)
    const commands = await import('@aws-sdk/client-ecr')
    const options = patience.signal ? { abortSignal: patience.signal } : {}
    try {
      return await call(`ecr:${operation}`, patience, () => use(client, commands, options))
    } catch (error) {
      if (error instanceof AwsFault && error.errorCode === 'RepositoryNotFoundException')
        throw new NotFound(`${placeOf(ecr)} does not exist`)
      throw error
    }
  }
}

function lost(error: unknown): never {
  if (error instanceof AwsFault && error.errorCode === 'UploadNotFoundException')
    throw new UploadLost(error.message)
  throw error
}

function inEcr({ ecr, host }: Repository): EcrRepository {
  if (!ecr) throw new Error(`${host} is not ECR`)
  return ecr
}

const names = ({ account, name }: EcrRepository) => ({ registryId: account, repositoryName: name })
