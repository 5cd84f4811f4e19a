import { revisionName } from '../domain/arn.js'
import { parseImage } from '../domain/image.js'
import { candidatesOf, type Candidate } from '../domain/known-good.js'
import { containersOf, type TaskDefinition } from '../domain/task-definition.js'
import type { Inputs } from '../inputs.js'
import type { Ports, ServiceName } from '../ports.js'
import type { Before } from './inspect.js'
import { goodNow, knownGood, runsNow, sayCandidate } from './known-good.js'
import { isEligible, Prover, type Proven } from './prove.js'

/** So many candidates are looked into before a deploy goes on without a way back. */
const mostProofs = 4

/**
 * The revision that a failing deployment goes back to, proven, with newer ones that could not be gone back to; or why
 * there is none. `otherwise`: where it goes when the target is the revision that is deployed again, and ECS cannot put
 * back the deployment of it that stands: false when no other is known good.
 */
export type WayBack = { target: Proven; skipped: string[]; otherwise?: Proven | false } | { none: string }

/**
 * Finds where a deploy goes back to if it fails, and proves it before anything is touched. A candidate that could not
 * start is a warning, and the next one is taken. Reads only; what runs now is enough, most often, and costs one look at
 * its images. `again`: the revision that runs is what is deployed, so that another one is looked for beside it. Throws
 * AwsFault only for expired credentials.
 */
export async function planWayBack(
  ports: Ports,
  name: ServiceName,
  inputs: Inputs,
  before: Before,
  running: TaskDefinition,
  again = false
): Promise<WayBack> {
  const { service } = before
  const prover = new Prover(ports, service, inputs.environment, running)
  const known = (c: Candidate) => (c.taskDefinition === before.primary.taskDefinition ? running : undefined)
  const now = candidatesOf(goodNow(service).slice(0, 1).map(runsNow))[0]
  // A tag may mean another image by now: then ECS's history knows the digest that was good.
  if (!again && now && (now.taskDefinition !== before.primary.taskDefinition || !namesTags(running))) {
    const proven = await prover.prove(now, known(now))
    if (isEligible(proven)) return { target: proven, skipped: [] }
  }
  const skipped: string[] = []
  let first: Proven | undefined
  for (const candidate of (await knownGood(ports, name, service, inputs.environment, false)).slice(
    0,
    mostProofs
  )) {
    const proven = await prover.prove(candidate, known(candidate))
    const isAgain = again && candidate.taskDefinition === before.primary.taskDefinition
    if (!isEligible(proven))
      skipped.push(
        `${revisionName(candidate.taskDefinition)}: ${[...proven.problems, ...proven.doubts].join('; ')}`
      )
    // A copy of it with the digests that were good is another revision.
    else if (isAgain && proven.pins.size === 0) first = proven
    else if (first) return { target: first, skipped, otherwise: proven }
    else return { target: proven, skipped }
  }
  if (first) return { target: first, skipped, otherwise: false }
  return { none: skipped.length === 0 ? 'no revision of this service is known good' : skipped.join('. ') }
}

function namesTags({ definition }: TaskDefinition): boolean {
  return containersOf(definition).some(({ image }) => {
    const reference = parseImage(image)
    return reference?.ecr !== undefined && reference.digest === undefined
  })
}

/** Tells where a failing deployment goes back to, or that it goes nowhere. */
export function tellWayBack(ports: Ports, inputs: Inputs, way: WayBack): void {
  const fact = (value: string) => ports.announce({ code: 'fact', name: 'if it fails', value })
  const warn = (text: string) => ports.announce({ code: 'warning', text })
  if (inputs.onFailure === 'leave') fact('it is left as it is (on-failure: leave)')
  else if ('target' in way) {
    if (way.skipped.length > 0) warn(`Could not be gone back to: ${way.skipped.join('. ')}.`)
    const { target, otherwise } = way
    if (otherwise !== undefined) {
      const revision = revisionName(target.taskDefinition)
      const other = otherwise ? `else we go back to ${sayCandidate(otherwise)}` : 'no other is known good'
      fact(`ECS is asked to put back the deployment of ${revision} that runs now; ${other}`)
      return
    }
    const how = target.inactive
      ? '; it is INACTIVE, so an exact copy would be registered'
      : target.pins.size > 0
        ? `; its tag may mean another image by now, so a copy with the digest that was good would be registered (${[...target.pins.values()].join(', ')})`
        : ''
    fact(`we go back to ${sayCandidate(target)}${how}`)
    if (target.notes.length > 0)
      ports.announce({ code: 'note', text: `Not known of it: ${target.notes.join('; ')}.` })
  } else
    warn(
      `If it fails, nothing can be gone back to: ${way.none}. The deployment goes on: it may be the repair.`
    )
}
