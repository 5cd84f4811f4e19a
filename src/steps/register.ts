import { revisionName } from '../domain/arn.js'
import { Refusal } from '../domain/outcome.js'
import { sameDefinition, type JsonObject, type Tag } from '../domain/task-definition.js'
import { AwsFault, type Ports } from '../ports.js'
import type { Plan } from './plan.js'
import type { Run } from './record.js'
import { putTags } from './tag.js'

const sends = 3
const lookAgainMs = 2500

/**
 * Puts the planned tags, then registers the planned definition. Gives the ARN of the revision to release:
 * the running one when the definition would be the same.
 */
export async function writeRevision(ports: Ports, plan: Plan, run: Run): Promise<string> {
  if (plan.tags.length > 0) {
    ports.announce({ code: 'step', step: 'tag', title: 'Tag' })
    run.imageTags = await putTags(ports, plan.tags)
  }
  const running = plan.before.primary.taskDefinition
  if (plan.same) return running
  ports.announce({ code: 'step', step: 'register', title: 'Register' })
  const tags = plan.source.tagsGiven ? plan.source.tags : plan.running.tags
  const arn = await register(ports, plan.definition, tags, running).catch((error: unknown) => {
    if (error instanceof AwsFault && error.kind === 'rejected')
      throw new Refusal(
        [`ECS refuses the task definition: ${error.message}`],
        'input',
        'Mend the task definition; the service runs on as before.'
      )
    throw error
  })
  ports.announce({
    code: 'fact',
    name: 'registered',
    value: `${revisionName(arn)}, from ${plan.source.from}`
  })
  return arn
}

/**
 * Registering is never idempotent: after an answer that was lost, the newest revision of the family is asked
 * first whether it is ours already.
 */
async function register(ports: Ports, definition: JsonObject, tags: Tag[], running: string): Promise<string> {
  for (let sent = 1; ; sent += 1) {
    try {
      return await ports.containers.register(definition, tags)
    } catch (error) {
      if (!(error instanceof AwsFault) || error.kind !== 'unreachable' || sent >= sends) throw error
      await ports.clock.sleep(lookAgainMs)
      const family = typeof definition['family'] === 'string' ? definition['family'] : ''
      const newest = await ports.containers.taskDefinition(family)
      const arn = newest.definition['taskDefinitionArn']
      if (typeof arn === 'string' && arn !== running && sameDefinition(newest.definition, definition))
        return arn
    }
  }
}
