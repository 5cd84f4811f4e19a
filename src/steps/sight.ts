import type { ReasonCode } from '../domain/outcome.js'
import type { Verdict } from '../judge/verdict.js'
import { AwsFault, NotFound, type FaultKind, type Ports } from '../ports.js'

/** How long the world may be out of sight before that is the verdict, milliseconds. */
const blindMs = 5 * 60_000
const refusedLooks = 3

/** Keeps count of how long AWS has not let us see. */
export class Sight {
  private since: number | undefined
  private refused = 0
  private told = false

  constructor(
    private readonly ports: Ports,
    private readonly deadline: number
  ) {}

  regained(): void {
    this.since = undefined
    this.refused = 0
    if (this.told) this.ports.announce({ code: 'note', text: 'AWS answers again.' })
    this.told = false
  }

  /** The verdict when sight is lost for good; undefined while it is worth looking again. */
  lost(error: unknown): Extract<Verdict, { state: 'inconclusive' }> | undefined {
    if (!(error instanceof AwsFault) && !(error instanceof NotFound)) throw error
    const now = this.ports.clock.now()
    this.since ??= now
    // One such answer may come from a part of AWS that lags behind.
    if (error instanceof NotFound || error.kind === 'denied') this.refused += 1
    if (error instanceof NotFound)
      return this.refused < refusedLooks
        ? undefined
        : { state: 'inconclusive', what: error.message, code: 'unknown' }
    const what = `${error.operation}: ${error.message}`
    const over = now - this.since >= blindMs || now >= this.deadline
    if (error.kind === 'expired' || this.refused >= refusedLooks || over)
      return { state: 'inconclusive', what, code: faultCode(error.kind) }
    if (!this.told) this.ports.announce({ code: 'note', text: `No clear sight: ${what}. Looking again.` })
    this.told = true
    return undefined
  }
}

/** The reason code of a fault of AWS. */
export function faultCode(kind: FaultKind): ReasonCode {
  if (kind === 'denied') return 'aws-denied'
  if (kind === 'expired') return 'aws-expired'
  if (kind === 'throttled' || kind === 'unreachable') return 'aws-unreachable'
  return 'unknown'
}
