import { revisionName } from '../domain/arn.js'
import { diffDefinitions } from '../domain/definition-diff.js'
import { median, type DeployPlan, type IfItFails, type ImageChange } from '../domain/deploy-plan.js'
import { parseImage, pinned } from '../domain/image.js'
import { estimateRollout } from '../domain/rollout-estimate.js'
import { containersOf } from '../domain/task-definition.js'
import type { Inputs } from '../inputs.js'
import { rolloutNumbers } from '../preflight/rollout-numbers.js'
import type { Facts } from '../preflight/facts.js'
import type { Ports, ServiceName } from '../ports.js'
import { sameTags, type Plan } from './plan.js'

/** How many rollouts of the past are asked for how long they took. */
const rolloutsBack = 5

/**
 * Tells what the plan changes, where it goes back to, and how long it takes at the least. Sends no request. `facts`: what
 * the checks have read; `lately`: how long the last rollouts took. `only`: nothing is going to be written.
 */
export function tellPlan(
  ports: Ports,
  inputs: Inputs,
  plan: Plan,
  only: boolean,
  facts?: Facts,
  lately?: DeployPlan['lately']
): DeployPlan {
  const told = deployPlanOf(inputs, plan, facts, lately)
  ports.announce({ code: 'plan', only, plan: told })
  return told
}

/** The plan as data that every face can show. Pure. */
export function deployPlanOf(
  inputs: Inputs,
  plan: Plan,
  facts?: Facts,
  lately?: DeployPlan['lately']
): DeployPlan {
  const { before, running, source, definition, same, changes } = plan
  const { service } = before
  const desired = inputs.desiredCount ?? service.desired
  const family = definition['family']
  const tagsDiffer = source.tagsGiven && !sameTags(source, running)
  return {
    running: before.primary.taskDefinition,
    ...(same ? {} : { registers: typeof family === 'string' ? family : '' }),
    images: imageChanges(plan),
    changes: [
      ...diffDefinitions(running.definition, definition),
      ...(tagsDiffer ? [{ what: 'tags', kind: 'changed' as const }] : [])
    ],
    desired: { before: service.desired, after: desired },
    forced: same && inputs.forceNewDeployment,
    copies: plan.promotions.map(({ digest, from, to, manifests, missing }) => ({
      from: from.text,
      to: to.text,
      digest,
      bytes: missing.reduce((sum, { size }) => sum + size, 0),
      there: manifests.length === 0
    })),
    tags: plan.tags.map(({ pin, tag, there }) => ({
      tagged: `${pin.repository}:${tag}`,
      digest: pin.digest,
      there
    })),
    ...(changes ? { ifItFails: ifItFails(inputs, plan) } : {}),
    ...(changes ? { time: estimateRollout(rolloutNumbers(service, definition, desired, facts)) } : {}),
    ...(changes && lately ? { lately } : {}),
    bakeMs: inputs.bakeMs
  }
}

function imageChanges({ running, definition, pins }: Plan): ImageChange[] {
  const before = new Map(containersOf(running.definition).map((c) => [c.name, c.image]))
  return containersOf(definition).flatMap(({ name, image }) => {
    const old = before.get(name)
    if (old === image) return []
    const pin = pins.find((p) => p.container === name)
    const after = pin?.tag === undefined ? image : pinned(`${pin.repository}:${pin.tag}`, pin.digest)
    // A digest that stays is no change, however it is written.
    const digest = parseImage(old ?? '')?.digest
    if (digest !== undefined && digest === parseImage(image)?.digest) return []
    return [{ container: name, ...(old === undefined ? {} : { before: old }), after }]
  })
}

function ifItFails({ onFailure }: Inputs, { wayBack }: Plan): IfItFails {
  if (onFailure === 'leave') return { does: 'leave' }
  if (!wayBack) return { does: 'nothing', why: 'nothing was looked for' }
  if (!('target' in wayBack)) return { does: 'nothing', why: wayBack.none }
  const { taskDefinition, evidence, inactive, pins } = wayBack.target
  const { otherwise } = wayBack
  if (otherwise !== undefined) {
    const other = otherwise ? `else to ${revisionName(otherwise.taskDefinition)}` : 'no other is known good'
    return {
      does: 'go-back',
      taskDefinition,
      says: `ECS is asked for the deployment that runs now; ${other}`
    }
  }
  const copy = inactive || pins.size > 0 ? '; an exact copy of it would be registered' : ''
  return { does: 'go-back', taskDefinition, says: `${evidence}${copy}` }
}

/** How long the last rollouts of a service took; undefined where ECS's history cannot be read or says nothing. */
export async function rolloutsLately(ports: Ports, name: ServiceName): Promise<DeployPlan['lately']> {
  try {
    const past = (await ports.rollouts?.successful(name, rolloutsBack)) ?? []
    const took = past.slice(0, rolloutsBack).flatMap((rollout) => rollout.tookMs ?? [])
    const medianMs = median(took)
    return medianMs === undefined ? undefined : { medianMs, rollouts: took.length }
  } catch {
    // A number to go by, and nothing that a plan hangs on.
    return undefined
  }
}
