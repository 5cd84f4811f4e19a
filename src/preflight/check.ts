import type { Answer, Area, Fix } from '../domain/finding.js'
import type { ReasonCode } from '../domain/outcome.js'
import type { Facts } from './facts.js'

export type { Answer, Area, Finding, Fix } from '../domain/finding.js'

/** One question to the world. Pure: facts in, answer out. */
export interface Check {
  /** Kebab-case; stands in the log and in the report. */
  name: string
  area: Area
  /** In plain words. */
  question: string
  /** The AWS actions whose answers it needs. */
  reads: string[]
  /** The worst that it can say before a deploy. */
  worst: 'warning' | 'error'
  /** Where the rule comes from. */
  source: string
  look(facts: Facts): Answer
}

/** Nothing to mend. */
export function ok(says: string, evidence: string[] = []): Answer {
  return { state: 'ok', says, evidence }
}

/** Worth knowing, and worth mending; the deployment may go well all the same. */
export function warning(says: string, evidence: string[], fix: Fix | string): Answer {
  return { state: 'warning', says, evidence, fix: fixOf(fix) }
}

/** This deployment would fail for certain. */
export function error(says: string, evidence: string[], fix: Fix | string, reasonCode?: ReasonCode): Answer {
  return {
    state: 'error',
    says,
    evidence,
    fix: fixOf(fix),
    ...(reasonCode === undefined ? {} : { reasonCode })
  }
}

/** The world does not say. */
export function unknowable(why: string): Answer {
  return { state: 'unknown', why }
}

function fixOf(fix: Fix | string): Fix {
  return typeof fix === 'string' ? { todo: fix } : fix
}

const ranks = { error: 3, warning: 2, unknown: 1, ok: 0 }

/** The gravest of several answers to one question, with the evidence of all that are as grave; none is `ok`. */
export function gravest(answers: Answer[], none: string): Answer {
  const worst = [...answers].sort((a, b) => ranks[b.state] - ranks[a.state])[0]
  if (!worst) return ok(none)
  const same = answers.filter((a) => a.state === worst.state)
  if (worst.state === 'unknown') return worst
  const evidence = same.flatMap((a) => (a.state === 'unknown' ? [] : a.evidence))
  const says = [...new Set(same.flatMap((a) => (a.state === 'unknown' ? [] : [a.says])))].join(' ')
  return { ...worst, says, evidence: [...new Set(evidence)] }
}
