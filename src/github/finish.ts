import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import * as core from '@actions/core'
import { isGreen, type Ending } from '../domain/outcome.js'
import type { Clock } from '../ports.js'
import { annotationsOf } from '../report/annotations.js'
import { outputsOf } from '../report/outputs.js'
import { reportOf } from '../report/report.js'
import { summaryOf } from '../report/summary.js'
import { forLog } from '../report/untrusted.js'
import type { Run } from '../steps/record.js'
import type { WorkflowRun } from './context.js'
import type { FaceName, Trouble } from './face.js'
import { tryTo, type LogHost } from './runner.js'
import { viewOf } from './view.js'

/** The name under which the post step finds the report of main. */
export const reportKey = 'report'
/** The name under which the post step finds what GitHub did not take at the end. */
export const owedKey = 'owed'
/** What GitHub did not take, and when it may, epoch milliseconds. */
export interface Owed {
  faces: FaceName[]
  at: number
}
/** How long the post step of a run that ended waits for that; a limit of GitHub mostly lasts a minute. */
export const postMs = 90_000

/**
 * Ends a run towards GitHub: report file, outputs, summary, error annotation, then the faces, which have a few seconds,
 * and last the exit code. A face that fails costs a line or a notice, never the outputs.
 */
export async function finish(
  run: Run,
  host: LogHost,
  clock: Clock,
  env: NodeJS.ProcessEnv,
  workflow: WorkflowRun,
  mode?: string
): Promise<void> {
  const ending: Ending = run.ending ?? {
    outcome: 'inconclusive',
    reason: 'The run ended without a verdict.',
    evidence: []
  }
  const endedAt = clock.now()
  host.announce({ code: 'ended', ending })
  const report = await tryTo('write the report', () =>
    writeReport(run, reportOf(run, ending, host.happenings, endedAt, mode), env)
  )
  const facts = { ...run, ending, endedAt, report: report ?? '' }
  for (const [name, value] of Object.entries(outputsOf(facts))) core.setOutput(name, value)
  if (report !== undefined) core.saveState(reportKey, report)
  const view = viewOf({ ...run, ending }, host.happenings, workflow, endedAt, mode)
  await tryTo('write the job summary', async () => {
    if (env['GITHUB_STEP_SUMMARY'] === undefined) return
    await core.summary.addRaw(summaryOf(view)).write()
  })
  const { error, warning } = annotationsOf(ending, host.happenings)
  if (error) core.error(error.message, { title: error.title })
  if (warning) core.warning(warning.message, { title: warning.title })
  const troubles = await Promise.all(
    host.faces.map(async (face) => await tryTo('tell GitHub', () => face.finish(view)))
  )
  const { notice } = annotationsOf(ending, [], owe(troubles, clock))
  if (notice) core.notice(notice.message, { title: notice.title })
  if (!isGreen(ending.outcome)) process.exitCode = 1
}

/** Leaves to the post step what GitHub may take soon; gives the sentences of what is not going to be shown. */
function owe(troubles: readonly (Trouble | undefined)[], clock: Clock): string[] {
  const known = troubles.filter((t) => t !== undefined)
  const latest = clock.now() + postMs
  const later = known.filter(({ again }) => again !== undefined && again < latest)
  if (later.length > 0) {
    const owed: Owed = { faces: later.map((t) => t.face), at: Math.max(...later.map((t) => t.again ?? 0)) }
    core.saveState(owedKey, JSON.stringify(owed))
  }
  for (const { text } of later) core.info(forLog(`${text} The post step tries again.`))
  return known.filter((t) => !later.includes(t)).map((t) => t.text)
}

async function writeReport(run: Run, report: object, env: NodeJS.ProcessEnv): Promise<string> {
  const safe = (text: string) => text.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 60)
  const name = [run.environment, run.service, run.startedAt]
    .map((part) => safe(String(part)))
    .filter((part) => part !== '')
  const directory = `${env['RUNNER_TEMP'] ?? tmpdir()}/safe-ecs-deploy`
  await mkdir(directory, { recursive: true })
  const file = `${directory}/${name.join('-')}.json`
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`, 'utf8')
  return file
}
