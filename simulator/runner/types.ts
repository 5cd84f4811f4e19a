/** What goes into a run of the stand-in runner, and what comes out. */
import type { WorkflowCommand } from '../workflow-commands.js'

/** What the runner knows of the workflow run; every value has a default. */
export interface GitHubContext {
  repository: string
  sha: string
  ref: string
  workflow: string
  job: string
  runId: string
  runNumber: string
  runAttempt: string
  actor: string
  serverUrl: string
  apiUrl: string
  token: string
}

/** How to run an action. */
export interface RunOptions {
  /** The directory that holds action.yml. */
  action: string
  /** What stands under `with:`. Values are handed over untouched: the runner does not trim, the toolkit does. */
  inputs?: Record<string, string>
  /** The job's environment (AWS_*, ...), the same for both stages or chosen for each as it starts. */
  env?: Record<string, string> | ((stage: Stage) => Record<string, string>)
  /** Files of the checked-out workspace: path to text. */
  files?: Record<string, string>
  /** The event that started the workflow. */
  event?: { name: string; payload: unknown }
  github?: Partial<GitHubContext>
  /** The node binary; default: the one that runs this. */
  node?: string
  /** CommonJS files given to node with --require. */
  preload?: string[]
  /** Where workspace, temp and command files go. Default: a new directory, removed at the end. */
  directory?: string
  /** Called with each line as the log shows it, masked, and with the command in it when the runner acts on one. */
  onLine?: (
    line: string,
    source: 'stdout' | 'stderr',
    command: WorkflowCommand | undefined,
    stage: Stage
  ) => void
  /** Called with stdout and stderr as they come, raw. */
  onOutput?: (chunk: string, source: 'stdout' | 'stderr', stage: Stage) => void
  /** How the runner waits; default: real time. */
  wait?: (ms: number) => Promise<unknown>
  /** The step's `timeout-minutes`; post gets as many of its own. */
  timeoutMinutes?: number
  /** The step's `if:`; default `success()`. One that holds when the job is cancelled spares the step every signal. */
  if?: string
  /** False: post does not run, as when the machine goes away after main. */
  post?: boolean
  /** How the step is called in the log. Default `Run ./`. */
  name?: string
  /**
   * `process`: who runs in lockstep keeps its times itself (cancel, timeout, the end of the job) and notes each signal,
   * with its reason, in the file `SIMULATOR_SIGNALS`. Default: `runner`.
   */
  timekeeper?: 'runner' | 'process'
  /** With the timekeeper `process`: whether the job has been cancelled by now. */
  isCancelled?: () => boolean
}

export type Stage = 'main' | 'post'
export type Conclusion = 'success' | 'failure' | 'cancelled'

/** An error, warning or notice as GitHub keeps it; properties as the command gave them (`title`, `file`, ...). */
export interface Annotation {
  kind: 'error' | 'warning' | 'notice'
  message: string
  properties: Record<string, string>
}

/** What one stage, main or post, left behind. */
export interface StageResult {
  /** As a shell would count it: 128 + n when signal n ended the process. */
  exitCode: number
  signal: NodeJS.Signals | null
  /** How the step would be marked. */
  conclusion: Conclusion
  stdout: string
  stderr: string
  outputs: Record<string, string>
  /** The intra-action state as post sees it, without the `STATE_` prefix. */
  state: Record<string, string>
  /** What the stage put into GITHUB_ENV. */
  env: Record<string, string>
  /** What the stage put into GITHUB_PATH. */
  path: string[]
  /** The job summary, masked. */
  summary: string
  /** Values that ::add-mask:: made secret, in both stages so far. */
  masks: string[]
  /** What GitHub shows beside the run: at most 10 a kind, each at most 4096 characters. */
  annotations: Annotation[]
  /** Every command the runner acted on, in the order they were read. */
  commands: WorkflowCommand[]
  /** Errors that the runner itself adds, such as a file command it cannot read; each fails the step. */
  errors: string[]
  /** Warnings that the runner itself adds. */
  warnings: string[]
  /** Signals the process was sent. */
  signals: NodeJS.Signals[]
}

/** What a whole run left behind: main's result, and post's when the action has a post that ran. */
export interface RunResult extends StageResult {
  post?: StageResult
  /** How the job would be marked were this its only step. */
  job: Conclusion
}

/** A run under way. */
export interface Run {
  readonly result: Promise<RunResult>
  /**
   * Cancels as GitHub does: a step whose `if:` no longer holds gets SIGINT, 7.5 s later SIGTERM, 2.5 s later SIGKILL,
   * that process only; then post runs. 4 min 45 s after the cancel everything is killed, whatever still runs.
   */
  cancel(): void
  /**
   * The process is killed at once, and not by the runner, which goes on with post; with `machine` it is gone too.
   */
  crash(what: 'process' | 'machine'): void
  /** The runner's own machine goes away: the same ladder, no post, and the job has failed. */
  shutdown(): void
  /** What the stage that runs has written to GITHUB_STATE by now, as text. */
  saved(): string
}

export const defaultContext: GitHubContext = {
  repository: 'octo-org/shop',
  sha: '4f1c2b9a7d3e5f60718293a4b5c6d7e8f9012345',
  ref: 'refs/heads/main',
  workflow: 'Deploy',
  job: 'deploy',
  runId: '8123456789',
  runNumber: '42',
  runAttempt: '1',
  actor: 'octocat',
  serverUrl: 'https://github.com',
  // Nobody listens on the discard port: an action that calls GitHub without being given one hears "refused" at once.
  apiUrl: 'http://127.0.0.1:9',
  token: ''
}
