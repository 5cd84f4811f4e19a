import { mkdir, readFile, realpath, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import * as core from '@actions/core'
import type { Happening, HappeningBody } from '../domain/events.js'
import { isGreen } from '../domain/outcome.js'
import type { RunContext } from '../inputs.js'
import type { Announce, Clock, Journal, Workspace } from '../ports.js'
import { logLines, type LogStyle } from '../report/log.js'
import { outputsOf } from '../report/outputs.js'
import { paintOf } from '../report/paint.js'
import { summaryOf } from '../report/summary.js'
import { forLog } from '../report/untrusted.js'
import type { Run } from '../steps/record.js'

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

/** Tells happenings to the log as they come, and keeps them for the summary and the report. */
export class LogHost {
  readonly happenings: Happening[] = []
  private readonly style: LogStyle
  private grouped = false

  constructor(private readonly clock: Clock) {
    this.style = { startedAt: clock.now(), paint: paintOf(isColourful(process.env)) }
  }

  readonly announce: Announce = (body: HappeningBody) => {
    const happening: Happening = { ...body, at: this.clock.now() }
    this.happenings.push(happening)
    for (const line of logLines(happening, this.style)) {
      if ('group' in line) this.open(line.group)
      else if ('endGroup' in line) this.closeGroup()
      else core.info(line.line)
    }
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

/**
 * Ends a run towards GitHub: report file, outputs, summary, at most one error annotation, and last the
 * exit code. A face that fails costs a line in the log, never the outputs.
 */
export async function finish(run: Run, host: LogHost, clock: Clock, env: NodeJS.ProcessEnv): Promise<void> {
  const ending = run.ending ?? {
    outcome: 'inconclusive',
    reason: 'The run ended without a verdict.',
    evidence: []
  }
  const endedAt = clock.now()
  host.announce({ code: 'ended', ending })
  const report = await tryTo('write the report', () => writeReport(run, host.happenings, endedAt, env))
  const facts = { ...run, ending, endedAt, report: report ?? '' }
  for (const [name, value] of Object.entries(outputsOf(facts))) core.setOutput(name, value)
  await tryTo('write the job summary', async () => {
    if (env['GITHUB_STEP_SUMMARY'] === undefined) return
    await core.summary.addRaw(summaryOf({ ...facts, happenings: host.happenings })).write()
  })
  if (isGreen(ending.outcome)) return
  const title = `${ending.outcome}${ending.reasonCode === undefined ? '' : ` (${ending.reasonCode})`}`
  core.error(
    [ending.reason, ending.fix ?? '']
      .filter((t) => t !== '')
      .map((t) => forLog(t, 3000))
      .join(' '),
    { title }
  )
  process.exitCode = 1
}

async function writeReport(
  run: Run,
  happenings: Happening[],
  endedAt: number,
  env: NodeJS.ProcessEnv
): Promise<string> {
  const safe = (text: string) => text.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 60)
  const name = [run.environment, run.service, run.startedAt]
    .map((part) => safe(String(part)))
    .filter((part) => part !== '')
  const directory = `${env['RUNNER_TEMP'] ?? tmpdir()}/safe-ecs-deploy`
  await mkdir(directory, { recursive: true })
  const file = `${directory}/${name.join('-')}.json`
  await writeFile(file, `${JSON.stringify({ ...run, endedAt, happenings }, null, 2)}\n`, 'utf8')
  return file
}

async function tryTo<T>(what: string, act: () => Promise<T>): Promise<T | undefined> {
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
