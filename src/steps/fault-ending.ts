import type { Ending } from '../domain/outcome.js'
import { AwsFault, NotFound } from '../ports.js'
import { faultCode } from './sight.js'

/**
 * The ending of a run (or of its post step) that a fault of AWS or a bug ended; `left` is the sentence that says what
 * became of the service.
 */
export function faultEnding(error: unknown, left: string): Ending {
  if (error instanceof AwsFault)
    return {
      outcome: 'inconclusive',
      reasonCode: faultCode(error.kind),
      reason: `${error.operation} failed: ${error.message}. ${left}`,
      evidence: [],
      fix: fixOf(error)
    }
  if (error instanceof NotFound)
    return {
      outcome: 'inconclusive',
      reasonCode: 'unknown',
      reason: `${error.message}. ${left}`,
      evidence: []
    }
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return {
    outcome: 'inconclusive',
    reasonCode: 'unknown',
    reason: `An error in Safe ECS Deploy itself: ${what.split('\n')[0] ?? ''}. ${left}`,
    evidence: what.split('\n').slice(1, 5),
    fix: 'Please report it with this log.'
  }
}

function fixOf(fault: AwsFault): string {
  switch (fault.kind) {
    case 'denied':
      return `Let the role of this job call ${fault.operation}, and check that its credentials are those of this account.`
    case 'expired':
      return 'Get credentials that live longer than the deployment (role-duration-seconds), and run again.'
    default:
      return 'Run again; if it stays so, look at the health of AWS in this region.'
  }
}
