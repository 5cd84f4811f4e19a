/** Faults that a test orders: rules over operations, calls and virtual time. */

export type Fault =
  | { kind: 'throttle' }
  | { kind: 'server-error' }
  | { kind: 'connection-reset' }
  | { kind: 'silence' }
  | { kind: 'access-denied'; resource?: string }
  | { kind: 'expired-token' }
  | { kind: 'error'; code: string; message: string; status?: number }
  /** DescribeServices answers as of before the last write, for so many seconds after it. */
  | { kind: 'stale'; seconds: number }

export interface FaultRule {
  fault: Fault
  /** An operation's name; absent: every operation. */
  operation?: string
  /** The first call that is hit, from 1. Default 1. */
  fromCall?: number
  /** How many calls are hit; absent: all from then on. */
  calls?: number
  /** Virtual time window, epoch ms. */
  after?: number
  until?: number
}

/** The rules in force; the first that matches a call decides it. */
export class Faults {
  private rules: { rule: FaultRule; seen: number }[] = []

  /** Adds a rule; the answer removes it again. */
  add(rule: FaultRule): () => void {
    const held = { rule, seen: 0 }
    this.rules.push(held)
    return () => {
      this.rules = this.rules.filter((r) => r !== held)
    }
  }

  /** Removes every rule. */
  clear(): void {
    this.rules = []
  }

  /** What this call runs into, if anything; counts the call. */
  strike(operation: string, now: number): Exclude<Fault, { kind: 'stale' }> | undefined {
    let struck: Exclude<Fault, { kind: 'stale' }> | undefined
    for (const held of this.rules) {
      const { rule } = held
      if (rule.fault.kind === 'stale') continue
      if (rule.operation !== undefined && rule.operation !== operation) continue
      if (now < (rule.after ?? -Infinity) || now >= (rule.until ?? Infinity)) continue
      held.seen++
      const first = rule.fromCall ?? 1
      if (held.seen < first || held.seen >= first + (rule.calls ?? Infinity)) continue
      struck ??= rule.fault
    }
    return struck
  }

  /** For how many seconds reads stay stale after a write now; 0 when they do not. */
  staleSeconds(now: number): number {
    const stale = this.rules
      .map((r) => r.rule)
      .find((r) => {
        return r.fault.kind === 'stale' && now >= (r.after ?? -Infinity) && now < (r.until ?? Infinity)
      })
    return stale?.fault.kind === 'stale' ? stale.fault.seconds : 0
  }
}
