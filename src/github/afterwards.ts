import { readFile } from 'node:fs/promises'
import type { Happening } from '../domain/events.js'
import type { Ending } from '../domain/outcome.js'
import type { Clock } from '../ports.js'
import type { RunView } from '../report/view.js'
import type { OpenRun, Run } from '../steps/record.js'
import { accessOf, workflowRun, type WorkflowRun } from './context.js'
import { DeploymentFace } from './deployments.js'
import { CommentFace } from './comment-face.js'
import { GitHubApi } from './api.js'
import { madeKey, type Made } from './faces.js'
import { reportKey } from './finish.js'
import { getInput, getState, say, stateJournal } from './runner.js'
import { viewOf } from './view.js'

/** Long enough for a slow answer or two; the other post steps of the job wait meanwhile. */
const finishMs = 15_000

/**
 * Shows on GitHub how a run ended after it was cut off: in the comment and the deployment that it had begun, or in a
 * comment of its own. Gives one sentence for each that could not be told. Never throws.
 */
export async function tellAfterwards(
  open: OpenRun,
  ending: Ending,
  env: NodeJS.ProcessEnv,
  clock: Clock
): Promise<string[]> {
  const workflow = workflowRun(env)
  const access = accessOf(env, getInput('github-token'))
  if (!access) return []
  const api = new GitHubApi(access, clock, env)
  const made = readMade(getState(madeKey))
  const view = await viewAfterwards(open, ending, workflow, clock.now())
  const common = { api, clock, workflow, view: () => view, finishMs: () => finishMs }
  const prNumber = made.pull ?? (Number(getInput('pr-number')) || undefined)
  const faces = [
    ...(getInput('comment') === 'off'
      ? []
      : [
          new CommentFace({
            ...common,
            say,
            remember: (what) => stateJournal.save(madeKey, JSON.stringify({ ...made, ...what })),
            ...(prNumber === undefined ? {} : { prNumber })
          })
        ]),
    ...(made.deployment === undefined
      ? []
      : [new DeploymentFace({ ...common, deployment: made.deployment, remember: () => undefined })])
  ]
  const troubles = await Promise.all(faces.map(async (face) => await face.finish(view)))
  return troubles.filter((t) => t !== undefined)
}

/** What main has left of the run, with the end that it came to; what is in the record when main left nothing. */
async function viewAfterwards(
  open: OpenRun,
  ending: Ending,
  workflow: WorkflowRun,
  now: number
): Promise<RunView> {
  const { environment, cluster, service, startedAt, newTaskDefinition, knownGood } = open
  const record: Run = {
    environment,
    cluster,
    service,
    startedAt,
    ...(newTaskDefinition === undefined ? {} : { newTaskDefinition }),
    ...(knownGood === undefined ? {} : { previousTaskDefinition: knownGood }),
    images: {},
    imageTags: {},
    failedTasks: 0
  }
  const left = await readReport(getState(reportKey))
  return viewOf({ ...record, ...left?.run, ending }, left?.happenings ?? [], workflow, now)
}

/** The report that main wrote; undefined when there is none, as after a kill. */
async function readReport(path: string): Promise<{ run: Run; happenings: Happening[] } | undefined> {
  try {
    const { happenings, ...run } = JSON.parse(await readFile(path, 'utf8')) as Run & {
      happenings: Happening[]
    }
    return Array.isArray(happenings) ? { run, happenings } : undefined
  } catch {
    return undefined
  }
}

function readMade(text: string): Made {
  try {
    const { pull, comment, deployment } = JSON.parse(text) as Record<string, unknown>
    return {
      ...(typeof pull === 'number' ? { pull } : {}),
      ...(typeof comment === 'number' ? { comment } : {}),
      ...(typeof deployment === 'number' ? { deployment } : {})
    }
  } catch {
    return {}
  }
}
