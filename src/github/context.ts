import { readFileSync } from 'node:fs'
import { field, type GitHubAccess } from './api.js'

/** What the runner tells of the workflow run, as far as it was read. */
export interface WorkflowRun {
  event: string
  payload: unknown
  sha: string
  /** `refs/heads/main` */
  ref: string
  runId: string
  attempt: number
  /** Where people look at the run; absent when the runner does not say. */
  runUrl?: string
  commitUrl?: string
  /** First line of the commit's message, or the title of the pull request. Untrusted. */
  subject?: string
}

/** Reads the runner's environment and the file with the event. What is missing or broken is left out. */
export function workflowRun(env: NodeJS.ProcessEnv): WorkflowRun {
  const payload = readEvent(env['GITHUB_EVENT_PATH'])
  const sha = env['GITHUB_SHA'] ?? ''
  const runId = env['GITHUB_RUN_ID'] ?? ''
  const attempt = Number(env['GITHUB_RUN_ATTEMPT'] ?? '1')
  const home = homeOf(env)
  const subject = subjectOf(payload)
  return {
    event: env['GITHUB_EVENT_NAME'] ?? '',
    payload,
    sha,
    ref: env['GITHUB_REF'] ?? '',
    runId,
    attempt: Number.isInteger(attempt) && attempt > 0 ? attempt : 1,
    ...(home === undefined || !/^\d+$/.test(runId)
      ? {}
      : { runUrl: `${home}/actions/runs/${runId}${attempt > 1 ? `/attempts/${attempt}` : ''}` }),
    ...(home === undefined || !/^[0-9a-f]{40,64}$/.test(sha) ? {} : { commitUrl: `${home}/commit/${sha}` }),
    ...(subject === undefined ? {} : { subject })
  }
}

/** Where the API is; undefined without a token, a repository or an address. */
export function accessOf(env: NodeJS.ProcessEnv, token: string): GitHubAccess | undefined {
  const repository = env['GITHUB_REPOSITORY'] ?? ''
  const apiUrl = (env['GITHUB_API_URL'] ?? 'https://api.github.com').replace(/\/+$/, '')
  if (token === '' || !/^[\w.-]+\/[\w.-]+$/.test(repository) || !/^https?:\/\//.test(apiUrl)) return undefined
  if (!URL.canParse(apiUrl)) return undefined
  const given = env['GITHUB_GRAPHQL_URL'] ?? ''
  const graphqlUrl = URL.canParse(given) ? given : `${apiUrl.replace(/\/v3$/, '')}/graphql`
  return { apiUrl, graphqlUrl, repository, token }
}

function homeOf(env: NodeJS.ProcessEnv): string | undefined {
  const server = (env['GITHUB_SERVER_URL'] ?? '').replace(/\/+$/, '')
  const repository = env['GITHUB_REPOSITORY'] ?? ''
  return /^https?:\/\/[\w.:-]+$/.test(server) && /^[\w.-]+\/[\w.-]+$/.test(repository)
    ? `${server}/${repository}`
    : undefined
}

function readEvent(path: string | undefined): unknown {
  if (path === undefined || path === '') return undefined
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown
  } catch {
    return undefined
  }
}

function subjectOf(payload: unknown): string | undefined {
  const message =
    field(field(payload, 'head_commit'), 'message') ??
    field(field(field(payload, 'workflow_run'), 'head_commit'), 'message') ??
    field(field(field(payload, 'merge_group'), 'head_commit'), 'message') ??
    field(field(payload, 'pull_request'), 'title')
  return typeof message === 'string' && message.trim() !== '' ? message.trim().split(/[\r\n]/)[0] : undefined
}
