import { isObject } from '../domain/task-definition.js'
import { RegistryFault, type Clock } from '../ports.js'
import { readChallenges, type Challenge } from './challenge.js'
import type { Credentials } from './docker-config.js'
import type { Keychain } from './keychain.js'
import { retryAfter } from './patience.js'
import { bytesOf, type Answer, type Limits, type Web } from './web.js'

/** Tokens are good for a minute when their server does not say (distribution's token authentication). */
const usualLifeMs = 60_000
/** A token is not used in its last moments: the request has a way to go. */
const marginMs = 10_000
const longestAnswer = 262_144

/** What one wants to do where: `repository:library/nginx:pull`. */
export type Scope = string

/** Lets requests into registries: Basic, and Bearer with a token of the server that the registry names. */
export class Doors {
  private readonly basic = new Map<string, string>()
  private readonly tokens = new Map<string, { header: string; until: number }>()

  constructor(
    private readonly web: Web,
    private readonly keychain: Keychain,
    private readonly clock: Clock
  ) {}

  /** The Authorization header that has opened this door before, while it is good. */
  known(host: string, scopes: Scope[]): string | undefined {
    const token = this.tokens.get(keyOf(host, scopes))
    if (token && token.until > this.clock.now()) return token.header
    return this.basic.get(host)
  }

  /** Forgets what did not open the door. */
  forget(host: string, scopes: Scope[]): void {
    this.tokens.delete(keyOf(host, scopes))
    this.basic.delete(host)
  }

  /** Whether the Docker config file has credentials for a registry. */
  async hasKey(host: string): Promise<boolean> {
    return (await this.keychain.of(host)) !== undefined
  }

  /** Answers a 401 with a new Authorization header. Throws a RegistryFault. */
  async open(host: string, challenge: string, scopes: Scope[], limits: Limits): Promise<string> {
    const offered = readChallenges(challenge)
    const bearer = offered.find((c) => c.scheme === 'bearer')
    const credentials = await this.keychain.of(host)
    if (bearer) return await this.token(host, bearer, scopes, credentials, limits)
    if (!offered.some((c) => c.scheme === 'basic'))
      throw new RegistryFault('denied', host, `${host} asks for credentials in a way that is not known here`)
    if (credentials?.username === undefined)
      throw new RegistryFault(
        'denied',
        host,
        `${host} wants user and password, and the Docker config file has none for it`
      )
    const header = basicHeader(credentials)
    this.basic.set(host, header)
    return header
  }

  private async token(
    host: string,
    { parameters }: Challenge,
    scopes: Scope[],
    credentials: Credentials | undefined,
    limits: Limits
  ): Promise<string> {
    if (credentials?.registryToken !== undefined)
      return this.keep(host, scopes, credentials.registryToken, usualLifeMs)
    const realm = parameters.get('realm') ?? ''
    if (!URL.canParse(realm))
      throw new RegistryFault('rejected', host, `${host} names no place to get a token from`)
    const asked =
      scopes.length > 0 ? scopes : (parameters.get('scope') ?? '').split(' ').filter((s) => s !== '')
    const answer = await this.ask(host, new URL(realm), parameters.get('service'), asked, credentials, limits)
    const value = await jsonOf(host, answer)
    const token = [value['token'], value['access_token']].find((t) => t !== undefined && t !== '')
    // What cannot stand in a header is no token.
    if (typeof token !== 'string' || !/^[\x21-\x7e]{1,65536}$/.test(token))
      throw new RegistryFault('rejected', host, `the token server of ${host} gives no token`)
    const seconds = value['expires_in']
    return this.keep(
      host,
      scopes,
      token,
      typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : usualLifeMs
    )
  }

  private keep(host: string, scopes: Scope[], token: string, lifeMs: number): string {
    const header = `Bearer ${token}`
    const until = this.clock.now() + Math.max(lifeMs - marginMs, lifeMs / 2)
    this.tokens.set(keyOf(host, scopes), { header, until })
    return header
  }

  private async ask(
    host: string,
    realm: URL,
    service: string | undefined,
    scopes: Scope[],
    credentials: Credentials | undefined,
    limits: Limits
  ): Promise<Answer> {
    const about: [string, string][] = [
      ...(service === undefined ? [] : [['service', service] as [string, string]]),
      ...scopes.map((scope): [string, string] => ['scope', scope])
    ]
    if (credentials?.identityToken === undefined) {
      for (const [name, value] of about) realm.searchParams.append(name, value)
      const headers: Record<string, string> =
        credentials?.username === undefined ? {} : { authorization: basicHeader(credentials) }
      return this.let(
        host,
        await this.web.send(host, { method: 'GET', url: realm, headers }, limits),
        credentials
      )
    }
    const form = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: 'safe-ecs-deploy',
      refresh_token: credentials.identityToken,
      ...(service === undefined ? {} : { service }),
      scope: scopes.join(' ')
    })
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const body = Buffer.from(form.toString())
    return this.let(
      host,
      await this.web.send(host, { method: 'POST', url: realm, headers, body }, limits),
      credentials
    )
  }

  /** A token server's answer when it is a good one. Its words are not repeated: they may hold what was sent. */
  private let(host: string, answer: Answer, credentials: Credentials | undefined): Answer {
    const { status, headers } = answer
    if (status === 200) return answer
    answer.drop()
    if (status === 429)
      throw new RegistryFault(
        'limited',
        host,
        `the token server of ${host} says that too many requests were made`,
        retryAfter(headers.get('retry-after'), this.clock.now())
      )
    if (status >= 500)
      throw new RegistryFault(
        'unreachable',
        host,
        `the token server of ${host} answers with HTTP status ${status}`
      )
    const who =
      credentials === undefined ? 'without credentials' : 'for the credentials of the Docker config file'
    throw new RegistryFault(
      'denied',
      host,
      `the token server of ${host} gives no token ${who} (HTTP status ${status})`
    )
  }
}

const keyOf = (host: string, scopes: Scope[]): string => [host, ...scopes].join(' ')

function basicHeader({ username = '', password = '' }: Credentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

async function jsonOf(host: string, answer: Answer): Promise<Record<string, unknown>> {
  const bytes = await bytesOf(host, answer, longestAnswer)
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    if (isObject(value)) return value
  } catch {
    // Said below.
  }
  throw new RegistryFault('rejected', host, `the token server of ${host} does not answer in JSON`)
}
