/**
 * The distribution API (`/v2/`) of the account's ECR and of the other registries, on the simulator's server. Which
 * host is meant: `/_host/NAME/…` means `https://NAME/…`; else the Host header, when it is one that the world knows;
 * else ECR.
 */
import type { IncomingHttpHeaders } from 'node:http'
import type { Faults, Strike } from '../faults.js'
import type { Journal, JournalEntry } from '../journal.js'
import { hushOf, type Hush } from '../server/trouble.js'
import { AwsError } from '../world/errors.js'
import type { ExternalRegistry } from '../world/ecr/external-registry.js'
import type { SimulatedWorld } from '../world/world.js'
import { getBlob, goOnUpload, startUpload, storedLayer } from './blobs.js'
import { asOci, EcrFront, ExternalFront, type Front } from './fronts.js'
import { answer, basicOf, jsonAnswer, OciError, PlainError, type OciAnswer, type OciRequest } from './http.js'
import { deleteManifest, getManifest, listReferrers, listTags, putManifest } from './manifests.js'

/** Where other hosts begin. */
export const hostPath = '/_host/'

/** What a request is to this part of the server. */
export interface OciTarget {
  host: string
  path: string
  base: string
}

/** Bytes to send, or what happens to the connection instead. */
export type OciOutcome = OciAnswer | Hush

type Handler = (front: Front, name: string, last: string, request: OciRequest) => OciAnswer

const routes: { method: string; path: RegExp; operation: string; run: Handler }[] = [
  { method: 'GET', path: /^\/v2\/(.+)\/manifests\/([^/]+)$/, operation: 'GetManifest', run: getManifest },
  { method: 'PUT', path: /^\/v2\/(.+)\/manifests\/([^/]+)$/, operation: 'PutManifest', run: putManifest },
  {
    method: 'DELETE',
    path: /^\/v2\/(.+)\/manifests\/([^/]+)$/,
    operation: 'DeleteManifest',
    run: deleteManifest
  },
  {
    method: 'GET',
    path: /^\/v2\/(.+)\/tags\/(list)$/,
    operation: 'ListTags',
    run: (f, n, _, r) => listTags(f, n, r)
  },
  { method: 'GET', path: /^\/v2\/(.+)\/referrers\/([^/]+)$/, operation: 'ListReferrers', run: listReferrers },
  {
    method: 'POST',
    path: /^\/v2\/(.+)\/blobs\/(uploads)\/?$/,
    operation: 'StartUpload',
    run: (f, n, _, r) => startUpload(f, n, r)
  },
  {
    method: 'PATCH PUT GET DELETE',
    path: /^\/v2\/(.+)\/blobs\/uploads\/([^/]+)$/,
    operation: 'Upload',
    run: goOnUpload
  },
  { method: 'GET', path: /^\/v2\/(.+)\/blobs\/([^/]+)$/, operation: 'GetBlob', run: getBlob }
]

/** What requests to registries are called, in the journal and for faults. */
export const registryCalls = ['GetToken', 'GetLayer', ...new Set(routes.map((r) => r.operation))]

/** Serves registries over a world. */
export class OciServer {
  private readonly ecr: EcrFront
  private readonly fronts = new Map<ExternalRegistry, ExternalFront>()

  constructor(
    private readonly world: SimulatedWorld,
    private readonly journal: Journal,
    private readonly faults: Faults
  ) {
    this.ecr = new EcrFront(world.ecr)
  }

  /** The host and path that a request means; undefined when it is none of a registry's. */
  target(hostHeader: string | undefined, path: string): OciTarget | undefined {
    if (path.startsWith(hostPath)) {
      const [host = '', ...rest] = path.slice(hostPath.length).split('/')
      return { host, path: `/${rest.join('/')}`, base: `${hostPath}${host}` }
    }
    const host = (hostHeader ?? '').replace(/:\d+$/, '')
    if (this.registryOf(host) !== undefined) return { host, path, base: '' }
    return path === '/v2' || path.startsWith('/v2/')
      ? { host: this.world.ecr.host, path, base: '' }
      : undefined
  }

  private registryOf(host: string): ExternalRegistry | undefined {
    return (
      this.world.registries.of(host) ??
      this.world.registries.all.find((r) => (r.options.tokenHost ?? r.host) === host)
    )
  }

  /** Answers, and writes it into the journal as `oci`. */
  serve(
    { host, path, base }: OciTarget,
    request: { method?: string | undefined; url?: string | undefined; headers: IncomingHttpHeaders },
    body: Buffer,
    origin: string
  ): OciOutcome {
    const { method = 'GET', headers } = request
    const query = new URL(request.url ?? '/', origin).searchParams
    const asked: OciRequest = { method, headers, query, body, path, base, origin }
    const entry: JournalEntry = {
      time: this.world.clock.now(),
      service: 'oci',
      // Where the layers of ECR lie is no registry: it only gives what a URL names.
      operation: host === this.world.ecr.layerHost ? 'GetLayer' : operationOf(asked),
      write: !['GET', 'HEAD'].includes(method),
      input: { method, host, path }
    }
    this.journal.add(entry)
    let fault: Strike | undefined
    try {
      fault = this.faults.strike(entry.operation, this.world.clock.now())
      const unheard = hushOf(fault, 'before')
      if (unheard !== undefined) return (entry.error = unheard)
      const error = fault && faultError(fault)
      if (error !== undefined) throw error
      const answer = finished(this.route(host, asked))
      const lost = hushOf(fault, 'after')
      return lost === undefined ? answer : (entry.error = lost)
    } catch (error) {
      const refused = error instanceof AwsError ? asOci(error, this.registryOf(host) === undefined) : error
      if (!(refused instanceof OciError) && !(refused instanceof PlainError)) throw error
      // A refusal is an answer too, and is lost like any other.
      const lost = hushOf(fault, 'after')
      if (lost !== undefined) return (entry.error = lost)
      entry.error = refused.code
      return finished(refused.answer)
    }
  }

  private route(host: string, request: OciRequest): OciAnswer {
    const { path, method } = request
    if (host === this.world.ecr.layerHost) {
      const [, name = '', digest = ''] = /^\/\d+\/(.+)\/([^/]+)$/.exec(path) ?? []
      return storedLayer(this.world.ecr.repositories.get(name), decoded(digest))
    }
    const registry = this.registryOf(host)
    if (registry !== undefined && /^\/token\/?$/.test(path)) return token(registry, request)
    if (registry === undefined && host !== this.world.ecr.host)
      return answer(404, { 'x-simulator-host': 'unknown' }, `no host ${host}`)
    const front = registry === undefined ? this.ecr : this.frontOf(registry)
    if (/^\/v2\/?$/.test(path)) {
      front.admit(request, undefined, 'pull')
      return jsonAnswer({})
    }
    const asGet = method === 'HEAD' ? 'GET' : method
    const found = routes.find((r) => r.method.split(' ').includes(asGet) && r.path.test(path))
    if (found === undefined) throw new OciError('UNSUPPORTED')
    const [, name = '', last = ''] = found.path.exec(path)!
    const reads = found.operation !== 'Upload' && asGet === 'GET'
    front.admit(request, name, reads ? 'pull' : 'push')
    return found.run(front, name, decoded(last), request)
  }

  private frontOf(registry: ExternalRegistry): ExternalFront {
    const made = this.fronts.get(registry) ?? new ExternalFront(registry)
    this.fronts.set(registry, made)
    return made
  }
}

/** A part of a path; one with broken escapes means itself, and nothing is called so. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

function operationOf({ method, path }: OciRequest): string {
  const asGet = method === 'HEAD' ? 'GET' : method
  const found = routes.find((r) => r.method.split(' ').includes(asGet) && r.path.test(path))
  if (found !== undefined) return found.operation
  return /^\/token\/?$/.test(path) ? 'GetToken' : `${method} ${path}`
}

/** The token place: anonymous, or with user and password (distribution's "Token Authentication"). */
function token(registry: ExternalRegistry, request: OciRequest): OciAnswer {
  if (request.method !== 'GET') throw new OciError('UNSUPPORTED')
  const given = basicOf(request.headers.authorization)
  const user = given && registry.userOf(given.user, given.password)
  if (given !== undefined && user === undefined)
    throw new OciError('UNAUTHORIZED', { message: 'incorrect username or password' })
  const scopes = request.query.getAll('scope').flatMap((s) => s.split(' '))
  const grant = registry.grant(user, scopes)
  const sealed = registry.seal(grant)
  const issued = new Date(registry.clock.now())
  return jsonAnswer({
    token: sealed,
    access_token: sealed,
    expires_in: (grant.until - issued.getTime()) / 1000,
    issued_at: issued.toISOString()
  })
}

/** What an ordered fault says here; slow and broken answers are those of the AWS calls only. */
function faultError(fault: Strike): OciError | undefined {
  switch (fault.kind) {
    case 'throttle':
      return new OciError('TOOMANYREQUESTS')
    case 'access-denied':
      return new OciError('DENIED')
    case 'expired-token':
      return new OciError('UNAUTHORIZED')
    case 'server-error':
      return new OciError('UNKNOWN')
    case 'error':
      return new OciError('UNKNOWN', { message: fault.message, status: fault.status ?? 500 })
    default:
      return undefined
  }
}

function finished({ status, headers, body }: OciAnswer): OciAnswer {
  const size = String(typeof body === 'string' ? Buffer.byteLength(body) : body.length)
  return {
    status,
    headers: {
      'docker-distribution-api-version': 'registry/2.0',
      ...(status === 204 ? {} : { 'content-length': size }),
      ...headers
    },
    body
  }
}
