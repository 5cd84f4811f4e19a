/** Which requests GitHub answers: method, path, what a token must be allowed, and who does it. */
import type { Permissions } from './api.js'
import { createComment, deleteComment, getComment, listComments, updateComment } from './comments.js'
import {
  createDeployment,
  createDeploymentStatus,
  getDeployment,
  getEnvironment,
  listDeployments,
  listDeploymentStatuses,
  listEnvironments
} from './deployments.js'
import { getPull, listPulls, listPullsOfCommit } from './pulls.js'
import type { Repository } from './state.js'

/** A request that reached its route. */
export interface Asked {
  repository: Repository
  /** Who asks. */
  login: string
  /** The parts of the path that are not fixed. */
  parts: string[]
  query: URLSearchParams
  body: Record<string, unknown>
  /** Where the repository is, for links: `http://127.0.0.1:1/github/repos/o/r`. */
  url: string
}

/** What is answered. */
export interface Told {
  status?: number
  /** Absent: no content. */
  body?: unknown
  /** A list that is cut into pages of 30, or `per_page`, at most 100. */
  list?: unknown[]
}

export interface Route {
  /** Octokit's name for it. */
  operation: string
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Below `/repos/{owner}/{repo}`, with `*` for any part. */
  path: string
  /** One of these is enough. */
  needs: readonly (keyof Permissions)[]
  run: (asked: Asked) => Told
}

const talk = ['issues', 'pull_requests'] as const

export const routes: readonly Route[] = [
  route(
    'listPullRequestsAssociatedWithCommit',
    'GET',
    '/commits/*/pulls',
    ['pull_requests'],
    listPullsOfCommit
  ),
  route('list', 'GET', '/pulls', ['pull_requests'], listPulls),
  route('get', 'GET', '/pulls/*', ['pull_requests'], getPull),
  route('listComments', 'GET', '/issues/*/comments', talk, listComments),
  route('createComment', 'POST', '/issues/*/comments', talk, createComment),
  route('getComment', 'GET', '/issues/comments/*', talk, getComment),
  route('updateComment', 'PATCH', '/issues/comments/*', talk, updateComment),
  route('deleteComment', 'DELETE', '/issues/comments/*', talk, deleteComment),
  route('listDeployments', 'GET', '/deployments', ['deployments'], listDeployments),
  route('createDeployment', 'POST', '/deployments', ['deployments'], createDeployment),
  route('getDeployment', 'GET', '/deployments/*', ['deployments'], getDeployment),
  route('listDeploymentStatuses', 'GET', '/deployments/*/statuses', ['deployments'], listDeploymentStatuses),
  route('createDeploymentStatus', 'POST', '/deployments/*/statuses', ['deployments'], createDeploymentStatus),
  route('getAllEnvironments', 'GET', '/environments', ['deployments'], listEnvironments),
  route('getEnvironment', 'GET', '/environments/*', ['deployments'], getEnvironment)
]

function route(
  operation: string,
  method: Route['method'],
  path: string,
  needs: Route['needs'],
  run: Route['run']
): Route {
  return { operation, method, path, needs, run }
}

/** The route of a request and the free parts of its path. */
export function routeOf(method: string, path: string): { route: Route; parts: string[] } | undefined {
  const asked = path.split('/')
  for (const route of routes) {
    const fixed = route.path.split('/')
    if (route.method !== method || fixed.length !== asked.length) continue
    if (fixed.every((part, i) => part === '*' || part === asked[i]))
      return { route, parts: asked.filter((_, i) => fixed[i] === '*').map(decodeURIComponent) }
  }
  return undefined
}
