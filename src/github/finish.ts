import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import * as core from '@actions/core'
import { isGreen, type Ending } from '../domain/outcome.js'
import type { Clock } from '../ports.js'
import { annotationsOf } from '../report/annotations.js'
import { outputsOf } from '../report/outputs.js'
import { reportOf } from '../report/report.js'
import { summaryOf } from '../report/summary.js'
import type { Run } from '../steps/record.js'
import type { WorkflowRun } from './context.js'
import { tryTo, type LogHost } from './runner.js'
import { viewOf } from './view.js'

/** The name under which the post step finds the report of main. */
export const reportKey = 'report'

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
  const { notice } = annotationsOf(ending, [], troubles)
  if (notice) core.notice(notice.message, { title: notice.title })
  if (!isGreen(ending.outcome)) process.exitCode = 1
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
