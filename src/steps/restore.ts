import { revisionName } from '../domain/arn.js'
import { primaryOf, rollsBackItself, type Service } from '../domain/service.js'
import type { ReasonCode } from '../domain/outcome.js'
import { freshMemory, ownDeployment, type Subject } from '../judge/memory.js'
import { judge, type Because } from '../judge/verdict.js'
import type { Policy } from '../judge/policy.js'
import { AwsFault, type Ports, type ServiceName } from '../ports.js'
import { TakenOver } from './change.js'
import { goBack, isOnlyCount, type Attempt, type KnownGood } from './go-back.js'
import { lastSight } from './last-sight.js'
import { Sight } from './sight.js'
import { watch } from './watch.js'

/** What going back needs to know. */
export interface Way {
  /** The deployment whose revision is known good; absent when there is none. */
  knownGood?: KnownGood
  /** Put this many tasks back as well, because this run changed the count. */
  desiredCount?: number
  policy: Policy
  /** Essential containers of the old revision that have a health check. */
  healthChecked?: readonly string[]
  /** All essential containers of the old revision. */
  essential?: readonly string[]
  pollMs: number
}

/** How going back ended. `serving` is the PRIMARY's revision at the last look, where there was one. */
export type Restored = { serving?: string } & (
  | { state: 'restored'; taskDefinition: string; by: 'us' | 'ecs' }
  | { state: 'nothing-known-good' }
  | { state: 'superseded'; by: string }
  | { state: 'lost-sight'; what: string; code: ReasonCode; begun: boolean }
  /** `tried`: everything, in order; `target`: the revision that was wanted. */
  | { state: 'failed'; tried: string[]; what: string; target: string }
)

const byEcs = { by: 'ecs' as const, tried: ["ECS's own rollback"] }

/** How long ECS gets to begin the rollback that the service is set up for, milliseconds. */
const ecsBeginsMs = 60_000

/**
 * Puts the known-good revision back and watches it until it is healthy, without a bake. A rollback that ECS
 * has begun, or is set up to begin, is watched and never raced; a newer deployment of somebody else is
 * left alone. `onStart` is told the deployment that goes back, as soon as it is known.
 */
export async function restore(
  ports: Ports,
  name: ServiceName,
  failing: Subject,
  because: Because,
  way: Way,
  onStart: (deploymentId: string) => void,
  signal?: AbortSignal
): Promise<Restored> {
  const now = await look(ports, name, failing, way, (service) => ecsMayBegin(because, service), signal)
  if (now.state === 'superseded' || now.state === 'lost-sight') return now
  if (now.state === 'ecs') {
    onStart(now.subject.deploymentId)
    const text = `ECS itself goes back to ${revisionName(now.subject.taskDefinition)}; watching it.`
    ports.announce({ code: 'note', text })
    return await follow(ports, name, now.subject, now.service, way, byEcs, signal)
  }
  const serving = failing.taskDefinition
  const { knownGood, desiredCount } = way
  if (!knownGood) return { state: 'nothing-known-good', serving }
  const onlyCount = isOnlyCount(failing, knownGood)
  if (onlyCount && desiredCount === undefined) return { state: 'nothing-known-good', serving }
  const attempt: Attempt = { tried: [], target: knownGood.taskDefinition }
  const failed = (what: string): Restored => ({ state: 'failed', ...attempt, what, serving })
  try {
    const asked = {
      knownGood,
      deadline: way.policy.deadline,
      ...(desiredCount === undefined ? {} : { desiredCount })
    }
    const changed = await goBack(ports, name, failing, now.service, asked, attempt, signal)
    if (!changed)
      return attempt.tried.length === 0
        ? { state: 'nothing-known-good', serving }
        : failed('no other revision is known good')
    const { service, primary } = changed
    onStart(primary.id)
    const began = primary.createdAt ?? ports.clock.now()
    const since = onlyCount ? ports.clock.now() : Math.max(began, failing.since)
    const previous = onlyCount ? {} : { previous: failing }
    const { id: deploymentId, taskDefinition } = primary
    const subject: Subject = { deploymentId, taskDefinition, since, adoptsTasks: true, ...previous }
    return await follow(ports, name, subject, service, way, { by: 'us', tried: attempt.tried }, signal)
  } catch (error) {
    // ECS's own rollback or somebody else's deployment: look again whose it is.
    if (error instanceof TakenOver)
      return await restore(ports, name, failing, 'ecs-rolling-back', way, onStart, signal)
    if (!(error instanceof AwsFault)) throw error
    return failed(error.message)
  }
}

/** True when ECS, which ends a deployment for the same reason, may be about to put the old revision back. */
export function ecsMayBegin(because: Because, service: Service): boolean {
  if (because === 'ecs-failed') return rollsBackItself(service)
  if (because !== 'alarm' || service.alarms?.enable !== true) return false
  // Once it has called the deployment completed, ECS looks at the alarms no more.
  return service.alarms.rollback && primaryOf(service)?.rolloutState !== 'COMPLETED'
}

type Standing =
  | { state: 'ours'; service: Service }
  | { state: 'ecs'; service: Service; subject: Subject }
  | { state: 'superseded'; by: string; serving: string }
  | { state: 'lost-sight'; what: string; code: ReasonCode; begun: false }

/** Who is PRIMARY at this moment: the failing deployment, ECS's own rollback, or somebody else's. */
async function look(
  ports: Ports,
  name: ServiceName,
  failing: Subject,
  way: Way,
  mayBegin: (service: Service) => boolean,
  signal?: AbortSignal
): Promise<Standing> {
  const end = ports.clock.now() + ecsBeginsMs
  const sight = new Sight(ports, way.policy.deadline)
  for (;;) {
    const service = await ports.containers.service(name).catch((error: unknown) => {
      signal?.throwIfAborted()
      return sight.lost(error)
    })
    if (service === undefined) {
      await ports.clock.sleep(way.pollMs, signal)
      continue
    }
    if ('state' in service)
      return { state: 'lost-sight', what: service.what, code: service.code, begun: false }
    const primary = primaryOf(service)
    if (primary && primary.id !== failing.deploymentId) {
      const standing = whose(ports, service, failing, way)
      if (standing) return standing
    }
    // Set up to roll back by itself: give it the moment that it needs to begin.
    const waits = mayBegin(service)
    if (!waits || ports.clock.now() >= end) return { state: 'ours', service }
    await ports.clock.sleep(way.pollMs, signal)
  }
}

function whose(ports: Ports, service: Service, failing: Subject, way: Way): Standing | undefined {
  const seen = { at: ports.clock.now(), service, unreadableTargetGroups: [], tasksReadable: true }
  const own = ownDeployment(failing, seen)
  const memory = {
    ...freshMemory(),
    seen: true,
    ...(own?.rolloutState === 'FAILED' ? { ecsFailed: own.rolloutStateReason ?? '' } : {})
  }
  const verdict = judge({ ...way.policy, deadline: Infinity }, failing, memory, seen)
  if (verdict.state === 'superseded')
    return { state: 'superseded', by: verdict.by.id, serving: verdict.by.taskDefinition }
  const primary = primaryOf(service)
  if (verdict.state !== 'failing' || verdict.because !== 'ecs-rolling-back' || !primary) return undefined
  const since = Math.max(primary.createdAt ?? 0, failing.since)
  return {
    state: 'ecs',
    service,
    subject: { deploymentId: primary.id, taskDefinition: primary.taskDefinition, since, adoptsTasks: true }
  }
}

async function follow(
  ports: Ports,
  name: ServiceName,
  subject: Subject,
  service: Service,
  way: Way,
  { by, tried }: { by: 'us' | 'ecs'; tried: string[] },
  signal?: AbortSignal
): Promise<Restored> {
  const about = {
    ...subject,
    ...(way.healthChecked ? { healthChecked: way.healthChecked } : {}),
    ...(way.essential ? { essential: way.essential } : {})
  }
  const watched = await watch(ports, name, about, { ...way.policy, bakeMs: 0 }, way.pollMs, service, signal)
  const serving = primaryOf(watched.seen.service)?.taskDefinition
  const last = serving === undefined ? {} : { serving }
  const { verdict } = watched
  switch (verdict.state) {
    case 'healthy':
      return { ...last, state: 'restored', taskDefinition: subject.taskDefinition, by }
    case 'superseded': {
      // ECS's own breaker, slower than we waited for, may have put the old deployment back in place of ours.
      const { id, taskDefinition } = verdict.by
      if (by === 'us' && id === way.knownGood?.deploymentId) {
        const promoted: Subject = {
          deploymentId: id,
          taskDefinition,
          since: ports.clock.now(),
          adoptsTasks: true
        }
        return await follow(ports, name, promoted, watched.seen.service, way, byEcs, signal)
      }
      return { ...last, state: 'superseded', by: id }
    }
    case 'inconclusive':
      return {
        ...last,
        state: 'lost-sight',
        what: `${verdict.what}; ${lastSight(watched, subject)}`,
        code: verdict.code,
        begun: true
      }
    case 'failing':
      return { ...last, state: 'failed', tried, what: verdict.detail, target: subject.taskDefinition }
  }
}
