import { readFile, realpath } from 'node:fs/promises'
import * as core from '@actions/core'
import type { Happening, HappeningBody } from '../domain/events.js'
import type { RunContext } from '../inputs.js'
import type { Announce, Clock, Journal, Workspace } from '../ports.js'
import { logLines, type LogStyle } from '../report/log.js'
import { paintOf } from '../report/paint.js'
import { forLog, logLine } from '../report/untrusted.js'
import type { Face } from './face.js'

/** Reads an input by its name in action.yml. */
export const getInput = (name: string): string => core.getInput(name)

/** What the runner's environment says of this workflow run. */
export function runContext(env: NodeJS.ProcessEnv): RunContext {
  return {
    sha: env['GITHUB_SHA'] ?? '',
    runId: env['GITHUB_RUN_ID'] ?? '',
    attempt: env['GITHUB_RUN_ATTEMPT'] ?? ''
  }
}

/** The state file of the action: what is saved survives a kill, and the post step reads it. */
export const stateJournal: Journal = { save: (key, value) => core.saveState(key, value) }

/** What main saved under this key, or an empty text. */
export const getState = (key: string): string => core.getState(key)

/** Tells happenings to the log and to the other faces as they come, and keeps them for the summary and the report. */
export class LogHost {
  readonly happenings: Happening[] = []
  /** Where else the run is shown. */
  faces: readonly Face[] = []
  private readonly style: LogStyle
  private grouped = false

  constructor(private readonly clock: Clock) {
    this.style = { startedAt: clock.now(), paint: paintOf(isColourful(process.env)) }
  }

  readonly announce: Announce = (body: HappeningBody) => {
    const happening: Happening = { ...body, at: this.clock.now() }
    this.happenings.push(happening)
    for (const line of logLines(happening, this.style, this.happenings)) {
      if ('group' in line) this.open(line.group)
      else if ('endGroup' in line) this.closeGroup()
      else core.info(logLine(line.line))
    }
    for (const face of this.faces) face.see(happening)
  }

  private open(title: string): void {
    this.closeGroup()
    core.startGroup(title)
    this.grouped = true
  }

  private closeGroup(): void {
    if (this.grouped) core.endGroup()
    this.grouped = false
  }
}

/** GitHub's log shows colours, as do terminals; NO_COLOR asks for none (https://no-color.org). */
function isColourful(env: NodeJS.ProcessEnv): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false
  return env['GITHUB_ACTIONS'] === 'true' || process.stdout.isTTY
}

/** Files of the workspace, by relative path; what lies outside of it, or is linked to there, is not read. */
export function workspaceOf(env: NodeJS.ProcessEnv): Workspace {
  return {
    read: async (path) => {
      try {
        const root = await realpath(env['GITHUB_WORKSPACE'] ?? process.cwd())
        const full = await realpath(path.startsWith(`${root}/`) ? path : `${root}/${path}`)
        return full.startsWith(`${root}/`) ? await readFile(full, 'utf8') : undefined
      } catch {
        return undefined
      }
    }
  }
}

/** What should not fail a run costs a line when it does. */
export async function tryTo<T>(what: string, act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act()
  } catch (error) {
    core.info(forLog(`Could not ${what}: ${error instanceof Error ? error.message : String(error)}`))
    return undefined
  }
}

/** Adds to the job summary of the post step. */
export async function addSummary(markdown: string): Promise<void> {
  await tryTo('write the job summary', async () => {
    await core.summary.addRaw(markdown).write()
  })
}

/** A line of the log, made harmless. */
export function say(text: string): void {
  core.info(forLog(text))
}
