/** Whom a token speaks for: REST's user, and of GraphQL the one question that asks it. */
import { refusals } from './errors.js'
import type { Told } from './routes.js'
import { user } from './shapes.js'

const isApp = (login: string): boolean => login.endsWith('[bot]')

/**
 * Answers `GET /user` and `POST /graphql` of `{ viewer { login } }`; undefined for anything else. A token of an app is no
 * user's: REST refuses it, GraphQL tells its bot.
 */
export function tellViewer(method: string, path: string, input: unknown, login: string): Told | undefined {
  if (method === 'GET' && path === '/user') {
    if (isApp(login)) throw refusals.notAccessible('')
    return { body: user(login) }
  }
  if (method !== 'POST' || path !== '/graphql') return undefined
  const { query } = input as { query?: unknown }
  if (typeof query !== 'string' || !/^\s*(?:query\s*)?\{\s*viewer\s*\{\s*login\s*\}\s*\}\s*$/.test(query))
    throw refusals.notFound()
  return { body: { data: { viewer: { login } } } }
}
