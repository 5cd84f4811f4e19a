import type { Ending } from '../domain/outcome.js'
import type { Inputs, Mode } from '../inputs.js'
import type { Ports } from '../ports.js'
import type { Run } from '../steps/record.js'
import { audit } from './audit.js'
import { deploy } from './deploy.js'
import { diagnose } from './diagnose.js'
import { plan } from './plan.js'
import { rollback } from './rollback.js'

/**
 * A mode as main runs it: fills `run` on the way and gives the ending. Throws Refusal before anything was touched,
 * AwsFault when AWS fails us, and the signal's reason when the run is cancelled.
 */
export type RunMode = (ports: Ports, inputs: Inputs, run: Run, signal?: AbortSignal) => Promise<Ending>

/** The modes that this version knows. */
export const modes: Partial<Record<Mode, RunMode>> = { audit, deploy, diagnose, plan, rollback }
