import type { Ending } from '../domain/outcome.js'
import type { Inputs, Mode } from '../inputs.js'
import type { Ports } from '../ports.js'
import type { Run } from '../steps/record.js'
import { deploy } from './deploy.js'

/**
 * A mode as main runs it: fills `run` on the way and gives the ending. Throws Refusal before anything was touched,
 * AwsFault when AWS fails us, and the signal's reason when the run is cancelled.
 */
export type RunMode = (ports: Ports, inputs: Inputs, run: Run, signal?: AbortSignal) => Promise<Ending>

/** The modes; all but the usual one are loaded when they are asked for, so that the start pays only for what a run needs. */
export const modes: Record<Mode, RunMode> = {
  audit: async (...run) => await (await import('./audit.js')).audit(...run),
  deploy,
  diagnose: async (...run) => await (await import('./diagnose.js')).diagnose(...run),
  plan: async (...run) => await (await import('./plan.js')).plan(...run),
  rollback: async (...run) => await (await import('./rollback.js')).rollback(...run)
}
