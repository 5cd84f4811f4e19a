import type { TaskLog } from './observation.js'

/** How a run can end. The words are the interface: docs/outcomes.md. */
export type Outcome =
  | 'deployed'
  | 'unchanged'
  | 'rolled-back'
  | 'rollback-failed'
  | 'failed'
  | 'superseded'
  | 'refused'
  | 'inconclusive'
  | 'cancelled'
  /** Of the modes that only look. */
  | 'ok'
  | 'problems'

/** Why it ended so; the most specific that is proven. */
export type ReasonCode =
  | 'image-not-found'
  | 'image-platform-mismatch'
  | 'image-pull-denied'
  | 'image-pull-network'
  | 'image-pull-rate-limit'
  | 'image-pull-disk'
  | 'secret-missing'
  | 'secret-denied'
  | 'secret-content'
  | 'secret-network'
  | 'log-group-missing'
  | 'log-network'
  | 'log-config'
  | 'network-interface'
  | 'subnet-exhausted'
  | 'capacity'
  | 'placement'
  | 'port-conflict'
  | 'quota'
  | 'account-blocked'
  | 'container-exit'
  | 'container-oom'
  | 'container-exec-format'
  | 'container-killed'
  | 'container-health-check'
  | 'elb-health-code'
  | 'elb-health-timeout'
  | 'elb-health-unreachable'
  | 'target-not-registered'
  | 'target-not-in-use'
  | 'alarm'
  | 'circuit-breaker'
  | 'flapping'
  | 'stuck'
  | 'superseded'
  | 'busy'
  | 'input'
  | 'preflight'
  | 'aws-denied'
  | 'aws-expired'
  | 'aws-unreachable'
  | 'cancelled'
  | 'unknown'

const green: readonly Outcome[] = ['deployed', 'unchanged', 'ok']

/** True for the outcomes that leave the step green. */
export function isGreen(outcome: Outcome): boolean {
  return green.includes(outcome)
}

/**
 * The end of a run as a value: every face (log, summary, annotation, outputs, report) renders this.
 * `reason` is one sentence, `evidence` what proves it, `fix` what to do next.
 */
export interface Ending {
  outcome: Outcome
  /** Absent for the green outcomes: there is nothing to explain. */
  reasonCode?: ReasonCode
  reason: string
  evidence: string[]
  /** The last lines of containers that speak for it, made harmless. */
  logs?: TaskLog[]
  fix?: string
  /** ARN of the revision that serves now, as far as it was seen. */
  servingTaskDefinition?: string
  /** Said beside it when it does not serve well, such as `0 of 2 tasks healthy`. */
  servingNote?: string
}

/**
 * The run stops before anything was written: bad input, a service that cannot be deployed to, busy.
 * Carries every problem found, so that a person mends them in one go.
 */
export class Refusal extends Error {
  constructor(
    readonly problems: string[],
    readonly reasonCode: ReasonCode = 'input',
    readonly fix?: string,
    readonly evidence: string[] = []
  ) {
    super(problems.join('\n'))
    this.name = 'Refusal'
  }
}
