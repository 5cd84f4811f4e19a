import { tally, troubles, unanswered, type Finding, type Trouble } from '../domain/finding.js'

/** A line of text behind its front: what follows on further lines begins under it. */
export type Line = readonly [front: string, text: string]

/** What is well is counted, and what could not be looked at is one line. */
export function foldedLines(findings: readonly Finding[]): Line[] {
  const counted: Line = ['  ', `${findings.length} checks: ${tally(findings)}`]
  const { checks, why } = unanswered(findings)
  if (checks === 0) return [counted]
  const many = checks === 1 ? '1 check could not be made' : `${checks} checks could not be made`
  return [counted, ['  ? ', `${many}: ${why.join('; ')}`]]
}

/** What a person should read: what is, what proves it, what to do. */
export function troubleLines(findings: readonly Finding[]): Line[] {
  return troubles(findings).flatMap(linesOf)
}

function linesOf({ state, check, says, evidence, fix }: Trouble): Line[] {
  const more = [fix.console, fix.command].filter((text) => text !== undefined)
  return [
    [`  ${state === 'error' ? '✖' : '!'} `, `${check}: ${says}`],
    ...evidence.slice(0, 4).map((proof): Line => ['    proof  ', proof]),
    ['    to do  ', fix.todo],
    ...more.map((text): Line => ['           ', text])
  ]
}
