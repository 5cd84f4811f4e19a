import { median } from '../domain/deploy-plan.js'
import { primaryOf } from '../domain/service.js'
import { readStop } from '../judge/stop-reason.js'
import type { Facts } from './facts.js'

/** What is known of how long tasks of a service take to start; milliseconds, and only what was seen. */
export interface Starts {
  /** From its creation to RUNNING: the middle one of the running tasks. */
  runningMs?: number
  /** From RUNNING until ECS took the first task of the current deployment for healthy; at most so long. */
  healthyMs?: number
  /** From RUNNING to the stop of each task that failed the checks of the load balancer within the last hour. */
  replacedMs: number[]
}

type Seen = Pick<Facts, 'tasks' | 'stopped' | 'service'>

/** Reads the starts that were seen. */
export function startsOf(facts: Seen): Starts {
  const running = runningMs(facts)
  const healthy = healthyMs(facts)
  return {
    ...(running === undefined ? {} : { runningMs: running }),
    ...(healthy === undefined ? {} : { healthyMs: healthy }),
    replacedMs: replacedMs(facts)
  }
}

/** From the creation of the running tasks to RUNNING: the middle one, milliseconds. */
export function runningMs({ tasks }: Pick<Facts, 'tasks'>): number | undefined {
  if (!tasks.known) return undefined
  const took = tasks.value.flatMap(({ createdAt, startedAt }) =>
    createdAt === undefined || startedAt === undefined || startedAt < createdAt ? [] : [startedAt - createdAt]
  )
  return median(took)
}

/**
 * A service that keeps all of its tasks stops the first old one when the first new one is healthy. ECS has no field for
 * that moment, only its event.
 */
function healthyMs({ tasks, service }: Seen): number | undefined {
  const primary = primaryOf(service)
  if (!tasks.known || !primary?.createdAt || (service.minimumHealthyPercent ?? 100) < 100) return undefined
  const began = primary.createdAt
  const started = tasks.value.flatMap((t) =>
    t.startedBy === primary.id && t.startedAt !== undefined ? [t.startedAt] : []
  )
  const stops = service.events.filter(
    (e) => e.at > began && /\bhas stopped \d+ running tasks?\b/.test(e.message)
  )
  const first = Math.min(...started)
  const stop = Math.min(...stops.map((e) => e.at))
  // A task that came later, or a stop for another reason, says nothing.
  return Number.isFinite(first) && Number.isFinite(stop) && stop > first ? stop - first : undefined
}

function replacedMs({ stopped }: Seen): number[] {
  if (!stopped.known) return []
  return stopped.value.flatMap((task) => {
    const { startedAt, endedAt } = task
    const meaning = readStop(task)
    const byBalancer = meaning.kind === 'failed' && meaning.code === 'elb-health-unreachable'
    return byBalancer && startedAt !== undefined && endedAt !== undefined && endedAt > startedAt
      ? [endedAt - startedAt]
      : []
  })
}
