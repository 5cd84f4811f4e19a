import type { CandidateRow } from './candidate-row.js'
import type { Checks } from './checks.js'
import type { Audit } from './audit.js'
import type { Counts } from './counts.js'
import type { DeployPlan } from './deploy-plan.js'
import type { Finding } from './finding.js'
import type { TaskLog } from './observation.js'
import type { Ending } from './outcome.js'

/** The steps of a run, in the order in which a deploy walks through them. */
export type Step =
  | 'inspect'
  | 'pin'
  | 'way-back'
  | 'preflight'
  | 'promote'
  | 'tag'
  | 'register'
  | 'release'
  | 'watch'
  | 'restore'

/** How far a task has come. `stopped`: for a reason that does not count against the deployment. */
export type TaskState = 'starting' | 'running' | 'healthy' | 'unhealthy' | 'failed' | 'stopped'

/**
 * What happened, coded: the code is the interface (it stands in the report), the wording is the log's.
 * Texts from AWS are untrusted; faces clean them before they show them.
 */
export type HappeningBody =
  | { code: 'step'; step: Step; title: string }
  | { code: 'fact'; name: string; value: string }
  | { code: 'note'; text: string }
  /** `fix`: what to do about it, often a command that is ready to be run. */
  | { code: 'warning'; text: string; fix?: string }
  /** An image that the new revision (`new`) or a rollback needs would not stay in ECR, or is not there any more. */
  | { code: 'image-at-risk'; role: 'new' | 'rollback'; image: string; text: string; fix: string }
  /** How many bytes of a layer have arrived where it is copied to. */
  | { code: 'copying'; digest: string; bytes: number; of: number }
  | { code: 'preflight'; findings: Finding[] }
  /** What the deploy is about to change, or, where `only` this is asked for, what it would. */
  | { code: 'plan'; only: boolean; plan: DeployPlan }
  /** Every image that the services need, and what is wrong with any of them. */
  | ({ code: 'audit' } & Audit)
  /** The revisions that a rollback could go back to, the one that was good last first, and which it takes. */
  | { code: 'candidates'; candidates: CandidateRow[] }
  | { code: 'rollout'; elapsedMs: number; counts: Counts; state: string; what: string; first: boolean }
  /**
   * A task of the watched deployment came into this state, at `since` (epoch milliseconds on this machine's clock;
   * ECS's own time where it says one). For the picture of the rollout; the log does not show it.
   */
  | {
      code: 'task-seen'
      task: string
      taskDefinition: string
      state: TaskState
      since: number
      reasonCode?: string
    }
  | { code: 'task-failed'; task: string; reasonCode: string; text: string }
  | { code: 'task-stopped'; task: string; text: string }
  | { code: 'service-event'; eventAt: number; text: string }
  /** How the deployment of a revision stands against what it is held to; said when a number changed. */
  | { code: 'checks'; taskDefinition: string; checks: Checks }
  | { code: 'verdict'; state: string; text: string }
  /** Why it fails, as soon as that is known, before anything is undone. */
  | { code: 'cause'; reasonCode: string; sentence: string; evidence: string[]; logs: TaskLog[]; fix: string }
  | { code: 'ended'; ending: Ending }

/** A happening with its time, epoch milliseconds. */
export type Happening = HappeningBody & { at: number }
