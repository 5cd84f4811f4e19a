import http from 'node:http'
import https from 'node:https'
import { RegistryFault, type Clock } from '../ports.js'

/** A body that is never whole in memory: how many bytes it has, and their stream, begun anew each time it is sent. */
export interface Streamed {
  length: number
  bytes: () => AsyncIterable<Uint8Array>
}

/** A request. */
export interface Ask {
  method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'PUT'
  url: URL
  headers: Record<string, string>
  body?: Uint8Array | Streamed
}

/** An answer whose head is here. Its body must be read or dropped. */
export interface Answer {
  status: number
  /** By lower-case name; several of one name are joined by commas. */
  headers: Map<string, string>
  body: AsyncIterable<Uint8Array>
  drop: () => void
}

/** How long nothing may come, milliseconds, and what ends it early. */
export interface Limits {
  silenceMs: number
  signal?: AbortSignal
}

/** True for hosts that are this very machine: only there is plain HTTP spoken. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}

/** Where a registry's host is reached: by HTTPS, on this machine by HTTP. */
export function originOf(host: string): string {
  const { hostname } = new URL(`https://${host}`)
  return `${isLoopback(hostname) ? 'http' : 'https'}://${host}`
}

/**
 * HTTP, as little of it as registries need: no redirects, no cookies, bodies as streams that are read at the reader's
 * pace. Every failure is a RegistryFault `unreachable`, unless the signal ended it.
 */
export class Web {
  private readonly near = new http.Agent({ keepAlive: true })
  private readonly far: https.Agent

  constructor(
    private readonly clock: Clock,
    env: NodeJS.ProcessEnv
  ) {
    // HTTPS_PROXY and NO_PROXY are followed where this Node knows how to (24.5 and later).
    this.far = new https.Agent({ keepAlive: true, proxyEnv: env })
  }

  /**
   * Sends a request and waits for the head of the answer. `host` is what the registry is called in errors. What the
   * stream of a body throws is thrown as it is.
   */
  async send(
    host: string,
    { method, url, headers, body }: Ask,
    { silenceMs, signal }: Limits
  ): Promise<Answer> {
    signal?.throwIfAborted()
    const plain = url.protocol === 'http:'
    if (plain ? !isLoopback(url.hostname) : url.protocol !== 'https:')
      throw new RegistryFault('rejected', host, `${host} names an address that is not HTTPS (${url.host})`)
    const length = body === undefined && method !== 'POST' ? {} : { 'content-length': body?.length ?? 0 }
    const options = {
      method,
      headers: { 'user-agent': 'safe-ecs-deploy', ...headers, ...length },
      agent: plain ? this.near : this.far
    }
    const request = plain ? http.request(url, options) : https.request(url, options)
    const watch = this.watch(host, url, silenceMs, (why) => request.destroy(why))
    const abort = () => request.destroy()
    signal?.addEventListener('abort', abort, { once: true })
    const end = () => {
      watch.end()
      signal?.removeEventListener('abort', abort)
    }
    let source: { error: unknown } | undefined
    const fault = (error: unknown) => {
      end()
      signal?.throwIfAborted()
      if (source) throw source.error
      return toFault(host, url, error)
    }
    return await new Promise<Answer>((resolve, reject) => {
      const fail = (error: unknown) => {
        try {
          reject(fault(error))
        } catch (aborted) {
          reject(aborted instanceof Error ? aborted : new Error(String(aborted)))
        }
      }
      request.once('error', fail)
      request.once('response', (response) => {
        request.off('error', fail)
        // A connection that breaks is an error of the body too, where it is told of.
        request.on('error', () => undefined)
        watch.seen()
        // Who answers before all of a body has come wants no more of it, and the connection is of no more use.
        const early = !request.writableEnded
        resolve(answerOf(response, { seen: watch.seen, hold: watch.hold, end, fault, early }))
      })
      if (body === undefined || body instanceof Uint8Array) request.end(body)
      else
        pour(body.bytes(), request, watch).catch((error: unknown) => {
          source = { error }
          request.destroy(new Error('the source broke off'))
        })
    })
  }

  /** Gives up a request during which nothing has come for so long, except while its reader holds it up. */
  private watch(
    host: string,
    url: URL,
    silenceMs: number,
    giveUp: (why: RegistryFault) => void
  ): { seen: () => void; hold: () => void; end: () => void } {
    const over = new AbortController()
    let seen = true
    let held = false
    const look = async (): Promise<void> => {
      while (seen || held) {
        seen = false
        await this.clock.sleep(silenceMs, over.signal)
      }
      giveUp(
        new RegistryFault('unreachable', host, `${where(host, url)} did not answer in ${silenceMs / 1000} s`)
      )
    }
    look().catch(() => undefined)
    const tell = (isHeld: boolean) => {
      held = isHeld
      seen = true
    }
    return { seen: () => tell(false), hold: () => tell(true), end: () => over.abort() }
  }
}

/** Sends a body as fast as the other side takes it; while the source is waited for, silence is not the other side's. */
async function pour(
  bytes: AsyncIterable<Uint8Array>,
  request: http.ClientRequest,
  watch: { seen: () => void; hold: () => void }
): Promise<void> {
  const state = { over: false, wake: () => undefined as unknown }
  const over = () => {
    state.over = true
    state.wake()
  }
  request.on('drain', () => state.wake())
  request.once('response', over)
  request.once('close', over)
  watch.hold()
  for await (const chunk of bytes) {
    if (state.over) return
    watch.seen()
    if (!request.write(chunk)) await new Promise((resolve) => (state.wake = () => resolve(undefined)))
    watch.hold()
  }
  watch.seen()
  if (!state.over) request.end()
}

function answerOf(
  response: http.IncomingMessage,
  hooks: {
    seen: () => void
    hold: () => void
    end: () => void
    fault: (error: unknown) => Error
    early: boolean
  }
): Answer {
  const headers = new Map<string, string>()
  for (const [name, value] of Object.entries(response.headers))
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  async function* body(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of response) {
        // While the reader is busy with it, silence is not the other side's.
        hooks.hold()
        yield chunk as Buffer
        hooks.seen()
      }
    } catch (error) {
      throw hooks.fault(error)
    } finally {
      hooks.end()
      if (hooks.early) response.destroy()
    }
  }
  const drop = () => {
    hooks.end()
    response.on('error', () => undefined)
    // A short rest is read, so that the connection can be used again.
    if (!hooks.early && Number(headers.get('content-length') ?? Infinity) <= 65_536) response.resume()
    else response.destroy()
  }
  return { status: response.statusCode ?? 0, headers, body: body(), drop }
}

function toFault(host: string, url: URL, error: unknown): RegistryFault {
  if (error instanceof RegistryFault) return error
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  const words: Record<string, string> = {
    ENOTFOUND: 'its name is not known',
    EAI_AGAIN: 'its name could not be looked up',
    ECONNREFUSED: 'it refuses the connection',
    ECONNRESET: 'the connection broke'
  }
  const why = words[code] ?? (code === '' ? 'the connection failed' : `the connection failed with ${code}`)
  return new RegistryFault('unreachable', host, `${where(host, url)} is not reached: ${why}`)
}

/** The registry, and the host that stands in for it when that is another one. */
function where(host: string, url: URL): string {
  return url.host === host ? host : `${host} (${url.host})`
}

/** The whole of a body as bytes. Throws a RegistryFault `rejected` when it has more than `most`. */
export async function bytesOf(host: string, answer: Answer, most: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of answer.body) {
    size += chunk.length
    if (size > most) throw new RegistryFault('rejected', host, `${host} sends more than ${most} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
