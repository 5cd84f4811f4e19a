import { revisionName } from '../domain/arn.js'
import { sayDuration } from '../domain/duration.js'
import { backOf, markOf, type Mark } from '../domain/marks.js'
import { primaryOf, type Deployment, type Service } from '../domain/service.js'
import type { TaskDefinition } from '../domain/task-definition.js'
import type { RunContext } from '../inputs.js'
import type { Subject } from '../judge/memory.js'
import { AwsFault, NotFound, type Ports } from '../ports.js'
import type { Before } from './inspect.js'

/** A deployment that a run of this environment began, and that nobody finished. */
export interface Found {
  /**
   * `release`: the run's own revision; `way-back`: an older one, put back after the run's; `rollback`: an older one, which
   * a person asked to go back to.
   */
  what: 'release' | 'way-back' | 'rollback'
  deployment: Deployment
  /** The definition of that deployment. */
  definition: TaskDefinition
  /** The run, and its revision; of a rollback the one that it leaves, as `family:revision`. */
  mark: Mark
  revision: string
}

/** A run releases what it has registered within so much time; a later deployment of it is somebody else's. */
const releasedWithinMs = 5 * 60_000
/** The clocks of this machine and of ECS may differ by so much. */
const clocksMs = 60_000
/** A way back begins within so much time after the run registered what failed. */
const undoneWithinMs = 2 * 3_600_000
/** The least time that a deployment gets before its run is taken for dead, milliseconds. */
const youngMs = 5 * 60_000

/**
 * Looks whether the service's unfinished deployment is of a run of this environment, by the marks on the revisions.
 * Asks nothing when the deployment is finished. What cannot be read is no mark.
 */
export async function findOpen(
  ports: Ports,
  service: Service,
  environment: string
): Promise<Found | undefined> {
  const deployment = primaryOf(service)
  const finished =
    deployment?.rolloutState === undefined
      ? service.deployments.length < 2
      : deployment.rolloutState === 'COMPLETED'
  if (!deployment || finished) return undefined
  const definition = await read(ports, deployment.taskDefinition)
  if (!definition) return undefined
  const began = deployment.createdAt ?? ports.clock.now()
  const ofRun = (one: TaskDefinition, withinMs: number): Mark | undefined => {
    const mark = markOf(one.tags)
    const registered = Number(one.definition['registeredAt'] ?? NaN) * 1000
    const timely = !(began - registered > withinMs)
    return mark?.environment === environment && timely ? mark : undefined
  }
  const others = service.deployments
    .map((d) => d.taskDefinition)
    .filter((arn) => arn !== deployment.taskDefinition)
  const own = ofRun(definition, releasedWithinMs)
  const isNewest = others.every((arn) => !isNewer(arn, deployment.taskDefinition))
  // Before the other mark: a copy that a rollback registered carries both, and is no release.
  const back = backOf(definition.tags, environment)
  if (back && began >= back.at - clocksMs && began - back.at <= releasedWithinMs) {
    const mark = { environment, run: back.run, commit: '', until: back.until }
    return { what: 'rollback', deployment, definition, mark, revision: back.from }
  }
  if (own && isNewest)
    return { what: 'release', deployment, definition, mark: own, revision: deployment.taskDefinition }

  const family = deployment.taskDefinition.replace(/:\d+$/, '').replace(/^.*\//, '')
  for (const reference of new Set([...others, family])) {
    const failed = await read(ports, reference)
    const revision = failed?.definition['taskDefinitionArn']
    const mark = failed && ofRun(failed, undoneWithinMs)
    if (mark && typeof revision === 'string' && isNewer(revision, deployment.taskDefinition))
      return { what: 'way-back', deployment, definition, mark, revision }
  }
  return undefined
}

/** Says what was found, before anything else is said. */
export function tellFound(ports: Ports, { what, deployment, mark, revision }: Found): void {
  const run = `run ${mark.run || 'unknown'}${mark.commit === '' ? '' : ` (commit ${mark.commit.slice(0, 7)})`}`
  const began = deployment.createdAt
  const age =
    began === undefined ? '' : `, started ${sayDuration(Math.max(0, ports.clock.now() - began))} ago`
  const whose = {
    release: `of ${run}`,
    'way-back': `after ${revisionName(revision)} of ${run}`,
    rollback: `of ${run}, which goes back from ${revision}`
  }[what]
  const name = revisionName(deployment.taskDefinition)
  const doing =
    what === 'release' ? `${name} is ${deployment.rolloutState ?? 'under way'}` : `${name} is being put back`
  const { running, desired, failed } = deployment
  ports.announce({
    code: 'warning',
    text: `Found deployment ${deployment.id} ${whose}${age}, which nobody finished: ${doing}, ${running} of ${desired} tasks run, ${failed} failed.`
  })
}

/**
 * Until when the run of a found deployment may be alive, epoch milliseconds: it wrote down its own deadline, and an
 * earlier attempt of this very run is over.
 */
export function mayLiveUntil({ mark, deployment }: Found, now: number, origin: RunContext): number {
  const young = (deployment.createdAt ?? now) + youngMs
  const [run, attempt] = mark.run.split('.')
  const isEarlierAttempt = run === origin.runId && Number(attempt) < Number(origin.attempt)
  return isEarlierAttempt || mark.until === undefined ? young : Math.max(young, mark.until)
}

/** The deployment that was found, as what is watched from now on. */
export function subjectOf({ primary, knownGood }: Before, now: number): Subject {
  const { id: deploymentId, taskDefinition } = primary
  const previous = knownGood && { deploymentId: knownGood.id, taskDefinition: knownGood.taskDefinition }
  return { deploymentId, taskDefinition, since: primary.createdAt ?? now, ...(previous ? { previous } : {}) }
}

/** True for a later revision of the same family. */
function isNewer(arn: string, than: string): boolean {
  const [family, revision] = split(arn)
  const [other, older] = split(than)
  return family === other && revision > older
}

function split(arn: string): [string, number] {
  const name = revisionName(arn)
  const at = name.lastIndexOf(':')
  return [name.slice(0, at), Number(name.slice(at + 1))]
}

async function read(ports: Ports, reference: string): Promise<TaskDefinition | undefined> {
  try {
    return await ports.containers.taskDefinition(reference)
  } catch (error) {
    if (error instanceof AwsFault || error instanceof NotFound) return undefined
    throw error
  }
}
