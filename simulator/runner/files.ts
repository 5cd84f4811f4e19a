/** What a step leaves in GITHUB_OUTPUT, GITHUB_STATE, GITHUB_ENV, GITHUB_PATH and GITHUB_STEP_SUMMARY. */
import { existsSync, readFileSync } from 'node:fs'
import { linesOf, pairsOf } from '../workflow-commands.js'
import type { CommandFiles } from './environment.js'
import { setIgnoringCase, type StepLog } from './log.js'
import type { StageResult } from './types.js'

/** Reads the command files into the result, in the runner's order; what it cannot read fails the step. */
export function readFiles(files: CommandFiles, result: StageResult, log: StepLog): void {
  const attempt = (what: string, read: () => void): void => {
    try {
      read()
    } catch (error) {
      log.fail(
        `Unable to process file command '${what}' successfully.`,
        error instanceof Error ? error.message : String(error)
      )
    }
  }
  const text = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '')
  attempt('path', () => result.path.push(...linesOf(text(files.path)).filter((line) => line !== '')))
  attempt('env', () => {
    for (const [key, value] of pairsOf(text(files.env))) {
      if (key.toUpperCase() === 'NODE_OPTIONS') {
        log.fail(`Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.`)
      } else result.env[key] = value
    }
  })
  attempt('step_summary', () => {
    const summary = text(files.summary)
    const size = Buffer.byteLength(summary)
    if (size <= 1024 * 1024) result.summary = log.masked(summary)
    else {
      // Only the upload fails: GitHub shows the error and leaves the step as it is.
      const why = `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k, got ${Math.floor(size / 1024)}k. For more information see: https://docs.github.com/actions/using-workflows/workflow-commands-for-github-actions#adding-a-markdown-summary`
      result.warnings.push(why)
      log.annotate('error', why)
    }
  })
  attempt('state', () => {
    for (const [key, value] of pairsOf(text(files.state))) setIgnoringCase(result.state, key, value)
  })
  attempt('output', () => {
    for (const [key, value] of pairsOf(text(files.output))) setIgnoringCase(result.outputs, key, value)
  })
}
