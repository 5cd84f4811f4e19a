import { parseArn } from '../domain/arn.js'
import { platformNeeded } from '../domain/platform.js'
import { keyOf } from '../domain/repository-view.js'
import { withImages } from '../domain/task-definition.js'
import type { Inputs } from '../inputs.js'
import type { Ports } from '../ports.js'
import { careForImages } from './image-care.js'
import type { Plan } from './plan.js'
import { planTags, type TagPlan } from './tag.js'
import type { WayBack } from './way-back.js'

/** The tags to be put, and how the images of the new revision and of the one to go back to stand in ECR. Reads only; throws Refusal. */
export async function planImages(
  ports: Ports,
  { tagImages, imageTag, imageTagPattern, environment, preflight }: Inputs,
  { before, running, pins, definition }: Pick<Plan, 'before' | 'running' | 'pins' | 'definition'>
): Promise<Pick<Plan, 'tags'>> {
  const { knownGood, primary, service } = before
  const account = parseArn(service.arn)?.account
  const platform = platformNeeded(definition, service.launchType === 'FARGATE')
  const [tags, cared] = await Promise.all([
    tagImages ? planTags(ports, pins, imageTag, account) : [],
    careForImages(ports, {
      pins,
      // Another one than the one that runs is looked at by whoever chooses it.
      ...(knownGood?.taskDefinition === primary.taskDefinition ? { rollback: running.definition } : {}),
      ...(tagImages ? { tag: imageTag } : {}),
      keep: { environment, pattern: imageTagPattern },
      preflight,
      ...(platform ? { platform } : {})
    })
  ])
  cared.told.forEach((happening) => ports.announce(happening))
  const seen = (plan: TagPlan) => plan.pin.ecr && cared.views.get(keyOf(plan.pin.ecr.repository))?.settings
  return {
    tags: tags.map((plan) => {
      const settings = seen(plan)
      return { ...plan, pattern: imageTagPattern, ...(settings ? { settings } : {}) }
    })
  }
}

/**
 * A word about the images of the revision that a failing deployment goes back to, where another one was chosen than the
 * one that planImages has looked after. Reads only; throws AwsFault only for expired credentials.
 */
export async function careForWayBack(
  ports: Ports,
  { imageTagPattern, environment, preflight, onFailure }: Inputs,
  { knownGood, primary }: Plan['before'],
  way: WayBack
): Promise<void> {
  if (!('target' in way) || !way.target.definition || onFailure === 'leave') return
  const { taskDefinition, definition, pins } = way.target
  if (taskDefinition === primary.taskDefinition && knownGood?.taskDefinition === taskDefinition) return
  const keep = { environment, pattern: imageTagPattern }
  const rollback = withImages(definition.definition, pins)
  const { told } = await careForImages(ports, { pins: [], rollback, keep, preflight })
  // What cannot be read was said before.
  for (const happening of told) if (happening.code === 'image-at-risk') ports.announce(happening)
}
