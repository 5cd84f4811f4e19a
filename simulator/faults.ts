/** Faults that a story orders: rules over operations, calls and virtual time, and weather that a seed fixes. */
import { Weather } from './faults/weather.js'

/** Before the work is done, or after it: the write happened, its answer was lost. */
export type Moment = 'before' | 'after'

export type Fault =
  /** `Rate exceeded`, in the words and with the status of the service. */
  | { kind: 'throttle' }
  /** 500. */
  | { kind: 'server-error' }
  /** Default: before. */
  | { kind: 'connection-reset'; when?: Moment }
  /** No answer, ever. Default: before. */
  | { kind: 'silence'; when?: Moment }
  /** SIGKILL for the program that asks, as `onKill` does it; it hears no answer. Default: before. */
  | { kind: 'caller-killed'; when?: Moment }
  /** The answer comes so many virtual milliseconds after the work was done. */
  | { kind: 'slow'; ms: number }
  /** The answer of the work done, broken: half a body, or a connection that ends in the middle of it. */
  | { kind: 'malformed'; how: 'truncated' | 'cut' }
  | { kind: 'access-denied'; resource?: string }
  | { kind: 'expired-token' }
  | { kind: 'error'; code: string; message: string; status?: number }
  /** Reads answer as of before the last write, for so many seconds after it; see `StaleReads` for which. */
  | { kind: 'stale'; seconds: number }

/** A fault that strikes a single call. */
export type Strike = Exclude<Fault, { kind: 'stale' }>

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

/** The rules in force; the first that matches a call decides it, then the weather. */
export class Faults {
  private rules: { rule: FaultRule; seen: number }[] = []
  private weathers: Weather[] = []
  private kill: () => void = () => undefined

  /** Adds a rule; the answer removes it again. */
  add(rule: FaultRule): () => void {
    const held = { rule, seen: 0 }
    this.rules.push(held)
    return () => {
      this.rules = this.rules.filter((r) => r !== held)
    }
  }

  /**
   * From now on each call is struck with that probability (0 to 1): by throttling, a 500, or a reset before or after
   * the work. The same seed strikes the same calls: the nth call of an operation, whatever comes between.
   */
  weather(seed: number, rate: number): () => void {
    const weather = new Weather(seed, rate)
    this.weathers.push(weather)
    return () => {
      this.weathers = this.weathers.filter((w) => w !== weather)
    }
  }

  /** Says how the program that asks is killed; the last one to say so counts. */
  onKill(kill: () => void): void {
    this.kill = kill
  }

  /** Kills the program that asks. */
  killCaller(): void {
    this.kill()
  }

  /** Removes every rule and all weather. */
  clear(): void {
    this.rules = []
    this.weathers = []
  }

  /** What this call runs into, if anything; counts the call. */
  strike(operation: string, now: number): Strike | undefined {
    let struck: Strike | undefined
    for (const held of this.rules) {
      const { rule } = held
      if (rule.fault.kind === 'stale' || !inForce(rule, operation, now)) continue
      held.seen++
      const first = rule.fromCall ?? 1
      if (held.seen < first || held.seen >= first + (rule.calls ?? Infinity)) continue
      struck ??= rule.fault
    }
    for (const weather of this.weathers) {
      const blow = weather.strike(operation)
      struck ??= blow
    }
    return struck
  }

  /** For how many seconds a read stays stale after a write now; 0 when it does not. */
  staleSeconds(operation: string, now: number): number {
    const seconds = this.rules.map(({ rule }) =>
      rule.fault.kind === 'stale' && inForce(rule, operation, now) ? rule.fault.seconds : 0
    )
    return Math.max(0, ...seconds)
  }
}

function inForce(rule: FaultRule, operation: string, now: number): boolean {
  return (
    (rule.operation === undefined || rule.operation === operation) &&
    now >= (rule.after ?? -Infinity) &&
    now < (rule.until ?? Infinity)
  )
}
