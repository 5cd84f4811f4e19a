/**
 * A stand-in for the GitHub Actions runner (2.336): it starts an action directory the way the runner does, and
 * gives back everything the runner would have seen. It knows an action only by its action.yml and its files.
 */
import { Job } from './runner/job.js'
import type { Run, RunOptions, RunResult } from './runner/types.js'

export type { WorkflowCommand } from './workflow-commands.js'
export { jobEndsAfterCancel } from './runner/job.js'
export type {
  Annotation,
  Conclusion,
  GitHubContext,
  Run,
  RunOptions,
  RunResult,
  Stage,
  StageResult
} from './runner/types.js'

/** Starts an action; `result` settles when main and post are over. */
export function startAction(options: RunOptions): Run {
  const job = new Job(options)
  return {
    result: job.run(),
    cancel: () => job.cancel(),
    crash: (what) => job.crash(what),
    shutdown: () => job.shutdown(),
    saved: () => job.saved()
  }
}

/** Runs an action to its end. */
export async function runAction(options: RunOptions): Promise<RunResult> {
  return await startAction(options).result
}
