import type { Observation } from '../domain/observation.js'
import { primaryOf, type Deployment } from '../domain/service.js'
import type { Memory, Subject } from './memory.js'
import { isOurs } from './task-memory.js'
import { healthOf, isRunning, withTargetGroup } from './task-health.js'

/**
 * True when our deployment is PRIMARY and COMPLETED, every wanted task runs, and nothing that was read
 * speaks against their health. One more that starts takes nothing away: ECS balances zones so. A look that read no tasks keeps a health that was established before.
 */
export function isWhole(subject: Subject, memory: Memory, seen: Observation): boolean {
  const primary = primaryOf(seen.service)
  if (primary?.id !== subject.deploymentId || !isCompleted(primary, seen)) return false
  const { desired } = seen.service
  if (!(desired > 0 && primary.desired === desired && primary.running >= desired)) return false
  if (seen.service.running < desired) return false
  if (!seen.tasksReadable) return targetsAllow(seen, desired)
  if (!seen.tasks) return memory.healthySince !== undefined
  const ours = seen.tasks
    .filter((t) => isOurs(subject, t) && isRunning(t))
    .map((t) => healthOf(t, seen, subject.healthChecked, true).state)
  const good = ours.filter((state) => state === 'healthy' || state === 'unproven')
  return good.length >= desired && !ours.includes('unhealthy')
}

/** Without sight of the tasks, enough healthy targets in each readable group must do. */
function targetsAllow(seen: Observation, desired: number): boolean {
  return withTargetGroup(seen.service).every((entry) => {
    const targets = seen.targets?.get(entry.targetGroupArn)
    return !targets || targets.filter((t) => t.state === 'healthy').length >= desired
  })
}

/** rolloutState is absent behind a Classic Load Balancer; then one settled deployment is the sign (SDK documentation). */
function isCompleted(primary: Deployment, seen: Observation): boolean {
  if (primary.rolloutState !== undefined) return primary.rolloutState === 'COMPLETED'
  const classic = seen.service.loadBalancers.some((l) => l.classicName !== undefined)
  return classic && seen.service.deployments.length === 1 && seen.service.pending === 0
}
