/** Where a step runs and what it finds there. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import type { GitHubContext, Stage } from './types.js'

/** The directories of a job. */
export interface Place {
  action: string
  root: string
  workspace: string
  temp: string
  /** The file with the event's payload. */
  event: string
}

/** The files that a step leaves words in, and the one in which signals are noted. */
export type CommandFiles = Record<'output' | 'state' | 'summary' | 'env' | 'path' | 'signals', string>

/** Makes the directories, the files of the workspace and the event. */
export function prepare(place: Place, files: Record<string, string>, payload: unknown): void {
  for (const dir of [place.workspace, join(place.temp, '_runner_file_commands'), join(place.root, 'home')])
    mkdirSync(dir, { recursive: true })
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(place.workspace, path)), { recursive: true })
    writeFileSync(join(place.workspace, path), text)
  }
  mkdirSync(dirname(place.event), { recursive: true })
  writeFileSync(place.event, JSON.stringify(payload, null, 2))
}

/** Empty command files, each stage its own. */
export function commandFiles(place: Place, stage: Stage): CommandFiles {
  const file = (prefix: string): string => {
    const path = join(place.temp, '_runner_file_commands', `${prefix}_${stage}`)
    writeFileSync(path, '')
    return path
  }
  return {
    output: file('set_output'),
    state: file('save_state'),
    summary: file('step_summary'),
    env: file('set_env'),
    path: file('add_path'),
    signals: file('signals')
  }
}

/** The environment of a step, from nothing: what this process happens to have set does not leak in. */
export function stepEnvironment(
  place: Place,
  github: GitHubContext,
  event: string,
  node: string,
  path: string[]
): Record<string, string> {
  const g = github
  const [owner] = g.repository.split('/')
  return {
    PATH: [...path.toReversed(), dirname(node), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
    HOME: join(place.root, 'home'),
    LANG: 'C.UTF-8',
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION: '__self',
    GITHUB_ACTION_PATH: place.action,
    GITHUB_WORKSPACE: place.workspace,
    GITHUB_EVENT_NAME: event,
    GITHUB_EVENT_PATH: place.event,
    GITHUB_REPOSITORY: g.repository,
    GITHUB_REPOSITORY_OWNER: owner!,
    GITHUB_SHA: g.sha,
    GITHUB_REF: g.ref,
    GITHUB_REF_NAME: g.ref.replace(/^refs\/(heads|tags|pull)\//, ''),
    GITHUB_REF_TYPE: g.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    GITHUB_WORKFLOW: g.workflow,
    GITHUB_JOB: g.job,
    GITHUB_RUN_ID: g.runId,
    GITHUB_RUN_NUMBER: g.runNumber,
    GITHUB_RUN_ATTEMPT: g.runAttempt,
    GITHUB_ACTOR: g.actor,
    GITHUB_TRIGGERING_ACTOR: g.actor,
    GITHUB_SERVER_URL: g.serverUrl,
    GITHUB_API_URL: g.apiUrl,
    GITHUB_GRAPHQL_URL: `${g.apiUrl}/graphql`,
    RUNNER_OS: 'Linux',
    RUNNER_ARCH: process.arch === 'arm64' ? 'ARM64' : 'X64',
    RUNNER_NAME: 'simulated',
    RUNNER_ENVIRONMENT: 'github-hosted',
    RUNNER_TEMP: place.temp,
    RUNNER_TOOL_CACHE: join(place.root, 'tools'),
    RUNNER_WORKSPACE: dirname(place.workspace)
  }
}
