/** When a service has reached what it wants: which deployments are gone, what is complete, what is steady. */
import { bakeSeconds } from './deployment-alarms.js'
import { earlySuccess } from './deployment-configuration.js'
import type { Service } from './service.js'
import type { Task } from './task.js'

/** Replaced deployments leave the list when nothing of theirs runs any more. */
export function prune(service: Service): void {
  const now = service.engine.clock.now()
  service.deployments = service.deployments.filter((d) => {
    if (d.status === 'PRIMARY') return true
    const empty = d.current.every((t) => !t.alive && t.noticedAt < now)
    if (!empty) return true
    if (d.rolloutState === 'FAILED' && service.primary.restoring) {
      if (now - service.primary.restoredAt > 90_000) d.status = 'DRAINING'
      return true
    }
    d.status = 'INACTIVE'
    return false
  })
}

/** Whether so many tasks of the new revision are healthy as an early success asks for (facts A4). */
export function earlyEnough(service: Service): boolean {
  const early = earlySuccess(service)
  const { primary } = service
  if (early === undefined || primary.restoring || primary.rolloutState === 'FAILED') return false
  const healthy = primary.current.filter((t) => t.alive && t.healthy).length
  return healthy >= Math.ceil((service.desiredCount * early.healthyPercent) / 100)
}

/**
 * What a look at the service finds: a rollout that is complete (`early`: but tasks still move), a steady state to be
 * told, or neither yet.
 */
export function readiness(service: Service): 'complete' | 'early' | 'steady' | 'not-yet' {
  const { primary } = service
  const { clock, timings } = service.engine
  const now = clock.now()
  const mine = primary.current.filter((t) => t.alive)
  const others = service.current.filter((t) => t.deployment !== primary)
  const othersGone =
    others.every((t) => !t.alive) && (primary.restoring || others.every((t) => t.status !== 'DEACTIVATING'))
  const full =
    primary.rolloutState !== 'FAILED' &&
    mine.length === service.desiredCount &&
    mine.every((t) => t.healthy) &&
    othersGone
  const deferred = earlySuccess(service)?.sourceServiceRevisionCleanup === 'DEFERRED'
  const early = primary.rolloutState === 'IN_PROGRESS' && earlyEnough(service) && (othersGone || deferred)
  if (!full && !early) {
    primary.readySince = undefined
    if (primary.rolloutState !== 'FAILED') service.unsettled = true
    return 'not-yet'
  }
  // Tasks that still hold targets are not a steady state; a rollout is measured by its settling time instead.
  if (primary.rolloutState === 'COMPLETED' && service.current.some(holdsTargets)) primary.readySince = now
  primary.readySince ??= now
  if (primary.rolloutState === 'IN_PROGRESS') {
    if (now - primary.readySince < timings.settle * 1000) return 'not-yet'
    primary.bakingSince ??= now
    if (now - primary.bakingSince < bakeSeconds(service, primary) * 1000) return 'not-yet'
    return full ? 'complete' : 'early'
  }
  return service.unsettled && primary.readySince < now ? 'steady' : 'not-yet'
}

/** A task that goes away but is still in its target groups. */
function holdsTargets(task: Task): boolean {
  return !task.alive && task.registrations.some((r) => r.state === 'registered')
}
