import { revisionName } from '../domain/arn.js'
import type { Ports } from '../ports.js'
import type { Plan } from './plan.js'
import type { Run } from './record.js'
import { putTags } from './tag.js'

/**
 * Puts the planned tags, then registers the planned definition. Gives the ARN of the revision to release:
 * the running one when the definition would be the same.
 */
export async function writeRevision(ports: Ports, plan: Plan, run: Run): Promise<string> {
  if (plan.tags.length > 0) {
    ports.announce({ code: 'step', step: 'tag', title: 'Tag' })
    run.imageTags = await putTags(ports, plan.tags)
  }
  if (plan.same) return plan.before.primary.taskDefinition
  ports.announce({ code: 'step', step: 'register', title: 'Register' })
  const tags = plan.source.tagsGiven ? plan.source.tags : plan.running.tags
  const arn = await ports.containers.register(plan.definition, tags)
  ports.announce({
    code: 'fact',
    name: 'registered',
    value: `${revisionName(arn)}, from ${plan.source.from}`
  })
  return arn
}
