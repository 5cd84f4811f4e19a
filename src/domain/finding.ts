import type { ReasonCode } from './outcome.js'

/** The parts of the world that checks are about, in the order in which they are shown. */
export const areas = ['service', 'definition', 'load balancer', 'network'] as const
export type Area = (typeof areas)[number]

/** What to do, with exact names: a sentence, and where it can be said exactly, a command or a way in the console. */
export interface Fix {
  todo: string
  command?: string
  console?: string
}

/**
 * What a check answers. `error` is only what makes this deployment fail for certain, or its result unknowable;
 * everything else that a person should know is a `warning`. `unknown` is never held against anybody.
 */
export type Answer =
  | { state: 'ok'; says: string; evidence: string[] }
  | {
      state: 'warning' | 'error'
      says: string
      evidence: string[]
      fix: Fix
      /** Of an error, when there is one that fits. */
      reasonCode?: ReasonCode
    }
  | { state: 'unknown'; why: string }

/** An answer with the name of its check. */
export type Finding = Answer & { check: string; area: Area }

/** A finding that a person should read. */
export type Trouble = Extract<Finding, { state: 'warning' | 'error' }>

/** The findings that a person should read, errors first. */
export function troubles(findings: readonly Finding[]): Trouble[] {
  const of = (state: string) => findings.filter((f): f is Trouble => f.state === state)
  return [...of('error'), ...of('warning')]
}

/** Why checks could not be made, each reason once, and how many checks that were. */
export function unanswered(findings: readonly Finding[]): { checks: number; why: string[] } {
  const found = findings.flatMap((f) => (f.state === 'unknown' ? [f.why] : []))
  return { checks: found.length, why: [...new Set(found)] }
}

/** `12 ok, 1 warning, 3 unknown`, without what there is none of. */
export function tally(findings: readonly Finding[]): string {
  const count = (state: Finding['state']) => findings.filter((f) => f.state === state).length
  const many = (n: number, what: string) =>
    `${n} ${what}${n === 1 || what === 'ok' || what === 'unknown' ? '' : 's'}`
  return (['error', 'warning', 'ok', 'unknown'] as const)
    .flatMap((state) => (count(state) === 0 ? [] : [many(count(state), state)]))
    .join(', ')
}
