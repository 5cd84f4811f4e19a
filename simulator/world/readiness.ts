/** When a service has reached what it wants: which deployments are gone, what is complete, what is steady. */
import type { Service } from './service.js'
import type { Task } from './task.js'

/** Replaced deployments leave the list when nothing of theirs runs any more. */
export function prune(service: Service): void {
  const now = service.engine.clock.now()
  service.deployments = service.deployments.filter((d) => {
    if (d.status === 'PRIMARY') return true
    const empty = d.tasks.every((t) => !t.alive && t.noticedAt < now)
    if (!empty) return true
    if (d.rolloutState === 'FAILED' && service.primary.restoring) {
      if (now - service.primary.restoredAt > 90_000) d.status = 'DRAINING'
      return true
    }
    d.status = 'INACTIVE'
    return false
  })
}

/** What a look at the service finds: a rollout that is complete, a steady state to be told, or neither yet. */
export function readiness(service: Service): 'complete' | 'steady' | 'not-yet' {
  const { primary } = service
  const { clock, timings } = service.engine
  const now = clock.now()
  const mine = primary.tasks.filter((t) => t.alive)
  const others = service.tasks.filter((t) => t.deployment !== primary)
  const matches =
    primary.rolloutState !== 'FAILED' &&
    mine.length === service.desiredCount &&
    mine.every((t) => t.healthy) &&
    others.every((t) => !t.alive) &&
    (primary.restoring || others.every((t) => t.status !== 'DEACTIVATING'))
  if (!matches) {
    primary.readySince = undefined
    if (primary.rolloutState !== 'FAILED') service.unsettled = true
    return 'not-yet'
  }
  // Tasks that still hold targets are not a steady state; a rollout is measured by its settling time instead.
  if (primary.rolloutState === 'COMPLETED' && service.tasks.some(holdsTargets)) primary.readySince = now
  primary.readySince ??= now
  if (primary.rolloutState === 'IN_PROGRESS')
    return now - primary.readySince >= timings.settle * 1000 ? 'complete' : 'not-yet'
  return service.unsettled && primary.readySince < now ? 'steady' : 'not-yet'
}

/** A task that goes away but is still in its target groups. */
function holdsTargets(task: Task): boolean {
  return !task.alive && task.registrations.some((r) => r.state === 'registered')
}
