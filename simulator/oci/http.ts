/** What goes in and out of the distribution API, and its errors (OCI distribution spec, "Error Codes"). */
import type { IncomingHttpHeaders } from 'node:http'

export interface OciRequest {
  method: string
  /** The path after the host mapping: `/v2/app/manifests/v1`. */
  path: string
  query: URLSearchParams
  headers: IncomingHttpHeaders
  body: Buffer
  /** What stands before the path when this host is mapped: empty, or `/_host/NAME`. */
  base: string
  /** The server's own URL. */
  origin: string
}

export interface OciAnswer {
  status: number
  headers: Record<string, string>
  body: Uint8Array | string
}

/** The codes of the spec that are used here, each with its status and the registry's usual words. */
const codes = {
  BLOB_UNKNOWN: [404, 'blob unknown to registry'],
  BLOB_UPLOAD_INVALID: [416, 'blob upload invalid'],
  BLOB_UPLOAD_UNKNOWN: [404, 'blob upload unknown to registry'],
  DENIED: [403, 'requested access to the resource is denied'],
  DIGEST_INVALID: [400, 'provided digest did not match uploaded content'],
  MANIFEST_BLOB_UNKNOWN: [400, 'blob unknown to registry'],
  MANIFEST_INVALID: [400, 'manifest invalid'],
  MANIFEST_UNKNOWN: [404, 'manifest unknown'],
  NAME_UNKNOWN: [404, 'repository name not known to registry'],
  TAG_INVALID: [400, 'manifest tag did not match URI'],
  TOOMANYREQUESTS: [429, 'You have reached your pull rate limit.'],
  UNAUTHORIZED: [401, 'authentication required'],
  UNKNOWN: [500, 'unknown error'],
  UNSUPPORTED: [405, 'The operation is unsupported.']
} as const

export type OciCode = keyof typeof codes

/** A refusal as the spec's JSON. */
export class OciError extends Error {
  readonly answer: OciAnswer

  constructor(
    readonly code: OciCode,
    options: { message?: string; detail?: unknown; status?: number; headers?: Record<string, string> } = {}
  ) {
    const [status, words] = codes[code]
    const message = options.message ?? words
    super(message)
    const { detail } = options
    this.answer = {
      status: options.status ?? status,
      headers: { 'content-type': 'application/json; charset=utf-8', ...options.headers },
      body: JSON.stringify({ errors: [{ code, message, ...(detail === undefined ? {} : { detail }) }] })
    }
  }
}

/** A refusal that is not JSON, as ECR gives one. */
export class PlainError extends Error {
  readonly answer: OciAnswer

  constructor(
    readonly code: string,
    status: number,
    body: string,
    headers: Record<string, string>
  ) {
    super(body)
    this.answer = { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body }
  }
}

/** An answer; HEAD requests lose its body later. */
export function answer(
  status: number,
  headers: Record<string, string> = {},
  body: Uint8Array | string = ''
): OciAnswer {
  return { status, headers, body }
}

/** A value as JSON. */
export function jsonAnswer(value: unknown, headers: Record<string, string> = {}): OciAnswer {
  return answer(200, { 'content-type': 'application/json', ...headers }, JSON.stringify(value))
}

/** User and password of a Basic header. */
export function basicOf(header: string | undefined): { user: string; password: string } | undefined {
  const [, encoded] = /^Basic\s+(\S+)$/i.exec(header ?? '') ?? []
  if (encoded === undefined) return undefined
  const plain = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = plain.indexOf(':')
  return colon === -1 ? undefined : { user: plain.slice(0, colon), password: plain.slice(colon + 1) }
}
