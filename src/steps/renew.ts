import { revisionName } from '../domain/arn.js'
import { markOf } from '../domain/marks.js'
import { registrable, withImages } from '../domain/task-definition.js'
import type { Inputs } from '../inputs.js'
import type { Ports } from '../ports.js'
import type { Proven } from './prove.js'
import type { Run } from './record.js'
import { registerMarked } from './register.js'

/**
 * Registers a known-good revision anew: an exact copy of one that is INACTIVE, which UpdateService does not take, or one
 * with the digests that were good in place of tags that moved. Gives the ARN of the copy. Throws AwsFault.
 */
export async function renew(
  ports: Ports,
  target: Proven,
  { environment, origin }: Inputs,
  runSoFar: Run
): Promise<string> {
  const { definition, tags } = target.definition ?? { definition: {}, tags: [] }
  const run = origin.runId && `${origin.runId}.${origin.attempt}`
  // The copy is this run's, and the commit is still that of the image.
  const mark = { environment, run, commit: markOf(tags)?.commit ?? '' }
  const copy = registrable(withImages(definition, target.pins))
  const arn = await registerMarked(ports, copy, tags, mark, target.taskDefinition, runSoFar)
  const why = target.inactive ? 'it is INACTIVE' : 'its tag may mean another image by now'
  const value = `${revisionName(arn)}, a copy of ${revisionName(target.taskDefinition)}: ${why}`
  ports.announce({ code: 'fact', name: 'registered', value })
  return arn
}

/** True when a revision cannot be used as it is. */
export function needsCopy(target: Proven): boolean {
  return target.inactive || target.pins.size > 0
}
