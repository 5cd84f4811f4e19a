import { revisionName } from '../../domain/arn.js'
import { isRolling, primaryOf } from '../../domain/service.js'
import { ok, warning, type Check } from '../check.js'

/** Two deployments at once: the older one loses its way back. */
export const otherDeployment: Check = {
  name: 'other-deployment',
  area: 'service',
  question: 'Is no other deployment in progress?',
  reads: ['ecs:DescribeServices'],
  worst: 'warning',
  source:
    'ECS developer guide: a newer deployment stops the older one, and only a completed one can be gone back to',
  look({ service, purpose }) {
    const primary = primaryOf(service)
    if (!primary || !isRolling(service)) return ok('No deployment is in progress.')
    // `busy` has decided about it: it was waited for, or is taken over.
    if (purpose === 'deploy') return ok('Another deployment is in progress; busy decided.')
    const what = `deployment ${primary.id} of ${revisionName(primary.taskDefinition)}`
    return warning(
      `A deployment is in progress: ${what}.`,
      [
        `${primary.id}: ${primary.rolloutState ?? 'no rollout state'}, ${primary.running} of ${primary.desired} running, ${primary.failed} failed`
      ],
      purpose === 'diagnose'
        ? 'Wait for its end, and look again.'
        : 'Wait for its end, or say busy: take-over.'
    )
  }
}
