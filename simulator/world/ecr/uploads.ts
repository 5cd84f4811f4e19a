/** Layers on their way in: parts are put together, and the digest of the whole is looked at (facts F4). */
import { createHash } from 'node:crypto'
import { ecrTexts } from './ecr-texts.js'
import { AwsError } from '../errors.js'
import type { Repository } from './repository.js'

/** Parts are at least so big, but for the last one. */
export const leastPart = 5 * 1024 * 1024
/** The size of parts that ECR asks for. */
export const partSize = 10 * 1024 * 1024

interface Upload {
  repository: Repository
  parts: Buffer[]
}

/** `sha256:…` of some bytes. */
export function digestOfBytes(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

/** The uploads of a registry that are not complete. */
export class Uploads {
  private readonly open = new Map<string, Upload>()
  private count = 0

  /** Begins one; gives its id. */
  begin(repository: Repository): string {
    const n = (++this.count).toString(16).padStart(12, '0')
    const id = `6cb64b8a-9378-4e33-8ab1-${n}`
    this.open.set(id, { repository, parts: [] })
    return id
  }

  /** How many bytes have come; undefined when there is no such upload of this repository. */
  received(repository: Repository, id: string): number | undefined {
    const found = this.open.get(id)
    return found?.repository === repository ? sizeOf(found) : undefined
  }

  /** Adds bytes at the end, and gives how many there are now. Throws UploadNotFoundException. */
  append(repository: Repository, id: string, bytes: Buffer): number {
    const upload = this.require(repository, id)
    if (bytes.length > 0) upload.parts.push(bytes)
    return sizeOf(upload)
  }

  /** Adds a part at its place. Throws UploadNotFoundException, InvalidLayerPartException. */
  part(repository: Repository, id: string, first: number, last: number, bytes: Buffer): number {
    const expected = sizeOf(this.require(repository, id))
    if (first !== expected || last !== first + bytes.length - 1)
      throw new AwsError('InvalidLayerPartException', ecrTexts.wrongPart.say(first, expected), 400, {
        registryId: repository.home.account,
        repositoryName: repository.name,
        uploadId: id,
        lastValidByteReceived: expected - 1
      })
    return this.append(repository, id, bytes)
  }

  /** The end: the layer is kept when its digest is one of those. Throws as CompleteLayerUpload does. */
  complete(repository: Repository, id: string, digests: readonly string[], strict: boolean): string {
    const { parts } = this.require(repository, id)
    if (parts.length === 0 && strict) throw new AwsError('EmptyUploadException', ecrTexts.emptyUpload.say(id))
    const small = parts.slice(0, -1).find((p) => p.length < leastPart)
    if (small !== undefined && strict)
      throw new AwsError('LayerPartTooSmallException', ecrTexts.partTooSmall.say(small.length))
    const bytes = Buffer.concat(parts)
    const digest = digestOfBytes(bytes)
    if (!digests.includes(digest))
      throw new AwsError('InvalidLayerException', ecrTexts.layerDigestDiffers.say(digests, digest))
    this.open.delete(id)
    if (repository.blobs.has(digest) && strict)
      throw new AwsError('LayerAlreadyExistsException', ecrTexts.layerExists.say(digest, repository.place))
    repository.blobs.set(digest, bytes)
    return digest
  }

  /** Forgets an upload; false when there is none. */
  cancel(repository: Repository, id: string): boolean {
    return this.received(repository, id) !== undefined && this.open.delete(id)
  }

  private require(repository: Repository, id: string): Upload {
    const found = this.open.get(id)
    if (found?.repository !== repository)
      throw new AwsError('UploadNotFoundException', ecrTexts.noUpload.say(id, repository.place))
    return found
  }
}

function sizeOf(upload: Upload): number {
  return upload.parts.reduce((sum, part) => sum + part.length, 0)
}
