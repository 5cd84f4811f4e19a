/** GitHub's REST API over a repository: who asks, whether they may, how often, and what they are told. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Strike } from '../faults.js'
import type { JournalEntry } from '../journal.js'
import type { SlowAnswers } from '../server/slow-answers.js'
import { bodyOf, GitHubError, refusals } from './errors.js'
import { routeOf, type Route, type Told } from './routes.js'
import type { Repository } from './state.js'
import { tellViewer } from './viewer.js'

/** Where GitHub is on the simulator's server; `GITHUB_API_URL` ends with it. */
export const githubPath = '/github'

interface Answer {
  status: number
  headers: Record<string, string>
  body: unknown
}

/** Answers one request below `githubPath`. `base` is the server's own URL. */
export function serveGitHub(
  repository: Repository,
  request: IncomingMessage,
  text: string,
  response: ServerResponse,
  base: string,
  slow: SlowAnswers
): void {
  const method = request.method ?? 'GET'
  const url = new URL(request.url ?? '/', base)
  const path = url.pathname.slice(githubPath.length)
  const home = `${githubPath}/repos/${repository.owner}/${repository.repo}`
  const found = url.pathname.startsWith(`${home}/`)
    ? routeOf(method, url.pathname.slice(home.length))
    : undefined
  const entry: JournalEntry = {
    time: repository.clock.now(),
    service: 'github',
    operation: found?.route.operation ?? `${method} ${path}`,
    write: method !== 'GET' && path !== '/graphql',
    input: undefined
  }
  repository.journal.add(entry)
  const fault = repository.faults.strike(entry.operation, entry.time)
  if (hushed(fault, 'before', entry, response, slow)) {
    repository.journal.settled(entry)
    return
  }
  let headers: Record<string, string> = {}
  let answer: Answer
  try {
    entry.input = method === 'GET' ? Object.fromEntries(url.searchParams) : parse(text)
    const asker = whoAsks(repository, request)
    if (fault !== undefined) befall(fault, found?.route)
    headers = asker.limits.count(entry.write, entry.time)
    const { login, permissions } = asker
    const told = () => {
      if (found === undefined) return tellViewer(method, path, entry.input, login)
      const { route, parts } = found
      if (!allowed(route, permissions)) throw refusals.notAccessible(accepted(route))
      const body = method === 'GET' ? {} : (entry.input as Record<string, unknown>)
      return route.run({ repository, login, parts, query: url.searchParams, body, url: `${base}${home}` })
    }
    const one = told()
    if (one === undefined) throw refusals.notFound()
    answer = paged(one, url)
    entry.output = answer.body
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error
    entry.error = `${error.status} ${error.message}`
    answer = { status: error.status, headers: error.more.headers ?? {}, body: bodyOf(error) }
  }
  const lost = entry.error === undefined && hushed(fault, 'after', entry, response, slow)
  repository.journal.settled(entry)
  if (lost) return
  const whole = { ...answer, headers: { ...headers, ...answer.headers } }
  if (fault?.kind === 'slow') slow.later(response, fault.ms, () => send(response, whole))
  else send(response, whole, fault?.kind === 'malformed')
}

function whoAsks(repository: Repository, request: IncomingMessage) {
  const [, token] = /^(?:token|bearer) (.+)$/i.exec(request.headers.authorization ?? '') ?? []
  if (token === undefined) throw refusals.noCredentials()
  const known = repository.tokens.get(token)
  if (known === undefined) throw refusals.badCredentials()
  return known
}

function allowed({ method, needs }: Route, permissions: Readonly<Record<string, unknown>> | object): boolean {
  const held = permissions as Record<string, string | undefined>
  return needs.some((name) => held[name] === 'write' || (method === 'GET' && held[name] === 'read'))
}

function accepted({ method, needs }: Route): string {
  return needs.map((name) => `${name}=${method === 'GET' ? 'read' : 'write'}`).join('; ')
}

/** The faults that are refusals, as GitHub words them. */
function befall(fault: Strike, route: Route | undefined): void {
  switch (fault.kind) {
    case 'throttle':
      throw refusals.secondaryLimit(60)
    case 'server-error':
      throw refusals.serverError()
    case 'expired-token':
      throw refusals.badCredentials()
    case 'access-denied':
      throw refusals.notAccessible(route === undefined ? '' : accepted(route))
    case 'error':
      throw new GitHubError(fault.status ?? 500, fault.message)
    default:
  }
}

function hushed(
  fault: Strike | undefined,
  moment: 'before' | 'after',
  entry: JournalEntry,
  response: ServerResponse,
  slow: SlowAnswers
): boolean {
  if (fault?.kind !== 'connection-reset' && fault?.kind !== 'silence') return false
  if ((fault.when ?? 'before') !== moment) return false
  entry.error = fault.kind
  if (fault.kind === 'connection-reset') response.socket?.resetAndDestroy()
  else slow.announce(response)
  return true
}

/** One page of a list, with the Link header that leads to the others. */
function paged(told: Told, url: URL): Answer {
  if (told.list === undefined) return { status: told.status ?? 200, headers: {}, body: told.body }
  const whole = (name: string, otherwise: number, most: number): number => {
    const n = Math.trunc(Number(url.searchParams.get(name) ?? otherwise))
    return Number.isNaN(n) || n < 1 ? otherwise : Math.min(n, most)
  }
  const size = whole('per_page', 30, 100)
  const page = whole('page', 1, Infinity)
  const last = Math.max(1, Math.ceil(told.list.length / size))
  const link = (to: number, rel: string): string => {
    const there = new URL(url)
    there.searchParams.set('page', String(to))
    return `<${there.href}>; rel="${rel}"`
  }
  const links = [
    ...(page > 1 ? [link(page - 1, 'prev')] : []),
    ...(page < last ? [link(page + 1, 'next'), link(last, 'last')] : []),
    ...(page > 1 ? [link(1, 'first')] : [])
  ]
  return {
    status: 200,
    headers: links.length === 0 ? {} : { link: links.join(', ') },
    body: told.list.slice((page - 1) * size, page * size)
  }
}

function parse(text: string): Record<string, unknown> {
  if (text === '') return {}
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw refusals.notJson()
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refusals.notJson()
  return value as Record<string, unknown>
}

function send(response: ServerResponse, { status, headers, body }: Answer, broken = false): void {
  const text = body === undefined ? '' : JSON.stringify(body)
  const sent = broken ? text.slice(0, text.length / 2) : text
  response.writeHead(status, {
    ...(body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
    'content-length': Buffer.byteLength(sent),
    'x-github-media-type': 'github.v3; format=json',
    ...headers
  })
  response.end(sent)
}
