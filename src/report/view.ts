import type { Checks } from '../domain/checks.js'
import type { Happening, Step } from '../domain/events.js'
import type { Ending } from '../domain/outcome.js'
import type { Attempt } from './attempts.js'

/** What a page (comment or summary) is made of: a run as far as it has come, or as it ended. Times in epoch ms. */
export interface RunView {
  /** Absent: deploy. */
  mode?: string
  environment: string
  cluster: string
  service: string
  startedAt: number
  /** This moment, or the end of the run. */
  now: number
  /** Absent while the run goes on. */
  ending?: Ending
  previousTaskDefinition?: string
  newTaskDefinition?: string
  /** Container -> image of the revision that served before, as it is written there. */
  previousImages?: Record<string, string>
  /** Container -> `repo@sha256:…` */
  images: Record<string, string>
  /** Container -> full tagged reference. */
  imageTags: Record<string, string>
  failedTasks: number
  happenings: readonly Happening[]
  /** Where the containers log. */
  logGroups?: readonly LogGroup[]
  links?: Links
  commit?: { sha: string; subject?: string }
  /** Earlier attempts that the comment remembers, newest first. */
  past?: readonly Attempt[]
  /** Said at the end of the page, such as what the post step did. */
  afterwards?: readonly string[]
}

export interface LogGroup {
  container: string
  group: string
  region?: string
}

/** Addresses on GitHub, which the runner itself names. */
export interface Links {
  run?: string
  commit?: string
}

/** The plan that was told. */
export type Planned = Extract<Happening, { code: 'plan' }>

/** How far a run has come: what of it the pages tell apart. */
export interface Progress {
  step?: Step
  /** The newest numbers of the deployment that is watched, and whose they are. */
  checks?: { taskDefinition: string; checks: Checks }
  /** Why it fails, once that is known. */
  cause?: Extract<Happening, { code: 'cause' }>
  /** What changes, or would. */
  plan?: Planned
  /** What is waited for, in words. */
  what?: string
}

/** Reads the progress out of what happened. `of`: only numbers of that revision, when there are any. */
export function progressOf(happenings: readonly Happening[], of?: string): Progress {
  const progress: Progress = {}
  let own: Progress['checks']
  for (const h of happenings)
    if (h.code === 'step') progress.step = h.step
    else if (h.code === 'cause') progress.cause = h
    else if (h.code === 'plan') progress.plan = h
    else if (h.code === 'rollout') progress.what = h.what
    else if (h.code === 'checks') {
      progress.checks = h
      if (h.taskDefinition === of) own = h
    }
  const checks = own ?? progress.checks
  return { ...progress, ...(checks === undefined ? {} : { checks }) }
}
