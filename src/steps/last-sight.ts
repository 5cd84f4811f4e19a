import { revisionName } from '../domain/arn.js'
import type { Watched } from './watch.js'
import type { Subject } from '../judge/memory.js'

/** What the deployment was doing when it was last seen, for a run that lost sight of it; the time as in the log of AWS. */
export function lastSight({ memory, seen }: Watched, { deploymentId, taskDefinition }: Subject): string {
  const { running, desired, healthy, failed } = memory.counts
  const own = seen.service.deployments.find((d) => d.id === deploymentId)
  const state = own?.rolloutState === undefined ? '' : `, ${own.rolloutState}`
  const at = new Date(seen.at).toISOString().slice(11, 19)
  return `last seen at ${at}Z: ${revisionName(taskDefinition)}${state}, ${running} of ${desired} tasks running, ${healthy} healthy, ${failed} failed`
}
