/** Which tasks a service stops because it no longer wants them. */
import { earlySuccess } from './deployment-configuration.js'
import { sayProtected } from './protection.js'
import { earlyEnough } from './readiness.js'
import { moving } from './rebalancing.js'
import type { Service } from './service.js'
import type { Task } from './task.js'
import type { TaskLife } from './task-life.js'
import { eventTexts, stopTexts } from '../texts.js'

/** What the scheduler knows that a stop depends on. */
export interface Look {
  /** Tasks of the PRIMARY deployment that cannot be started for want of room. */
  blocked: number
  /** Tasks of the PRIMARY deployment beyond desiredCount. */
  tooMany: number
}

function retire(service: Service, life: TaskLife, task: Task): void {
  const { deployment } = task
  if (deployment !== service.primary) deployment.want = Math.max(0, deployment.want - 1)
  life.stop(task, 'ServiceSchedulerInitiated', stopTexts.scaling.say(deployment.id))
}

/**
 * Stops tasks that were still starting when their deployment was replaced; how many. Those that start later take the
 * place of one that it lost, and stay: "replaced using the same service revision they belong to" (facts A4).
 */
export function cancelPending(service: Service, life: TaskLife): number {
  const unwanted = ({ createdAt, deployment }: Task): boolean =>
    deployment.status !== 'PRIMARY' &&
    (deployment.rolloutState === 'FAILED' || createdAt <= deployment.replacedAt)
  const pending = service.current.filter((t) => t.pending && unwanted(t))
  for (const task of pending) retire(service, life, task)
  if (pending.length > 0) service.say(eventTexts.stoppedPending.say(service.name, pending.length))
  return pending.length
}

/** Stops old tasks that healthy new ones made superfluous, old ones that must make room, too many of the new. */
export function stopSurplus(service: Service, life: TaskLife, look: Look): number {
  const { primary } = service
  const running = service.alive.filter((t) => t.desiredStatus === 'RUNNING')
  const old = running.filter((t) => t.deployment !== primary)
  const mine = running.filter((t) => t.deployment === primary)
  const surplusOld = Math.max(old.length - keptOld(service, old, mine), Math.min(old.length, look.blocked))
  const oldFirst = [...old].sort(
    (a, b) =>
      Number(b.deployment.rolloutState === 'FAILED') - Number(a.deployment.rolloutState === 'FAILED') ||
      Number(a.healthy) - Number(b.healthy)
  )
  const move = moving(service)
  const leaves = (t: Task): boolean => t !== move?.task && t.availabilityZone === move?.from
  const newFirst = [...mine].sort(
    (a, b) =>
      Number(a.healthy) - Number(b.healthy) ||
      Number(b.pending) - Number(a.pending) ||
      Number(leaves(b)) - Number(leaves(a))
  )
  // A task that comes for the balance of the zones is one too many until it is healthy.
  const tooMany = look.tooMany - (move?.task.healthy === false ? 1 : 0)
  const oldVictims = within(service, oldFirst, surplusOld)
  const victims = [...oldVictims, ...within(service, newFirst, tooMany, oldVictims)]
  sayProtected(service, oldFirst, surplusOld, newFirst, tooMany)
  const stopped = victims.filter((t) => !t.pending)
  for (const task of victims) retire(service, life, task)
  if (stopped.length > 0)
    service.say(
      eventTexts.stopped.say(
        service.name,
        stopped.map((t) => t.id)
      )
    )
  const pending = victims.length - stopped.length
  if (pending > 0) service.say(eventTexts.stoppedPending.say(service.name, pending))
  return victims.length
}

/** How many tasks of replaced deployments stay for now. */
function keptOld(service: Service, old: readonly Task[], mine: readonly Task[]): number {
  const { primary } = service
  const early = earlySuccess(service)
  if (early !== undefined && !primary.restoring) {
    // Deferred clean-up begins when the deployment is declared successful; the other kind before that.
    if (primary.rolloutState === 'COMPLETED') return 0
    if (primary.rolloutState === 'IN_PROGRESS' && early.sourceServiceRevisionCleanup === 'DEFERRED')
      return old.length
    if (earlyEnough(service)) return 0
  }
  const healthyNew = primary.rolloutState === 'FAILED' ? 0 : mine.filter((t) => t.healthy).length
  return Math.max(0, service.desiredCount - healthyNew)
}

/** So many of these as the lower bound and task protection allow to stop. */
function within(service: Service, candidates: Task[], count: number, already: Task[] = []): Task[] {
  const victims: Task[] = []
  let healthy = service.alive.filter((t) => t.healthy && !already.includes(t)).length
  for (const task of candidates) {
    if (victims.length >= count) break
    if (task.protected) continue
    if (task.healthy && healthy - 1 < service.lowerBound) continue
    if (task.healthy) healthy--
    victims.push(task)
  }
  return victims
}
