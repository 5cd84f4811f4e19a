import { verdictTag, type VerdictMark } from '../domain/marks.js'
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
  if (!ports.rollouts || run.tagsDenied === true) return
  try {
    await ports.rollouts.tag(taskDefinition, [verdictTag(environment, { verdict, at: ports.clock.now() })])
  } catch (error) {
    if (!(error instanceof AwsFault)) throw error
    run.tagsDenied = true
    const text = `The revision could not be marked as ${verdict}: ${error.operation} failed (${error.message}).`
    ports.announce({ code: 'note', text })
  }
}
