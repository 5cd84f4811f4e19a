import { createHash } from 'node:crypto'
import type { Repository } from '../domain/image.js'
import {
  AwsFault,
  RegistryFault,
  type Blob,
  type Clock,
  type Effort,
  type Manifest,
  type Registries
} from '../ports.js'
import type { RegistryClient } from './client.js'
import type { OciRegistry } from './oci.js'
import { persist } from './patience.js'
import { transfer } from './transfer.js'

/** What a blob may have that is read whole: configs of images have a few thousand bytes. */
const longestText = 4 * 1024 * 1024

/** Every registry: ECR by its API, all others by the OCI distribution protocol. */
export class AllRegistries implements Registries {
  /** Registries of ECR in which mounting was tried and brought nothing. */
  private readonly unmountable = new Set<string>()

  constructor(
    private readonly ecr: RegistryClient,
    private readonly oci: OciRegistry,
    private readonly clock: Clock,
    private readonly signal?: AbortSignal
  ) {}

  within(signal: AbortSignal): Registries {
    const both = this.signal ? AbortSignal.any([this.signal, signal]) : signal
    return new AllRegistries(this.ecr.within(signal), this.oci.within(signal), this.clock, both)
  }

  async manifest(
    repository: Repository,
    image: { tag: string } | { digest: string },
    effort: Effort
  ): Promise<Manifest> {
    return await this.of(repository).manifest(repository, image, effort)
  }

  async digestOf(repository: Repository, tag: string, effort: Effort): Promise<string | undefined> {
    return await this.of(repository).digestOf(repository, tag, effort)
  }

  async text(repository: Repository, { digest, size }: Blob, effort: Effort): Promise<string> {
    const { host } = repository
    if (size > longestText)
      throw new RegistryFault('rejected', host, `${digest} has ${size} bytes, too many to read`)
    const patienceMs = effort === 'needed' ? 30_000 : 0
    const read = async (): Promise<Buffer> => {
      const chunks: Uint8Array[] = []
      let length = 0
      for await (const chunk of this.of(repository).read(repository, digest, 0, effort)) {
        length += chunk.length
        if (length > longestText) break
        chunks.push(chunk)
      }
      return Buffer.concat(chunks)
    }
    const signal = this.signal ? { signal: this.signal } : {}
    const bytes = await persist({ clock: this.clock, patienceMs, ...signal }, read)
    if (`sha256:${createHash('sha256').update(bytes).digest('hex')}` !== digest)
      throw new RegistryFault(
        'rejected',
        host,
        `the bytes that ${host} gives for ${digest} do not have that digest`
      )
    return bytes.toString('utf8')
  }

  async missing(repository: Repository, blobs: Blob[]): Promise<Blob[]> {
    return await this.of(repository).missing(repository, blobs)
  }

  async copy(
    blob: Blob,
    from: Repository,
    to: Repository,
    progress: (bytes: number) => void
  ): Promise<'mounted' | 'copied'> {
    const near = from.host === to.host
    if (near && to.ecr && (await this.mountedInEcr(blob, from, to))) return 'mounted'
    const job = {
      blob,
      from: { client: this.of(from), repository: from },
      to: { client: this.of(to), repository: to },
      clock: this.clock,
      progress,
      ...(this.signal ? { signal: this.signal } : {})
    }
    return await transfer(job, near)
  }

  async put(repository: Repository, manifest: Manifest, tag?: string): Promise<void> {
    await this.of(repository).put(repository, manifest, tag)
  }

  private of(repository: Repository): RegistryClient {
    return repository.ecr ? this.ecr : this.oci
  }

  /**
   * ECR mounts blobs only at its `/v2/`, only within one registry, and only when the account has switched it on. What
   * keeps it from doing so is no trouble: the layer is copied.
   */
  private async mountedInEcr(blob: Blob, from: Repository, to: Repository): Promise<boolean> {
    if (this.unmountable.has(to.host)) return false
    try {
      if ((await this.oci.begin(to, blob, from, 'detail')) === 'there') return true
    } catch (error) {
      if (!(error instanceof RegistryFault) && !(error instanceof AwsFault)) throw error
    }
    this.unmountable.add(to.host)
    return false
  }
}
