import { revisionName } from '../domain/arn.js'
import { primaryOf, type Service } from '../domain/service.js'
import { registrable } from '../domain/task-definition.js'
import { freshMemory, ownDeployment, type Subject } from '../judge/memory.js'
import { judge, type Verdict } from '../judge/verdict.js'
import type { Policy } from '../judge/policy.js'
import { AwsFault, type Ports, type ServiceName } from '../ports.js'
import { watch, type Watched } from './watch.js'

/** What going back needs to know. */
export interface Way {
  /** ARN of the revision that is known good; absent when there is none. */
  knownGood?: string
  /** Put this many tasks back as well, because this run changed the count. */
  desiredCount?: number
  policy: Policy
  /** Essential containers of the old revision that have a health check. */
  healthChecked?: readonly string[]
  pollMs: number
}

/** How going back ended. */
export type Restored =
  | { state: 'restored'; taskDefinition: string; by: 'us' | 'ecs' }
  | { state: 'nothing-known-good' }
  | { state: 'superseded'; by: string }
  | { state: 'lost-sight'; what: string; watched: Watched }
  | { state: 'failed'; tried: string; what: string }

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
  because: Extract<Verdict, { state: 'failing' }>['because'],
  way: Way,
  onStart: (deploymentId: string) => void,
  signal?: AbortSignal
): Promise<Restored> {
  const now = await look(ports, name, failing, way, because === 'ecs-failed', signal)
  if (now.state === 'superseded') return { state: 'superseded', by: now.by }
  if (now.state === 'ecs') {
    onStart(now.subject.deploymentId)
    ports.announce({
      code: 'note',
      text: `ECS itself goes back to ${revisionName(now.subject.taskDefinition)}; watching it.`
    })
    return await follow(ports, name, now.subject, now.service, way, 'ecs', signal)
  }
  if (way.knownGood === undefined) return { state: 'nothing-known-good' }
  ports.announce({ code: 'note', text: `Going back to ${revisionName(way.knownGood)}.` })
  const started = await goBack(ports, name, way.knownGood, way).catch((error: unknown) => {
    if (error instanceof AwsFault) return error
    throw error
  })
  if (started instanceof AwsFault)
    return {
      state: 'failed',
      tried: `UpdateService to ${revisionName(way.knownGood)}`,
      what: started.message
    }
  const primary = primaryOf(started)
  if (!primary || primary.id === failing.deploymentId)
    return {
      state: 'failed',
      tried: `UpdateService to ${revisionName(way.knownGood)}`,
      what: 'ECS started no deployment'
    }
  onStart(primary.id)
  const subject: Subject = {
    deploymentId: primary.id,
    taskDefinition: primary.taskDefinition,
    since: primary.createdAt ?? ports.clock.now(),
    adoptsTasks: true,
    previous: { deploymentId: failing.deploymentId, taskDefinition: failing.taskDefinition }
  }
  return await follow(ports, name, subject, started, way, 'us', signal)
}

type Standing =
  | { state: 'ours'; service: Service }
  | { state: 'ecs'; service: Service; subject: Subject }
  | { state: 'superseded'; by: string }

/** Who is PRIMARY at this moment: the failing deployment, ECS's own rollback, or somebody else's. */
async function look(
  ports: Ports,
  name: ServiceName,
  failing: Subject,
  way: Way,
  ecsMayBegin: boolean,
  signal?: AbortSignal
): Promise<Standing> {
  const end = ports.clock.now() + ecsBeginsMs
  for (;;) {
    const service = await ports.containers.service(name)
    const primary = primaryOf(service)
    if (primary && primary.id !== failing.deploymentId) {
      const standing = whose(ports, service, failing, way)
      if (standing) return standing
    }
    // Set up to roll back by itself: give it the moment that it needs to begin.
    const waits = ecsMayBegin && service.breaker.enable && service.breaker.rollback
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
  if (verdict.state === 'superseded') return { state: 'superseded', by: verdict.by.id }
  const primary = primaryOf(service)
  if (verdict.state !== 'failing' || verdict.because !== 'ecs-rolling-back' || !primary) return undefined
  const since = Math.max(primary.createdAt ?? 0, failing.since)
  return {
    state: 'ecs',
    service,
    subject: { deploymentId: primary.id, taskDefinition: primary.taskDefinition, since, adoptsTasks: true }
  }
}

/** UpdateService to the old revision; one that was deregistered meanwhile is registered again as it was. */
async function goBack(ports: Ports, name: ServiceName, revision: string, way: Way): Promise<Service> {
  const count = way.desiredCount === undefined ? {} : { desiredCount: way.desiredCount }
  try {
    return await ports.containers.update(name, { taskDefinition: revision, ...count })
  } catch (error) {
    if (!(error instanceof AwsFault) || error.kind !== 'rejected' || !/inactive/i.test(error.message))
      throw error
    ports.announce({
      code: 'note',
      text: `${revisionName(revision)} is INACTIVE; registering an exact copy.`
    })
    const old = await ports.containers.taskDefinition(revision)
    const copy = await ports.containers.register(registrable(old.definition), old.tags)
    return await ports.containers.update(name, { taskDefinition: copy, ...count })
  }
}

async function follow(
  ports: Ports,
  name: ServiceName,
  subject: Subject,
  service: Service,
  way: Way,
  by: 'us' | 'ecs',
  signal?: AbortSignal
): Promise<Restored> {
  const about = { ...subject, ...(way.healthChecked ? { healthChecked: way.healthChecked } : {}) }
  const watched = await watch(ports, name, about, { ...way.policy, bakeMs: 0 }, way.pollMs, service, signal)
  const tried =
    by === 'us' ? `UpdateService to ${revisionName(subject.taskDefinition)}` : "ECS's own rollback"
  switch (watched.verdict.state) {
    case 'healthy':
      return { state: 'restored', taskDefinition: subject.taskDefinition, by }
    case 'superseded':
      return { state: 'superseded', by: watched.verdict.by.id }
    case 'inconclusive':
      return { state: 'lost-sight', what: watched.verdict.what, watched }
    case 'failing':
      return { state: 'failed', tried, what: watched.verdict.detail }
  }
}
