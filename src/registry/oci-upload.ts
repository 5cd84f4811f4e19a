import { apiHost, type Repository } from '../domain/image.js'
import { RegistryFault, type Blob } from '../ports.js'
import { UploadLost, type Upload } from './client.js'
import { delayOf, isPassing } from './patience.js'
import type { OciAsk, OciRegistry } from './oci.js'
import { originOf, type Answer } from './web.js'

/** GHCR takes no more in one request; small enough for every proxy, and for our memory. */
const usualPart = 4 * 1024 * 1024
const mostPart = 16 * 1024 * 1024
const mostFailures = 5

/** An upload by the OCI distribution protocol: PATCH with a range for each part, PUT with the last one. */
export class OciUpload implements Upload {
  readonly partBytes: number
  private location: URL

  constructor(
    private readonly registry: OciRegistry,
    private readonly repository: Repository,
    private readonly blob: Blob,
    location: string,
    /** `OCI-Chunk-Min-Length`: what the registry wants a part to have at least. */
    leastPart: string | undefined
  ) {
    const least = /^\d{1,9}$/.test(leastPart ?? '') ? Number(leastPart) : 0
    this.partBytes = Math.min(Math.max(usualPart, least), mostPart)
    this.location = this.place(location)
  }

  async send(offset: number, bytes: Uint8Array, last: boolean): Promise<number> {
    const { clock, signal } = this.registry
    for (let failures = 0; ; failures += 1) {
      try {
        const answer = await this.once(offset, bytes, last)
        // The Range of a good answer is not used: some registries tell of an earlier state. The digest decides.
        if (answer.status === (last ? 201 : 202)) return offset + bytes.length
        if (last && answer.status === 204) return offset + bytes.length
        if (answer.status !== 404 && answer.status !== 416) throw await this.refusal(answer)
        answer.drop()
      } catch (error) {
        if (!isPassing(error) || failures >= mostFailures) throw error
        await clock.sleep(delayOf(failures, clock, error.retryAfterMs), signal)
      }
      // The answer was lost: the blob may be whole, or a part of the bytes may have come.
      if (last && (await this.registry.missing(this.repository, [this.blob])).length === 0)
        return offset + bytes.length
      const received = await this.received()
      if (received !== offset) return received
      if (failures >= mostFailures) throw new UploadLost('it does not go on')
    }
  }

  private async once(offset: number, bytes: Uint8Array, last: boolean): Promise<Answer> {
    const range = { 'content-range': `${offset}-${offset + bytes.length - 1}` }
    const headers = { 'content-type': 'application/octet-stream', ...(bytes.length === 0 ? {} : range) }
    const to = new URL(this.location)
    if (last) to.searchParams.set('digest', this.blob.digest)
    const answer = await this.ask({ method: last ? 'PUT' : 'PATCH', to, headers, body: bytes })
    const next = answer.headers.get('location')
    if (answer.status === 202 && next !== undefined) this.location = this.place(next, this.location)
    if (answer.status < 400) answer.drop()
    return answer
  }

  /** How many bytes the registry has. Throws UploadLost when it has no such upload. */
  private async received(): Promise<number> {
    const answer = await this.ask({ method: 'GET', to: this.location, headers: {} })
    answer.drop()
    const [, end] = /^(?:bytes=)?0-(\d{1,15})$/.exec(answer.headers.get('range') ?? '') ?? []
    if (answer.status >= 300 || end === undefined) throw new UploadLost(`HTTP status ${answer.status}`)
    const next = answer.headers.get('location')
    if (next !== undefined) this.location = this.place(next, this.location)
    // Nothing at all and one byte look the same: taken as nothing.
    return end === '0' ? 0 : Number(end) + 1
  }

  private async ask(asked: Pick<OciAsk, 'method' | 'to' | 'headers' | 'body'>): Promise<Answer> {
    const scopes = [`repository:${this.repository.name}:pull,push`]
    const again = asked.method === 'GET' ? {} : { again: 'never' as const }
    return await this.registry.ask(this.repository, { ...asked, scopes, effort: 'needed', ...again })
  }

  private async refusal(answer: Answer): Promise<Error> {
    return await this.registry.refused(this.repository, answer, `the blob ${this.blob.digest}`)
  }

  /** Where to go on. Behind a proxy some registries call themselves by the wrong scheme. */
  private place(location: string, base?: URL): URL {
    const { host } = this.repository
    const origin = originOf(apiHost(host))
    const from = base?.href ?? origin
    if (!URL.canParse(location, from))
      throw new RegistryFault('rejected', host, `${host} names no place for an upload`)
    const url = new URL(location, from)
    if (url.host === new URL(origin).host) url.protocol = new URL(origin).protocol
    return url
  }
}
