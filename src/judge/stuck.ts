import { sayDuration } from '../domain/duration.js'
import type { Observation } from '../domain/observation.js'
import type { ReasonCode } from '../domain/outcome.js'
import { plural } from '../domain/plural.js'
import type { ServiceEvent } from '../domain/service.js'
import { ownDeployment, type Memory, type Subject } from './memory.js'
import { patienceMs, type Policy, type stuckAfterMs } from './policy.js'
import { readStartText } from './stop-reason.js'
import { isRunning } from './task-health.js'

/** What ECS says keeps it from going on. There is no state or code for it, so its event is read. */
export interface Blocked {
  kind: Exclude<keyof typeof stuckAfterMs, 'arithmetic'>
  code: ReasonCode
  at: number
  text: string
}

/** Reads a service event as an obstacle, or gives undefined: most events are none. */
export function blockedBy({ at, message: text }: ServiceEvent): Blocked | undefined {
  if (/unable to stop or start tasks during a deployment/i.test(text))
    return { kind: 'configuration', code: 'stuck', at, text }
  if (/unable to scale in due to .*under protection/i.test(text))
    return { kind: 'protection', code: 'stuck', at, text }
  if (!/unable to place|could not launch/i.test(text)) return undefined
  const code = readStartText(text.replace(/^.*Reason: /i, ''))
  switch (code) {
    case 'account-blocked':
      return { kind: 'blocked', code, at, text }
    case 'quota':
      return { kind: 'quota', code, at, text }
    case 'capacity':
    case 'placement':
    case 'port-conflict':
    case 'subnet-exhausted':
    case 'network-interface':
      return { kind: 'capacity', code, at, text }
    default:
      return undefined
  }
}

/** How many tasks must stay, and how many may be, by the percentages of the service (ECS documentation). */
export function room(seen: Observation): { least: number; most: number } {
  const { desired, minimumHealthyPercent = 100, maximumPercent = 200 } = seen.service
  return {
    least: Math.ceil((desired * minimumHealthyPercent) / 100),
    most: Math.floor((desired * maximumPercent) / 100)
  }
}

/** True when the percentages let ECS neither stop an old task nor start a new one. */
function noRoom(subject: Subject, memory: Memory, seen: Observation): boolean {
  const { desired, running } = seen.service
  const { least, most } = room(seen)
  const untouched = memory.started.size === 0 && (ownDeployment(subject, seen)?.running ?? 0) === 0
  return untouched && desired > 0 && least >= desired && most <= desired && running >= desired
}

/**
 * Why the deployment cannot go on, once nothing has moved for long enough that this does not clear by itself. Only
 * while nothing of ours is starting: a slow pull moves nothing either.
 */
export function stuck(
  policy: Policy,
  subject: Subject,
  memory: Memory,
  seen: Observation
): { code: ReasonCode; detail: string } | undefined {
  const own = ownDeployment(subject, seen)
  if (subject.adoptsTasks === true || memory.completed !== undefined || own?.rolloutState !== 'IN_PROGRESS')
    return undefined
  const ours = (seen.tasks ?? []).filter((t) => t.startedBy === subject.deploymentId)
  const starting = own.pending > 0 || ours.some((t) => t.desiredStatus === 'RUNNING' && !isRunning(t))
  if (starting) return undefined
  const idle = seen.at - memory.standingSince
  const patience = (kind: keyof typeof stuckAfterMs) => patienceMs(kind, policy, memory.standingSince)
  const still = `nothing has moved for ${sayDuration(idle)}`
  const { desired, minimumHealthyPercent = 100, maximumPercent = 200 } = seen.service
  if (noRoom(subject, memory, seen) && idle >= patience('arithmetic')) {
    const { least, most } = room(seen)
    const proof = `of ${plural(desired, 'wanted task')} at least ${least} must stay (minimumHealthyPercent ${minimumHealthyPercent}) and at most ${most} may be (maximumPercent ${maximumPercent})`
    return {
      code: 'stuck',
      detail: `${proof}, so ECS can neither stop an old task nor start a new one; ${still}`
    }
  }
  const { blocked } = memory
  // Once they are gone from the counts, old tasks only drain, however long ago they were protected.
  const oldRun = seen.service.deployments.some((d) => d.id !== subject.deploymentId && d.running > 0)
  if (blocked?.kind === 'protection' && !oldRun) return undefined
  if (!blocked || idle < patience(blocked.kind)) return undefined
  return { code: blocked.code, detail: `ECS says: ${blocked.text}; ${still}` }
}
