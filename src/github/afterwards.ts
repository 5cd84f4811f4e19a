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
import { commented, madeKey, type Made } from './faces.js'
import type { FaceName } from './face.js'
import { owedKey, postMs, reportKey, type Owed } from './finish.js'
import { getInput, getState, say, stateJournal } from './runner.js'
import { viewOf } from './view.js'

/**
 * Shows on GitHub how a run ended after it was cut off: in the comment and the deployment that it had begun, or in a
 * comment of its own. Gives one sentence for each that could not be told. Never throws.
 */
export async function tellAfterwards(
  open: OpenRun,
  ending: Ending,
  env: NodeJS.ProcessEnv,
  clock: Clock,
  finishMs: number
): Promise<string[]> {
  const workflow = workflowRun(env)
  return await finishFaces(
    await viewAfterwards(open, ending, workflow, clock.now()),
    workflow,
    env,
    clock,
    finishMs
  )
}

/** Long enough for a slow answer or two. */
const owedMs = 20_000

/**
 * Shows the end of a run that ended where GitHub did not take it in time. Gives what could not be told; undefined when
 * nothing is owed. Never throws.
 */
export async function tellOwed(env: NodeJS.ProcessEnv, clock: Clock): Promise<string[] | undefined> {
  const owed = readOwed(getState(owedKey))
  const left = owed && (await readReport(getState(reportKey)))
  if (!owed || !left?.run.ending) return undefined
  await clock.sleep(Math.min(postMs, Math.max(0, owed.at - clock.now())))
  const workflow = workflowRun(env)
  const { run, happenings, endedAt, mode } = left
  const view = viewOf(run, happenings, workflow, endedAt ?? clock.now(), mode)
  return await finishFaces(view, workflow, env, clock, owedMs, owed.faces)
}

/** The faces that main began, or a comment of its own, with this end. */
async function finishFaces(
  view: RunView,
  workflow: WorkflowRun,
  env: NodeJS.ProcessEnv,
  clock: Clock,
  finishMs: number,
  which: readonly FaceName[] = ['comment', 'deployment']
): Promise<string[]> {
  const access = accessOf(env, getInput('github-token'))
  if (!access) return []
  const api = new GitHubApi(access, clock, env)
  const made = readMade(getState(madeKey))
  const common = { api, clock, workflow, view: () => view, finishMs: () => finishMs }
  const prNumber = made.pull ?? (Number(getInput('pr-number')) || undefined)
  const wantsComment = getInput('comment') !== 'off' && commented.includes(view.mode ?? 'deploy')
  const { deployment } = made
  const faces = [
    ...(wantsComment && which.includes('comment')
      ? [
          new CommentFace({
            ...common,
            say,
            begun: made.comment !== undefined,
            remember: (what) => stateJournal.save(madeKey, JSON.stringify({ ...made, ...what })),
            ...(prNumber === undefined ? {} : { prNumber })
          })
        ]
      : []),
    ...(deployment !== undefined && which.includes('deployment')
      ? [new DeploymentFace({ ...common, deployment, remember: () => undefined })]
      : [])
  ]
  const troubles = await Promise.all(faces.map(async (face) => await face.finish(view)))
  return troubles.flatMap((trouble) => (trouble === undefined ? [] : [trouble.text]))
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
  return viewOf({ ...record, ...left?.run, ending }, left?.happenings ?? [], workflow, now, left?.mode)
}

/** What main wrote of the run; undefined when there is nothing, as after a kill. */
async function readReport(path: string): Promise<Left | undefined> {
  try {
    const report = JSON.parse(await readFile(path, 'utf8')) as Run & Partial<Left>
    const { happenings, endedAt, mode, ...run } = report
    if (!Array.isArray(happenings)) return undefined
    return {
      run,
      happenings,
      ...(typeof endedAt === 'number' ? { endedAt } : {}),
      ...(typeof mode === 'string' ? { mode } : {})
    }
  } catch {
    return undefined
  }
}

interface Left {
  run: Run
  happenings: Happening[]
  endedAt?: number
  mode?: string
}

function readOwed(text: string): Owed | undefined {
  try {
    const { faces, at } = JSON.parse(text) as Partial<Owed>
    return Array.isArray(faces) && typeof at === 'number' ? { faces, at } : undefined
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
