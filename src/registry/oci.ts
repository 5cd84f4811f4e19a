import { createHash } from 'node:crypto'
import { apiHost, type Repository } from '../domain/image.js'
import { longestManifest, manifestTypes } from '../domain/manifest.js'
import { NotFound, RegistryFault, type Blob, type Clock, type Effort, type Manifest } from '../ports.js'
import type { RegistryClient, Upload } from './client.js'
import type { Doors, Scope } from './doors.js'
import { OciUpload } from './oci-upload.js'
import { persist } from './patience.js'
import { refusalOf } from './refusals.js'
import { bytesOf, originOf, type Answer, type Ask, type Streamed, type Web } from './web.js'

/** What a request to `/v2/` is, beside where it goes. */
export interface OciAsk extends Omit<Ask, 'url' | 'headers'> {
  /** A path below `/v2/NAME/`, or the whole URL of an upload. */
  to: string | URL
  headers?: Record<string, string>
  scopes: Scope[]
  effort: Effort
  /** `never` for what must not be sent twice without a look in between. */
  again?: 'never'
}

/** How long a registry is waited for, milliseconds: its silence, and trouble that may pass. */
const patience = {
  needed: { silenceMs: 15_000, patienceMs: 30_000 },
  detail: { silenceMs: 3000, patienceMs: 0 }
} as const

/** An answer, and where it came from. */
interface Heard {
  answer: Answer
  from: URL
}

const mostRedirects = 5
const redirects = [301, 302, 303, 307, 308]
/** Bytes in a millisecond. */
const slowestLine = 50
/** How long a registry may think over a blob that came as a stream, milliseconds. */
const streamedMs = 120_000

/** Any registry that speaks the OCI distribution protocol (distribution-spec 1.1). */
export class OciRegistry implements RegistryClient {
  /** Registries that were not reached: a detail is not worth a second wait. */
  private readonly down = new Map<string, RegistryFault>()

  constructor(
    private readonly web: Web,
    private readonly doors: Doors,
    readonly clock: Clock,
    readonly signal?: AbortSignal
  ) {}

  within(signal: AbortSignal): OciRegistry {
    const both = this.signal ? AbortSignal.any([this.signal, signal]) : signal
    return new OciRegistry(this.web, this.doors, this.clock, both)
  }

  async manifest(
    repository: Repository,
    image: { tag: string } | { digest: string },
    effort: Effort
  ): Promise<Manifest> {
    const reference = 'tag' in image ? image.tag : image.digest
    const { host } = repository
    const answer = await this.ask(repository, {
      method: 'GET',
      to: `manifests/${reference}`,
      headers: { accept: manifestTypes.join(', ') },
      scopes: [pull(repository)],
      effort
    })
    if (answer.status !== 200) throw await this.refused(repository, answer, said(image))
    const bytes = await bytesOf(host, answer, longestManifest)
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
    const claimed = answer.headers.get('docker-content-digest')
    const wrong = 'digest' in image && image.digest !== digest ? image.digest : undefined
    const differs =
      wrong ?? (claimed?.startsWith('sha256:') === true && claimed !== digest ? claimed : undefined)
    const text = bytes.toString('utf8')
    if (differs !== undefined || !Buffer.from(text).equals(bytes))
      throw new RegistryFault(
        'rejected',
        host,
        `the manifest that ${host} gives for ${repository.name} does not have the digest ${differs ?? digest}`
      )
    const mediaType = (answer.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase()
    return { digest, bytes: text, ...(mediaType === undefined || mediaType === '' ? {} : { mediaType }) }
  }

  async digestOf(repository: Repository, tag: string, effort: Effort): Promise<string | undefined> {
    // HEAD does not count as a pull at Docker Hub.
    const answer = await this.ask(repository, {
      method: 'HEAD',
      to: `manifests/${tag}`,
      headers: { accept: manifestTypes.join(', ') },
      scopes: [pull(repository)],
      effort
    })
    const digest = answer.headers.get('docker-content-digest') ?? ''
    answer.drop()
    if (answer.status === 200 && /^sha256:[0-9a-f]{64}$/.test(digest)) return digest
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
    const answer = await this.ask(repository, {
      method: 'GET',
      to: `blobs/${digest}`,
      headers: from === 0 ? {} : { range: `bytes=${from}-` },
      scopes: [pull(repository)],
      effort
    })
    if (answer.status !== 200 && (answer.status !== 206 || from === 0))
      throw await this.refused(repository, answer, `the blob ${digest}`)
    yield* behind(answer.body, from - beginning(answer, from))
  }

  async missing(repository: Repository, blobs: Blob[]): Promise<Blob[]> {
    const missing: Blob[] = []
    for (const blob of blobs) {
      const answer = await this.ask(repository, {
        method: 'HEAD',
        to: `blobs/${blob.digest}`,
        scopes: [pullAndPush(repository)],
        effort: 'needed'
      })
      // Nobody is sent on to where a blob lies that is not there; the way is often for GET alone.
      const found = answer.status === 200 || redirects.includes(answer.status)
      if (!found && answer.status !== 404)
        throw await this.refused(repository, answer, `the blob ${blob.digest}`)
      answer.drop()
      if (answer.status === 404) missing.push(blob)
    }
    return missing
  }

  async begin(
    repository: Repository,
    blob: Blob,
    from?: Repository,
    effort: Effort = 'needed'
  ): Promise<Upload | 'there'> {
    const mount = from === undefined ? '' : `?mount=${blob.digest}&from=${encodeURIComponent(from.name)}`
    const scopes = [pullAndPush(repository), ...(from === undefined ? [] : [pull(from)])]
    const answer = await this.ask(repository, {
      method: 'POST',
      to: `blobs/uploads/${mount}`,
      scopes,
      effort
    })
    const location = answer.headers.get('location')
    if (answer.status !== 201 && (answer.status !== 202 || location === undefined))
      throw await this.refused(repository, answer, `an upload to ${repository.name}`)
    answer.drop()
    if (answer.status === 201 || location === undefined) return 'there'
    return new OciUpload(this, repository, blob, location, answer.headers.get('oci-chunk-min-length'))
  }

  async put(repository: Repository, manifest: Manifest, tag?: string): Promise<void> {
    const answer = await this.ask(repository, {
      method: 'PUT',
      to: `manifests/${tag ?? manifest.digest}`,
      headers: { 'content-type': manifest.mediaType ?? 'application/vnd.oci.image.manifest.v1+json' },
      body: Buffer.from(manifest.bytes),
      scopes: [pullAndPush(repository)],
      effort: 'needed'
    })
    if (answer.status !== 201 && answer.status !== 200 && answer.status !== 202)
      throw await this.refused(repository, answer, `the manifest ${manifest.digest}`)
    answer.drop()
    const stored = answer.headers.get('docker-content-digest')
    if (stored?.startsWith('sha256:') === true && stored !== manifest.digest)
      throw new RegistryFault(
        'rejected',
        repository.host,
        `${repository.host} keeps ${manifest.digest} as ${stored}`
      )
  }

  /**
   * Asks `/v2/`, is let in when that is wanted, and follows where a blob lies elsewhere. Gives any answer but 401,
   * 403, 429 and 5xx, which are thrown as RegistryFault.
   */
  async ask(repository: Repository, asked: OciAsk): Promise<Answer> {
    const { host } = repository
    const { effort } = asked
    const before = effort === 'detail' ? this.down.get(host) : undefined
    if (before) throw before
    const patienceMs = asked.again === 'never' ? 0 : patience[effort].patienceMs
    const waiting = { clock: this.clock, patienceMs, ...(this.signal ? { signal: this.signal } : {}) }
    try {
      return await persist(waiting, async () => await this.once(repository, asked))
    } catch (error) {
      if (error instanceof RegistryFault && error.kind === 'unreachable') this.down.set(host, error)
      throw error
    }
  }

  private async once(
    repository: Repository,
    { to, headers = {}, scopes, effort, ...rest }: OciAsk
  ): Promise<Answer> {
    const { host } = repository
    const origin = originOf(apiHost(host))
    const url = to instanceof URL ? to : new URL(`${origin}/v2/${repository.name}/${to}`)
    const silenceMs = Math.max(patience[effort].silenceMs, timeFor(rest.body))
    const limits = { silenceMs, ...(this.signal ? { signal: this.signal } : {}) }
    const send = async (authorization: string | undefined): Promise<Heard> => {
      const key = authorization === undefined || url.origin !== origin ? {} : { authorization }
      const answer = await this.web.send(host, { ...rest, url, headers: { ...headers, ...key } }, limits)
      return await this.follow(host, { answer, from: url }, headers, key, rest.method, limits)
    }
    const first = await send(this.doors.known(host, scopes))
    let { answer } = first
    // Only the registry itself may ask for its credentials, not whom it has sent us on to.
    if (answer.status === 401 && first.from.origin === origin) {
      answer.drop()
      this.doors.forget(host, scopes)
      const challenge = answer.headers.get('www-authenticate') ?? ''
      answer = (await send(await this.doors.open(host, challenge, scopes, limits))).answer
    }
    const { status } = answer
    if (status === 401 || status === 403 || status === 429 || status >= 500)
      throw await this.refused(repository, answer, repository.name)
    return answer
  }

  /** Goes where a read is sent on to. The key of one house is not shown at another, and not again after that. */
  private async follow(
    host: string,
    first: Heard,
    headers: Record<string, string>,
    key: { authorization?: string },
    method: Ask['method'],
    limits: { silenceMs: number; signal?: AbortSignal }
  ): Promise<Heard> {
    let { answer, from } = first
    let shown = key
    for (let hop = 0; method === 'GET' && redirects.includes(answer.status); hop += 1) {
      answer.drop()
      const location = answer.headers.get('location') ?? ''
      if (hop === mostRedirects || !URL.canParse(location, from.href))
        throw new RegistryFault('rejected', host, `${host} sends from one place to another without end`)
      from = new URL(location, from)
      if (from.origin !== first.from.origin) shown = {}
      answer = await this.web.send(host, { method, url: from, headers: { ...headers, ...shown } }, limits)
    }
    return { answer, from }
  }

  /** What an answer that is none of the good ones means. */
  async refused(repository: Repository, answer: Answer, what: string): Promise<Error> {
    const known = await this.doors.hasKey(repository.host)
    return await refusalOf(repository, answer, what, known, this.clock.now())
  }
}

const said = (image: { tag: string } | { digest: string }): string =>
  'tag' in image ? `tag "${image.tag}"` : image.digest

const pull = ({ name }: Repository): Scope => `repository:${name}:pull`
const pullAndPush = ({ name }: Repository): Scope => `repository:${name}:pull,push`

/** A body takes its time on a slow line; milliseconds. */
function timeFor(body: Uint8Array | Streamed | undefined): number {
  if (body === undefined) return 0
  return body instanceof Uint8Array ? body.length / slowestLine : streamedMs
}

/** Where an answer to a range begins; one that begins behind `from` is of no use. */
function beginning({ status, headers }: Answer, from: number): number {
  if (status === 200) return 0
  const [, start] = /^bytes (\d{1,15})-/.exec(headers.get('content-range') ?? '') ?? []
  return start === undefined ? from : Math.min(Number(start), from)
}

/** A stream without its first bytes: for who asked for the rest and was given the whole. */
async function* behind(body: AsyncIterable<Uint8Array>, skip: number): AsyncGenerator<Uint8Array> {
  let left = skip
  for await (const chunk of body) {
    if (left >= chunk.length) left -= chunk.length
    else {
      yield left === 0 ? chunk : chunk.subarray(left)
      left = 0
    }
  }
}
