import {
  Agent as PlainAgent,
  request as requestHttp,
  type IncomingMessage,
  type RequestOptions
} from 'node:http'
import { Agent, request as requestHttps } from 'node:https'
import type { Clock } from '../ports.js'
import { hide } from '../report/redact.js'

/** Where GitHub's REST API is, and who asks. */
export interface GitHubAccess {
  /** `GITHUB_API_URL`, without a slash at its end. */
  apiUrl: string
  /** `GITHUB_GRAPHQL_URL`. */
  graphqlUrl: string
  /** `owner/name`. */
  repository: string
  token: string
}

/** Why GitHub did not do it. `denied` and `missing` stay so; the others may pass. */
export type GitHubTrouble =
  'denied' | 'missing' | 'too-long' | 'rejected' | 'limited' | 'unreachable' | 'late'

/** GitHub did not do what was asked, or did not answer. */
export class GitHubFault extends Error {
  constructor(
    readonly kind: GitHubTrouble,
    message: string,
    /** For `limited`: when to ask again, epoch milliseconds. */
    readonly until?: number
  ) {
    super(message)
    this.name = 'GitHubFault'
  }
}

interface Answer {
  status: number
  headers: IncomingMessage['headers']
  text: string
}

const secretNames = [
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_ACCESS_KEY_ID',
  'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
  'ACTIONS_RUNTIME_TOKEN'
]

/** No answer of GitHub that is waited for takes longer. */
const patienceMs = 10_000
const longestAnswer = 8_000_000

/**
 * GitHub's REST API as far as the faces need it: JSON in, JSON out, one try. Every method throws GitHubFault and
 * nothing else; who tries again, and when, is the caller's matter. Proxies of the environment are used where node
 * knows how to (24.5 and newer).
 */
export class GitHubApi {
  private readonly agent: Agent | PlainAgent
  private readonly secrets: string[]

  constructor(
    readonly access: GitHubAccess,
    private readonly clock: Clock,
    env: NodeJS.ProcessEnv
  ) {
    const options = { keepAlive: false, proxyEnv: env }
    this.secrets = [access.token, ...secretNames.flatMap((name) => env[name] ?? [])]
    this.agent = access.apiUrl.startsWith('https:') ? new Agent(options) : new PlainAgent(options)
  }

  /** Asks below the repository: `GET`, `/pulls/1`. Ends early when the signal is aborted. */
  async ask(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
    signal?: AbortSignal
  ): Promise<unknown> {
    const { apiUrl, repository } = this.access
    return await this.told(method, `${apiUrl}/repos/${repository}${path}`, body, signal)
  }

  /** Every page of a list, a hundred at a time, until `enough` says that what came will do. */
  async pages(
    path: string,
    enough: (page: unknown[]) => Promise<boolean>,
    signal?: AbortSignal
  ): Promise<void> {
    for (let page = 1; page <= mostPages; page++) {
      const list = await this.ask('GET', `${path}?per_page=100&page=${page}`, undefined, signal)
      if (!Array.isArray(list)) throw new GitHubFault('rejected', `GET ${path} gave no list`)
      if ((await enough(list)) || list.length < 100) return
    }
  }

  /**
   * The login that the token speaks for, where GitHub says it: GraphQL knows it of every token, REST of people's only
   * (an app's is refused with 403).
   */
  async viewer(signal?: AbortSignal): Promise<string | undefined> {
    const { apiUrl, graphqlUrl } = this.access
    const ways = [
      async () =>
        field(
          field(await this.told('POST', graphqlUrl, { query: '{ viewer { login } }' }, signal), 'data'),
          'viewer'
        ),
      async () => await this.told('GET', `${apiUrl}/user`, undefined, signal)
    ]
    for (const way of ways) {
      const login = field(await way().catch(() => undefined), 'login')
      if (typeof login === 'string') return login
    }
    return undefined
  }

  private async told(method: string, url: string, body: unknown, signal?: AbortSignal): Promise<unknown> {
    return parse(await this.send(method, url, body, signal))
  }

  private async send(method: string, url: string, body: unknown, signal?: AbortSignal): Promise<Answer> {
    const what = `${method} ${new URL(url).pathname.replace(/^.*\/repos\/[^/]+\/[^/]+/, '')}`
    const end = new AbortController()
    const all = AbortSignal.any([end.signal, ...(signal ? [signal] : [])])
    const late = this.clock.sleep(patienceMs, all).then(
      () => end.abort(),
      () => undefined
    )
    try {
      const answer = await this.exchange(method, url, body, all)
      if (answer.status >= 200 && answer.status < 300) return answer
      throw this.refusal(what, answer)
    } catch (error) {
      if (error instanceof GitHubFault) throw error
      if (all.aborted) throw new GitHubFault('late', `${what}: no answer in time`)
      throw new GitHubFault(
        'unreachable',
        `${what}: ${error instanceof Error ? error.message : String(error)}`
      )
    } finally {
      end.abort()
      await late
    }
  }

  private async exchange(method: string, url: string, body: unknown, signal: AbortSignal): Promise<Answer> {
    // What the environment holds in these very words has no form that would betray it.
    const text = body === undefined ? undefined : hide(JSON.stringify(body), this.secrets)
    const options: RequestOptions = {
      method,
      agent: this.agent,
      signal,
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${this.access.token}`,
        'user-agent': 'safe-ecs-deploy',
        'x-github-api-version': '2022-11-28',
        ...(text === undefined
          ? {}
          : { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(text) })
      }
    }
    return await new Promise((resolve, reject) => {
      const send = url.startsWith('https:') ? requestHttps : requestHttp
      const sent = send(url, options, (response) => {
        const chunks: Buffer[] = []
        let length = 0
        response.on('data', (chunk: Buffer) => {
          length += chunk.length
          if (length > longestAnswer) response.destroy(new Error('the answer is too long'))
          else chunks.push(chunk)
        })
        response.on('error', reject)
        response.on('aborted', () => reject(new Error('the answer broke off')))
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString('utf8')
          })
        )
      })
      sent.on('error', reject)
      sent.end(text)
    })
  }

  private refusal(what: string, { status, headers, text }: Answer): GitHubFault {
    const said = wordsOf(text)
    const message = `${what}: ${status} ${said}`.trim()
    const wait = this.waitOf(headers)
    if (status === 429 || (status === 403 && (wait !== undefined || /rate limit/i.test(said))))
      return new GitHubFault('limited', message, wait ?? this.clock.now() + 60_000)
    if (status === 422 || status === 413)
      return new GitHubFault(
        /too long|too large/i.test(said) || status === 413 ? 'too-long' : 'rejected',
        message
      )
    if (status === 401 || status === 403) {
      const needs = headers['x-accepted-github-permissions']
      return new GitHubFault('denied', typeof needs === 'string' ? `${message} (it wants ${needs})` : message)
    }
    if (status === 404 || status === 410) return new GitHubFault('missing', message)
    return new GitHubFault(status >= 500 || status === 408 ? 'unreachable' : 'rejected', message)
  }

  /** When a limit ends, epoch milliseconds: `retry-after` in seconds, or the reset of a used-up hour. */
  private waitOf(headers: Answer['headers']): number | undefined {
    const after = Number(headers['retry-after'])
    if (headers['retry-after'] !== undefined && Number.isFinite(after) && after >= 0)
      return this.clock.now() + Math.min(after, 7200) * 1000
    const reset = Number(headers['x-ratelimit-reset'])
    if (headers['x-ratelimit-remaining'] === '0' && Number.isFinite(reset)) return reset * 1000
    return undefined
  }
}

/** Ten thousand comments; nobody reads further. */
const mostPages = 100

function parse({ text, status }: Answer): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new GitHubFault('unreachable', `the answer (${status}) is no JSON`)
  }
}

/** GitHub's `message` and those of its `errors`. */
function wordsOf(text: string): string {
  try {
    const body = JSON.parse(text) as { message?: unknown; errors?: unknown }
    const errors = Array.isArray(body.errors) ? body.errors.map((e: unknown) => field(e, 'message')) : []
    return [body.message, ...errors]
      .filter((t) => typeof t === 'string')
      .join(': ')
      .slice(0, 500)
  } catch {
    return ''
  }
}

/** A member of what may be an object. */
export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}
