import type { Happening } from '../domain/events.js'
import type { RunView } from '../report/view.js'
import type { Run } from '../steps/record.js'
import type { WorkflowRun } from './context.js'

/** The view that pages are made of, from what the run has found and what happened. */
export function viewOf(
  run: Run,
  happenings: readonly Happening[],
  workflow: WorkflowRun,
  now: number,
  mode?: string
): RunView {
  const { runUrl, commitUrl, sha, subject } = workflow
  return {
    ...run,
    ...(mode === undefined ? {} : { mode }),
    now,
    happenings,
    links: {
      ...(runUrl === undefined ? {} : { run: runUrl }),
      ...(commitUrl === undefined ? {} : { commit: commitUrl })
    },
    ...(sha === '' ? {} : { commit: { sha, ...(subject === undefined ? {} : { subject }) } })
  }
}
