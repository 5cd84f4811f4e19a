import type { Observation } from '../domain/observation.js'
import { isOurs, checksMs } from './task-memory.js'
import type { Memory, Subject } from './memory.js'
import { doomedAfterMs, patienceMs, unprovenHealthyMs, type Policy } from './policy.js'
import { isRunning } from './task-health.js'

/**
 * Requests a minute that watching may spend, averaged over a deployment: 30 up to 10 tasks, 60 at 100, 90 at
 * 1000, where tasks and targets take many pages.
 */
export function budget(desired: number): number {
  return Math.min(90, Math.max(30, 30 + 30 * Math.log10(Math.max(1, desired) / 10)))
}

/** The purse that requests are paid from: it fills all the time, and holds enough for a busy moment. */
const fills = (desired: number) => budget(desired) * 0.85
const holds = (desired: number) => budget(desired) * 0.45

/** What watching has left to spend. Time in epoch milliseconds. */
export interface Purse {
  at: number
  left: number
}

/** The purse a while later, after so many requests. It may go below zero: the debt is waited off. */
export function spend(purse: Purse | undefined, now: number, requests: number, desired: number): Purse {
  const most = holds(desired)
  if (!purse) return { at: now, left: most - requests }
  const filled = Math.min(most, purse.left + ((now - purse.at) / 60_000) * fills(desired))
  return { at: now, left: filled - requests }
}

/** What deciding on tasks and targets needs to know. Times in milliseconds. */
export interface Spent {
  left: number
  /** Requests that the last look at tasks and targets took. */
  detailRequests: number
  /** How long ago that was; Infinity when there was none. */
  sinceDetails: number
  /** The service shows other counts, states or events than then. */
  moved: boolean
  /** What it shows may be a task of ours that died, or a deployment that ended: worth going into debt. */
  alarming: boolean
  /** A moment for which a change was to be expected has come since then. */
  expected: boolean
  /** Tasks of ours run and are not healthy yet: what is said of them may change at any check. */
  unsettled: boolean
}

/** Tasks and targets are never out of sight for longer, whatever they cost. */
const blindestMs = 60_000
/** How often they are read while nothing points at a change: provisioning, drain, bake. */
const quietMs = 30_000
const unsettledMs = 10_000
/** So full a purse pays for a look at tasks and targets on the off-chance, whatever that costs. */
const spareShare = 0.75
/** Only a fuller one pays for looks at the service at shorter intervals: else these would use up what those need. */
const richShare = 0.8

/** Whether this look reads tasks and targets too. */
export function readsDetails(spent: Spent, desired: number): boolean {
  const { sinceDetails } = spent
  if (sinceDetails >= blindestMs) return true
  if (spent.alarming) return spent.left > -holds(desired)
  if (spent.moved || spent.expected) return spent.left >= Math.min(spent.detailRequests, holds(desired))
  // Looking again on the off-chance leaves enough for the moment at which something happens.
  const spare = Math.min(2 * spent.detailRequests, holds(desired) * spareShare)
  return spent.left >= spare && sinceDetails >= (spent.unsettled ? unsettledMs : quietMs)
}

/** An alarm is one cheap request, shown by nothing else, and ECS acts on its own within half a minute. */
const alarmsMs = 10_000

/** Whether this look asks for the alarms, where it does not read all the details anyway. */
export function readsAlarms(left: number, sinceAlarms: number): boolean {
  return sinceAlarms >= (left >= 1 ? alarmsMs : quietMs)
}

const longestGapMs = 60_000
const thriftyGapMs = 5000
/** One look at the service is cheap, and what it shows decides on the rest: debt slows it down no further. */
const indebtedGapMs = 10_000

/**
 * How long to wait until the next look at the service: the poll interval; more when that is shorter than the
 * budget bears; twice as much for every throttled answer of the last minute, so that all calls back off together.
 */
export function gapMs(pollMs: number, left: number, throttles: number, desired: number): number {
  const rich = left >= holds(desired) * richShare
  const gap = Math.max(pollMs, left < -holds(desired) ? indebtedGapMs : rich ? 0 : thriftyGapMs)
  return throttles === 0 ? gap : Math.max(gap, Math.min(longestGapMs, pollMs * 2 ** Math.min(throttles, 6)))
}

/**
 * Moments at which the evidence can turn without ECS showing any change: a task without checks counts as
 * healthy, a grace period ends, a deployment has stood still for long enough.
 */
export function expectedAt(subject: Subject, memory: Memory, seen: Observation, policy: Policy): number[] {
  const { gracePeriodMs } = seen.service
  const ofTasks = (seen.tasks ?? [])
    .filter((t) => isOurs(subject, t) && isRunning(t) && !memory.healthySpans.has(t.arn))
    .flatMap(({ arn, startedAt }) => {
      if (startedAt === undefined) return []
      const checks = checksMs(memory.lastWords.get(arn), seen)
      const began = startedAt + (subject.aheadMs ?? 0)
      return [began + unprovenHealthyMs, began + Math.max(gracePeriodMs, checks) + doomedAfterMs]
    })
  const patience = patienceMs(memory.blocked?.kind ?? 'arithmetic', policy, memory.standingSince)
  const ends = policy.end === undefined ? [] : [policy.end]
  return [...ofTasks, memory.standingSince + patience, policy.deadline, ...ends]
}

/** True when one of the moments lies after the last look and not after now. */
export function hasCome(moments: readonly number[], last: number, now: number): boolean {
  return moments.some((at) => at > last && at <= now)
}
