import { revisionName } from '../domain/arn.js'
import { withMark, withoutMarks, type Mark } from '../domain/marks.js'
import { Refusal } from '../domain/outcome.js'
import { sameDefinition, type JsonObject, type Tag } from '../domain/task-definition.js'
import { AwsFault, type Ports } from '../ports.js'
import type { Plan } from './plan.js'
import { promote } from './promote.js'
import { boundsOf } from './promote-faults.js'
import type { Run } from './record.js'
import { putTags } from './tag.js'

const sends = 3
const lookAgainMs = 2500

/**
 * Copies the images that are promoted, puts the planned tags, then registers the planned definition. Gives the ARN of the revision to release:
 * the running one when the definition would be the same. `mark` says on the revision who registered it.
 */
export async function writeRevision(
  ports: Ports,
  plan: Plan,
  run: Run,
  mark: Mark,
  signal?: AbortSignal
): Promise<string> {
  const bounds = { ...boundsOf(ports.clock, mark.until), ...(signal ? { signal } : {}) }
  run.imageTags = await promote(ports, plan.promotions, bounds)
  if (plan.tags.length > 0) {
    ports.announce({ code: 'step', step: 'tag', title: 'Tag' })
    Object.assign(run.imageTags, await putTags(ports, plan.tags))
  }
  const running = plan.before.primary.taskDefinition
  if (plan.same) return running
  ports.announce({ code: 'step', step: 'register', title: 'Register' })
  const tags = plan.source.tagsGiven ? plan.source.tags : plan.running.tags
  const arn = await registerMarked(ports, plan.definition, tags, mark, running, run).catch(
    (error: unknown) => {
      if (error instanceof AwsFault && error.kind === 'rejected') throw refused(error)
      throw error
    }
  )
  ports.announce({
    code: 'fact',
    name: 'registered',
    value: `${revisionName(arn)}, from ${plan.source.from}`
  })
  return arn
}

/**
 * Registers with our mark; without permission to tag, what had no tags of its own is registered without one. `other` is
 * a revision that is not to be taken for it. Throws AwsFault.
 */
export async function registerMarked(
  ports: Ports,
  definition: JsonObject,
  tags: Tag[],
  mark: Mark,
  other: string,
  run: Pick<Run, 'tagsDenied'>
): Promise<string> {
  const theirs = withoutMarks(tags)
  try {
    return await register(ports, definition, withMark(theirs, mark), other)
  } catch (error) {
    if (!(error instanceof AwsFault) || error.kind !== 'denied') throw error
    if (theirs.length > 0 || !/TagResource/.test(error.message)) throw error
    const text = `No permission for ecs:TagResource: the revision says not which run it is of. ${error.message}`
    ports.announce({ code: 'warning', text })
    run.tagsDenied = true
    return await register(ports, definition, [], other)
  }
}

function refused(fault: AwsFault): Refusal {
  return new Refusal(
    [`ECS refuses the task definition: ${fault.message}`],
    'input',
    'Mend the task definition; the service runs on as before.'
  )
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
