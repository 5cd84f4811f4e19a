/** What an operation is: an input from the wire in, an answer out, over the world. */
import type { SimulatedWorld } from '../world/world.js'
import type { Extras } from '../wire/validate.js'

export interface Operation {
  write: boolean
  /** Members the schema does not know are kept instead of refused (task definitions). */
  openEnded?: boolean
  run: (world: SimulatedWorld, input: never, findings: { unknown: readonly string[] }) => Answer
}

export interface Answer {
  output: Record<string, unknown>
  extras?: Extras
}

/** The request has been held against its schema before; each operation says which shape it reads. */
type Run = (world: SimulatedWorld, input: never) => Record<string, unknown>

/** An operation that only looks. */
export function read(run: Run): Operation {
  return { write: false, run: (world, input) => ({ output: run(world, input) }) }
}

/** An operation that changes the world. */
export function write(run: Run): Operation {
  return { write: true, run: (world, input) => ({ output: run(world, input) }) }
}
