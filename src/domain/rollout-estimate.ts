/** How long a rolling deployment must take at the least, from the numbers of the service alone. Pure. */

/** What the estimate is made from. Durations in milliseconds. */
export interface RolloutNumbers {
  desired: number
  /** Default 100 (ECS API reference). */
  minimumHealthyPercent?: number
  /** Default 200. */
  maximumPercent?: number
  /** From a task's creation to RUNNING, as seen on the running tasks; absent: not known, the usual is taken. */
  startMs?: number
  launch: 'FARGATE' | 'EC2'
  /** True when the service registers its tasks with a load balancer. */
  loadBalanced: boolean
  /** The longest interval and start-up of the essential containers' health checks; absent: there is none. */
  containerCheck?: { intervalMs: number }
  /** The longest deregistration delay of the target groups. Default 300 s (ELB). */
  deregistrationDelayMs?: number
  /** False when an image is named by tag: ECS starts one task first, to learn its digest. */
  imagesByDigest: boolean
  /** How long ECS holds the deployment to its alarms when all is healthy. */
  alarmBakeMs?: number
  /** ECS calls it successful when so many percent of the new tasks are healthy; old tasks go before that, or later. */
  early?: { healthyPercent: number; oldTasks: 'before' | 'later' }
}

/** The least time, and where it goes; or the arithmetic by which there can be no progress at all. */
export type RolloutEstimate =
  | {
      possible: true
      /** From UpdateService until ECS says COMPLETED. */
      leastMs: number
      /** When the last new task can be healthy. */
      healthyMs: number
      /** How many times new tasks are started. */
      waves: number
      /** How long one new task needs until it counts as healthy. */
      taskHealthyMs: number
      /** How long an old task takes to go. */
      taskGoneMs: number
    }
  | { possible: false; why: string }

// The scheduler acts about every ten seconds, and a task that is told to stop needs a moment (observed timelines).
const tickMs = 10_000
const firstTickMs = 5000
const usualStartMs = { FARGATE: 32_000, EC2: 12_000 }
/** From RUNNING to healthy behind a load balancer: one good check is enough for a new target (ELB). */
const firstCheckMs = { registerMs: 8000, checkMs: 2000 }
/** Without any health check a task counts as healthy after 40 s of running (ECS API reference). */
const unprovenMs = 40_000
const deregisterMs = 10_000
/** From counts that match to COMPLETED, when no old task has to stop before. */
const settleMs = 20_000
/** What has not ended after a day cannot end: old tasks that stay leave no room for new ones. */
const longestMs = 24 * 3_600_000
const stopMs = { FARGATE: 18_000, EC2: 5000 }

/**
 * Plays the deployment with ideal tasks: each starts as fast as the running ones did and answers its first check.
 * Gives the least time; a real one takes longer by what the application needs to get ready.
 */
export function estimateRollout(n: RolloutNumbers): RolloutEstimate {
  const { desired } = n
  const min = n.minimumHealthyPercent ?? 100
  const max = n.maximumPercent ?? 200
  // Rounding as ECS does it: the lower bound up, the upper down.
  const floor = Math.min(desired, Math.ceil((desired * min) / 100))
  const cap = Math.floor((desired * max) / 100)
  if (desired <= 0) return { possible: false, why: 'no task is wanted' }
  const bounds = `${desired} tasks may not become more than ${cap} (maximum ${max} %) and not fewer than ${floor} (minimum ${min} %)`
  if (cap < desired) return { possible: false, why: `${bounds}: the new tasks can never be ${desired}` }
  if (cap === desired && floor === desired)
    return { possible: false, why: `${bounds}: no task can be started or stopped` }
  const startMs = n.startMs ?? usualStartMs[n.launch]
  const taskHealthyMs = startMs + checkedMs(n)
  const drainMs = n.loadBalanced ? deregisterMs + (n.deregistrationDelayMs ?? 300_000) : 2000
  const played = play({ desired, floor, cap, startMs, taskHealthyMs, drainMs, ...shapeOf(n) })
  if (!played)
    return { possible: false, why: `${bounds}: the old tasks stay, and leave no room for the new ones` }
  return {
    possible: true,
    ...played,
    leastMs: played.leastMs + (n.alarmBakeMs ?? 0),
    taskHealthyMs,
    taskGoneMs: drainMs + stopMs[n.launch]
  }
}

const shapeOf = (n: RolloutNumbers) => ({
  stopMs: stopMs[n.launch],
  oneFirst: !n.imagesByDigest,
  enough: n.early && Math.ceil((n.desired * n.early.healthyPercent) / 100),
  oldTasks: n.early?.oldTasks ?? 'before'
})

/** From RUNNING until the task counts as healthy. */
function checkedMs({ loadBalanced, containerCheck }: RolloutNumbers): number {
  const behindLoadBalancer = loadBalanced ? firstCheckMs.registerMs + firstCheckMs.checkMs : 0
  if (!loadBalanced && !containerCheck) return unprovenMs
  return Math.max(behindLoadBalancer, containerCheck?.intervalMs ?? 0)
}

interface Terms {
  desired: number
  floor: number
  cap: number
  startMs: number
  taskHealthyMs: number
  drainMs: number
  stopMs: number
  oneFirst: boolean
  /** So many healthy tasks are enough; undefined: all. */
  enough: number | undefined
  oldTasks: 'before' | 'later'
}

/** The scheduler's own loop, tick by tick: stop what may go, start what has room, until it is called complete. */
function play(t: Terms): { leastMs: number; healthyMs: number; waves: number } | undefined {
  const started: number[] = []
  const stopped: number[] = []
  const enough = t.enough ?? t.desired
  const later = t.enough !== undefined && t.oldTasks === 'later'
  let waves = 0
  for (let now = firstTickMs; now < longestMs; now += tickMs) {
    const healthy = started.filter((at) => at + t.taskHealthyMs <= now).length
    const old = t.desired - stopped.length
    const stop = later ? 0 : Math.max(0, Math.min(old, old + healthy - t.floor))
    for (let i = 0; i < stop; i++) stopped.push(now)
    const draining = stopped.filter((at) => at + t.drainMs > now).length
    const room = t.cap - (t.desired - stopped.length) - draining - started.length
    // Until the first new task has told its digest, it stays alone.
    const alone = t.oneFirst && !started.some((at) => at + t.startMs - 7000 <= now)
    const most = alone ? 1 - started.length : t.desired - started.length
    const start = Math.max(0, Math.min(most, room))
    if (start > 0) waves++
    for (let i = 0; i < start; i++) started.push(now)
    const last = started[enough - 1]
    if (last === undefined || (!later && stopped.length < t.desired)) continue
    const healthyMs = last + t.taskHealthyMs
    const gone = Math.max(0, ...stopped) + t.drainMs + t.stopMs
    const settled = later ? healthyMs + settleMs : Math.max(healthyMs, gone)
    const tick = firstTickMs + Math.ceil((settled - firstTickMs) / tickMs) * tickMs
    return { leastMs: tick, healthyMs, waves }
  }
  return undefined
}
