import { createHash } from 'node:crypto'
import type { Repository } from '../domain/image.js'
import { RegistryFault, type Blob, type Clock } from '../ports.js'
import { NoParts, UploadLost, type RegistryClient, type Upload } from './client.js'
import { delayOf, isWorthWaiting } from './patience.js'

/** A blob on its way from one repository to another. */
export interface Transfer {
  blob: Blob
  from: { client: RegistryClient; repository: Repository }
  to: { client: RegistryClient; repository: Repository }
  clock: Clock
  signal?: AbortSignal
  /** Told how many bytes have arrived. */
  progress: (bytes: number) => void
}

const mostRestarts = 3
const mostFailures = 5

/**
 * Streams a blob from one registry into another, part by part: no more than one part is in memory, nothing on disk.
 * A source that breaks off is read on from the same byte, an upload goes on where the target says, and begins again
 * when it is lost. A target that takes no parts gets the blob in one request, as a stream. The last bytes are sent only
 * when all together have the digest. Throws RegistryFault, AwsFault.
 */
export async function transfer(wanted: Transfer, mountable: boolean): Promise<'mounted' | 'copied'> {
  const { to, from, blob, progress } = wanted
  let arrived = 0
  let whole = false
  const told = (bytes: number) => {
    arrived = bytes
    progress(bytes)
  }
  const job = { ...wanted, progress: told }
  for (let restarts = 0; ; restarts += 1) {
    const upload = await to.client.begin(to.repository, blob, mountable ? from.repository : undefined)
    if (upload === 'there') return 'mounted'
    try {
      if (upload.whole && (whole || upload.wantsWhole === true)) await upload.whole(() => exactly(job))
      else await pump(job, upload)
      return 'copied'
    } catch (error) {
      if (!(error instanceof UploadLost)) throw error
      // Twice lost before anything had arrived: it may be the parts that are not known there.
      whole ||= error instanceof NoParts || (restarts > 0 && arrived === 0)
      if (restarts >= mostRestarts)
        throw new RegistryFault(
          'rejected',
          to.repository.host,
          `${to.repository.host} lost the upload of ${blob.digest} ${restarts + 1} times (${error.message})`
        )
      told(0)
    }
  }
}

async function pump(job: Transfer, upload: Upload): Promise<void> {
  const { blob, progress } = job
  const part = Buffer.allocUnsafe(Math.max(1, Math.min(upload.partBytes, blob.size)))
  const hash = createHash('sha256')
  let sent = 0
  let filled = 0
  const flush = async (last: boolean): Promise<void> => {
    const end = sent + filled
    let rest = part.subarray(0, filled)
    for (let tries = 0; ; tries += 1) {
      job.signal?.throwIfAborted()
      const received = await upload.send(end - rest.length, rest, last)
      if (received === end) break
      if (received < end - rest.length || received > end || tries === mostFailures)
        throw new UploadLost(`it has ${received} of ${end} bytes`)
      rest = rest.subarray(rest.length - (end - received))
    }
    sent = end
    filled = 0
    progress(sent)
  }
  for await (const chunk of steadily(job)) {
    hash.update(chunk)
    for (let at = 0; at < chunk.length;) {
      const taken = Math.min(part.length - filled, chunk.length - at)
      part.set(chunk.subarray(at, at + taken), filled)
      filled += taken
      at += taken
      if (filled === part.length && sent + filled < blob.size) await flush(false)
    }
  }
  if (`sha256:${hash.digest('hex')}` !== blob.digest) throw otherBytes(job)
  await flush(true)
}

/** The bytes of the blob, the last of them only when all have its digest: else the target never has it whole. */
async function* exactly(job: Transfer): AsyncGenerator<Uint8Array> {
  const { blob, progress } = job
  const hash = createHash('sha256')
  let held: Uint8Array | undefined
  let sent = 0
  for await (const chunk of steadily(job)) {
    if (held) {
      yield held
      sent += held.length
      progress(sent)
    }
    hash.update(chunk)
    held = chunk
  }
  if (`sha256:${hash.digest('hex')}` !== blob.digest) throw otherBytes(job)
  if (held) yield held
  progress(blob.size)
}

function otherBytes({ blob, from }: Transfer): RegistryFault {
  const { host } = from.repository
  return new RegistryFault(
    'rejected',
    host,
    `the bytes that ${host} gives for ${blob.digest} do not have that digest`
  )
}

/** The bytes of the blob, read on from where the source broke off. Exactly as many as the manifest says. */
async function* steadily({ blob, from, clock, signal }: Transfer): AsyncGenerator<Uint8Array> {
  const { host } = from.repository
  let at = 0
  for (let failures = 0; at < blob.size;) {
    try {
      for await (const chunk of from.client.read(from.repository, blob.digest, at, 'needed')) {
        at += chunk.length
        failures = 0
        if (at > blob.size)
          throw new RegistryFault('rejected', host, `${host} gives more bytes for ${blob.digest} than it has`)
        yield chunk
      }
      if (at < blob.size)
        throw new RegistryFault('unreachable', host, `${host} broke off in the middle of ${blob.digest}`)
    } catch (error) {
      if (!isWorthWaiting(error, failures, mostFailures)) throw error
      await clock.sleep(delayOf(failures, clock, error.retryAfterMs), signal)
      failures += 1
    }
  }
}
