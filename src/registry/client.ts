import type { Repository } from '../domain/image.js'
import type { Blob, Effort, Manifest } from '../ports.js'

/** One kind of registry, as copying between two of them needs it. Throws as the Registries port says. */
export interface RegistryClient {
  manifest(
    repository: Repository,
    image: { tag: string } | { digest: string },
    effort: Effort
  ): Promise<Manifest>
  digestOf(repository: Repository, tag: string, effort: Effort): Promise<string | undefined>
  /** The bytes of a blob from this offset on. */
  read(repository: Repository, digest: string, from: number, effort: Effort): AsyncIterable<Uint8Array>
  missing(repository: Repository, blobs: Blob[]): Promise<Blob[]>
  /** Begins an upload; `there` when the blob came by itself, mounted from `from` of the same registry. */
  begin(repository: Repository, blob: Blob, from?: Repository): Promise<Upload | 'there'>
  put(repository: Repository, manifest: Manifest, tag?: string): Promise<void>
  /** The same client, whose requests end with this signal too. */
  within(signal: AbortSignal): RegistryClient
}

/** An upload that has begun. */
export interface Upload {
  /** How many bytes a part has, but for the last one. */
  partBytes: number
  /**
   * Sends the bytes that begin at `offset`; with the last ones the blob is complete. Gives how many bytes the registry
   * has now: less than was sent when a part of it was lost on the way. Throws UploadLost.
   */
  send(offset: number, bytes: Uint8Array, last: boolean): Promise<number>
  /** True when the registry wants parts that are too large to be held in memory: then only `whole` will do. */
  wantsWhole?: boolean
  /**
   * Sends the whole blob in one request, as a stream; absent where that does not exist. Throws UploadLost, and what the
   * stream throws.
   */
  whole?(bytes: () => AsyncIterable<Uint8Array>): Promise<void>
}

/** The registry knows nothing more of the upload, or has another part of it than we think: begin again. */
export class UploadLost extends Error {}

/** The registry takes no parts: begin again, and send the blob whole. */
export class NoParts extends UploadLost {}
