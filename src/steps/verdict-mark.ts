import { backTag, verdictTag, type BackMark, type VerdictMark } from '../domain/marks.js'
import type { Tag } from '../domain/task-definition.js'
import { AwsFault, type Ports } from '../ports.js'
import type { Run } from './record.js'

/**
 * Writes on a revision what this run found out about it, for the rollbacks to come. A detail: where it cannot be
 * written, that is said, and nothing else happens.
 */
export async function markVerdict(
  ports: Ports,
  run: Pick<Run, 'tagsDenied'>,
  taskDefinition: string,
  environment: string,
  verdict: VerdictMark['verdict']
): Promise<void> {
  const tag = verdictTag(environment, { verdict, at: ports.clock.now() })
  await put(ports, run, taskDefinition, tag, `as ${verdict}`)
}

/** Writes on a revision that this run begins to go back to it, for the next run to find should this one die. A detail. */
export async function markBack(
  ports: Ports,
  run: Pick<Run, 'tagsDenied'>,
  taskDefinition: string,
  environment: string,
  mark: BackMark
): Promise<void> {
  await put(ports, run, taskDefinition, backTag(environment, mark), 'as gone back to')
}

async function put(
  ports: Ports,
  run: Pick<Run, 'tagsDenied'>,
  taskDefinition: string,
  tag: Tag,
  how: string
): Promise<void> {
  if (!ports.rollouts || run.tagsDenied === true) return
  try {
    await ports.rollouts.tag(taskDefinition, [tag])
  } catch (error) {
    if (!(error instanceof AwsFault)) throw error
    run.tagsDenied = true
    const text = `The revision could not be marked ${how}: ${error.operation} failed (${error.message}).`
    ports.announce({ code: 'note', text })
  }
}
