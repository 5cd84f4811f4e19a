import { apiHost, type Repository } from '../domain/image.js'
import { RegistryFault, type Blob } from '../ports.js'
import { NoParts, UploadLost, type Upload } from './client.js'
import { delayOf, isWorthWaiting } from './patience.js'
import type { OciAsk, OciRegistry } from './oci.js'
import { originOf, type Answer } from './web.js'

/** GHCR takes no more in one request; small enough for every proxy, and for our memory. */
const usualPart = 4 * 1024 * 1024
const mostPart = 16 * 1024 * 1024
const mostFailures = 5

/** Answers to the first part of registries that take a blob only whole (distribution-spec 1.1 leaves parts to them). */
const noParts = [405, 411, 415, 501]

/** An upload by the OCI distribution protocol: PATCH with a range for each part, PUT with the last one, or one PUT. */
export class OciUpload implements Upload {
  readonly partBytes: number
  readonly wantsWhole: boolean
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
    this.wantsWhole = least > mostPart
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
        const first = offset === 0 && !last
        if (answer.status !== 404 && answer.status !== 416) throw await this.refusal(answer, first)
        answer.drop()
        // Nothing is there that it could be out of order with: it is the part that is not wanted.
        if (first && answer.status === 416) throw new NoParts('it takes no such part')
      } catch (error) {
        if (!isWorthWaiting(error, failures, mostFailures)) throw error
        await clock.sleep(delayOf(failures, clock, error.retryAfterMs), signal)
      }
      // The answer was lost: the blob may be whole, or a part of the bytes may have come.
      if (last && (await this.isThere())) return offset + bytes.length
      const received = await this.received()
      if (received !== offset) return received
      if (failures >= mostFailures) throw new UploadLost('it does not go on')
    }
  }

  async whole(bytes: () => AsyncIterable<Uint8Array>): Promise<void> {
    const { clock, signal } = this.registry
    const to = new URL(this.location)
    to.searchParams.set('digest', this.blob.digest)
    const headers = { 'content-type': 'application/octet-stream' }
    let why = 'the connection broke'
    try {
      const answer = await this.ask({ method: 'PUT', to, headers, body: { length: this.blob.size, bytes } })
      if (answer.status !== 404 && answer.status >= 300) throw await this.refusal(answer)
      answer.drop()
      if (answer.status < 300) return
      why = `HTTP status ${answer.status}`
    } catch (error) {
      if (!isWorthWaiting(error, 0, 1)) throw error
      why = error.message
      await clock.sleep(delayOf(2, clock, error.retryAfterMs), signal)
    }
    if (!(await this.isThere())) throw new UploadLost(why)
  }

  private async isThere(): Promise<boolean> {
    return (await this.registry.missing(this.repository, [this.blob])).length === 0
  }

  private async once(offset: number, bytes: Uint8Array, last: boolean): Promise<Answer> {
    const range = { 'content-range': `${offset}-${offset + bytes.length - 1}` }
    // All of it at once has no range: that is the upload in one piece, which every registry takes.
    const isPart = bytes.length > 0 && !(last && offset === 0)
    const headers = { 'content-type': 'application/octet-stream', ...(isPart ? range : {}) }
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

  /** What an answer means that is none of the good ones; to the first part it may mean that parts are not known here. */
  private async refusal(answer: Answer, first = false): Promise<Error> {
    const { status } = answer
    const error = await this.registry.refused(this.repository, answer, `the blob ${this.blob.digest}`)
    const unknown = noParts.includes(status) || (status === 400 && /\bUNSUPPORTED\b/.test(error.message))
    return first && unknown ? new NoParts(error.message) : error
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
