import { parseArn, revisionName } from '../domain/arn.js'
import { candidatesOf, type Candidate, type Sighting } from '../domain/known-good.js'
import { verdictOf } from '../domain/marks.js'
import type { Deployment, Service } from '../domain/service.js'
import { AwsFault, NotFound, type Ports, type ServiceName } from '../ports.js'

/** How far back it is looked: rollouts of ECS's history, and revisions of the family for our marks. */
const rolloutsBack = 20
const revisionsBack = 8

/** The deployments whose revision is good now: COMPLETED, with tasks that run. The PRIMARY first. */
export function goodNow(service: Service): Deployment[] {
  const settled = service.deployments.filter(
    (d) =>
      d.running > 0 &&
      (d.rolloutState === 'COMPLETED' || (d.rolloutState === undefined && service.deployments.length === 1))
  )
  return settled.sort((a, b) => Number(b.status === 'PRIMARY') - Number(a.status === 'PRIMARY'))
}

/**
 * The revisions of a service that were good, newest first: what runs COMPLETED now, what ECS's own history calls
 * SUCCESSFUL, and (where `withMarks`, or where ECS tells no history) what our runs marked as deployed in this
 * environment. What cannot be read is done without, and said once. Throws AwsFault only for expired credentials.
 */
export async function knownGood(
  ports: Ports,
  name: ServiceName,
  service: Service,
  environment: string,
  withMarks: boolean
): Promise<Candidate[]> {
  const running = goodNow(service).map(runsNow)
  const past = async () => await pastRollouts(ports, name)
  // Who was asked for the revision before has little else to go by: one answer that does not come decides nothing.
  const read = withMarks ? async () => await past().catch(onceMore(past)) : past
  const history = await orWithout(ports, "ECS's own history", read)
  // A deploy does not wait a second time where nobody answered; who rolls back has nothing better to do.
  const ask = withMarks || (history.sightings.length === 0 && history.answered)
  const marked = ask
    ? await orWithout(ports, 'our marks', async () => await markedRevisions(ports, service, environment))
    : { sightings: [] }
  return candidatesOf([...running, ...history.sightings, ...marked.sightings])
}

/** What speaks for a deployment that is good now; it completed when it was last changed. */
export function runsNow({ id, taskDefinition, updatedAt, createdAt }: Deployment): Sighting {
  const at = updatedAt ?? createdAt
  const evidence = 'its deployment is COMPLETED and its tasks run'
  return { taskDefinition, evidence, deploymentId: id, ...(at === undefined ? {} : { at }) }
}

async function pastRollouts({ rollouts }: Ports, name: ServiceName): Promise<Sighting[]> {
  if (!rollouts) return []
  const past = await rollouts.successful(name, rolloutsBack)
  const arns = [...new Set(past.map((p) => p.revision).filter((arn) => arn !== ''))]
  const revisions = new Map((await rollouts.revisions(arns)).map((r) => [r.arn, r]))
  return past.flatMap(({ revision, finishedAt }) => {
    const found = revisions.get(revision)
    if (!found) return []
    const { taskDefinition, digests } = found
    const at = finishedAt === undefined ? {} : { at: finishedAt }
    return [{ taskDefinition, digests, evidence: 'ECS calls its rollout SUCCESSFUL', ...at }]
  })
}

/** What our runs marked, among the newest revisions of the family that the service runs. */
async function markedRevisions(ports: Ports, service: Service, environment: string): Promise<Sighting[]> {
  const family = /^task-definition\/(.+):\d+$/.exec(parseArn(service.taskDefinition)?.resource ?? '')?.[1]
  if (!ports.rollouts || family === undefined || environment === '') return []
  const sightings: Sighting[] = []
  for (const status of ['ACTIVE', 'INACTIVE'] as const)
    for (const arn of await ports.rollouts.family(family, status, revisionsBack)) {
      const { tags } = await ports.containers.taskDefinition(arn)
      const mark = verdictOf(tags, environment)
      if (mark?.verdict !== 'deployed') continue
      const evidence = `a run of ours deployed it to ${environment}`
      sightings.push({ taskDefinition: arn, at: mark.at, evidence })
    }
  return sightings
}

/** Reads again when nobody answered. */
function onceMore<T>(read: () => Promise<T>): (error: unknown) => Promise<T> {
  return async (error) => {
    if (error instanceof AwsFault && (error.kind === 'unreachable' || error.kind === 'throttled'))
      return await read()
    throw error
  }
}

async function orWithout(
  ports: Ports,
  what: string,
  read: () => Promise<Sighting[]>
): Promise<{ sightings: Sighting[]; answered: boolean }> {
  try {
    return { sightings: await read(), answered: true }
  } catch (error) {
    if (error instanceof NotFound) return { sightings: [], answered: true }
    if (!(error instanceof AwsFault) || error.kind === 'expired') throw error
    const text = `Known good revisions are looked for without ${what}: ${error.operation} failed (${error.message}).`
    ports.announce({ code: 'note', text })
    return { sightings: [], answered: error.kind !== 'unreachable' }
  }
}

/** `family:revision`, and when it was good, in words. */
export function sayCandidate({ taskDefinition, goodAt, evidence }: Candidate): string {
  const when =
    goodAt === undefined ? '' : `, ${new Date(goodAt).toISOString().slice(0, 16).replace('T', ' ')}Z`
  return `${revisionName(taskDefinition)} (${evidence}${when})`
}
