import { revisionName } from '../domain/arn.js'
import type { Need, Role } from '../domain/audit.js'
import type { Keep } from '../domain/image-risk.js'
import { parseImage } from '../domain/image.js'
import { markOf } from '../domain/marks.js'
import { plural } from '../domain/plural.js'
import { primaryOf, type Service, type Task } from '../domain/service.js'
import { containersOf, type TaskDefinition } from '../domain/task-definition.js'
import { AwsFault, NotFound, type Ports, type ServiceName } from '../ports.js'
import { knownGood } from './known-good.js'
import { whyUnread } from './shelves.js'

/** What one service needs, and what could not be seen of it. */
export interface ServiceNeeds {
  service: string
  needs: Need[]
  /** Sentences without their full stop. */
  unseen: string[]
  /** Set when the service itself could not be read: nothing is known of it. */
  missing?: NotFound | AwsFault
}

/** How many revisions to go back to are looked at. */
const mostWays = 2

/**
 * Every image that a service needs: what its running tasks pulled, what its revisions name, and what the revisions name
 * that could be gone back to. Reads only. Throws only for credentials that expired: what else cannot be read is said.
 */
export async function needsOf(ports: Ports, name: ServiceName, environment: string): Promise<ServiceNeeds> {
  const service = `${name.service} of ${name.cluster}`
  const unseen: string[] = []
  const tried = async <T>(what: string, read: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await read()
    } catch (error) {
      unseen.push(`${what}: ${whyUnread(error)}`)
      return undefined
    }
  }
  let found: Service
  try {
    found = await ports.containers.service(name)
  } catch (error) {
    if (error instanceof NotFound || (error instanceof AwsFault && error.kind !== 'expired'))
      return { service, needs: [], unseen: [], missing: error }
    throw error
  }
  const current = primaryOf(found)?.taskDefinition ?? found.taskDefinition
  const running = [...new Set([current, ...found.deployments.map((d) => d.taskDefinition)])].filter(
    (arn) => arn !== ''
  )
  const definitions = new Map<string, TaskDefinition>()
  const readAll = async (arns: readonly string[]) => {
    for (const arn of arns) {
      const definition = await tried(
        revisionName(arn),
        async () => await ports.containers.taskDefinition(arn)
      )
      if (definition) definitions.set(arn, definition)
    }
  }
  const [tasks = []] = await Promise.all([
    tried('the running tasks', async () => await runningTasks(ports, name)),
    readAll(running)
  ])
  const { of: asked, keep } = environmentOf(environment, definitions.get(current))
  const good = await tried(
    'the revisions to go back to',
    async () => await knownGood(ports, name, found, asked, true)
  )
  const back = (good ?? []).filter((c) => !running.includes(c.taskDefinition) && !c.abandoned)
  const ways = back.slice(0, mostWays)
  await readAll(ways.map((c) => c.taskDefinition))
  const of = (arn: string, role: Role, digests: Record<string, string> = {}) => {
    const definition = definitions.get(arn)
    return definition ? needsOfRevision(service, arn, role, definition, digests, keep) : []
  }
  const pulled = digestsOf(tasks)
  const needs = [
    ...needsOfTasks(service, tasks, keep),
    ...running.flatMap((arn) => of(arn, 'current', pulled.get(arn))),
    ...ways.flatMap((c) => of(c.taskDefinition, 'rollback', c.digests))
  ]
  return { service, needs, unseen }
}

async function runningTasks(ports: Ports, name: ServiceName): Promise<Task[]> {
  const arns = await ports.containers.taskArns(name, 'RUNNING')
  return arns.length === 0 ? [] : await ports.containers.tasks(name.cluster, arns)
}

/** Revision -> container -> digest that its tasks pulled: what ECS starts more of, whatever the tag says now. */
function digestsOf(tasks: readonly Task[]): Map<string, Record<string, string>> {
  const byRevision = new Map<string, Record<string, string>>()
  for (const { taskDefinition, containers } of tasks)
    for (const { name, imageDigest } of containers)
      if (imageDigest !== undefined)
        byRevision.set(taskDefinition, { ...byRevision.get(taskDefinition), [name]: imageDigest })
  return byRevision
}

function needsOfTasks(service: string, tasks: readonly Task[], keep: Keep): Need[] {
  const byImage = new Map<string, { container: string; image: string; digest: string; tasks: number }>()
  for (const task of tasks)
    for (const { name, image, imageDigest } of task.containers) {
      if (image === undefined || imageDigest === undefined) continue
      const key = `${name} ${image} ${imageDigest}`
      const known = byImage.get(key) ?? { container: name, image, digest: imageDigest, tasks: 0 }
      known.tasks += 1
      byImage.set(key, known)
    }
  return [...byImage.values()].map(({ container, image, digest, tasks: count }) => ({
    ...placed(image),
    service,
    container,
    role: 'running',
    by: plural(count, 'running task'),
    reference: image,
    digest,
    keep
  }))
}

function needsOfRevision(
  service: string,
  arn: string,
  role: Role,
  { definition }: TaskDefinition,
  digests: Record<string, string>,
  keep: Keep
): Need[] {
  return containersOf(definition).map(({ name, image }) => {
    const parsed = parseImage(image)
    const digest = parsed?.digest ?? digests[name]
    return {
      ...placed(image),
      service,
      container: name,
      role,
      by: revisionName(arn),
      reference: image,
      ...(digest === undefined ? {} : { digest }),
      ...(parsed?.digest === undefined ? { tag: parsed?.tag ?? 'latest' } : {}),
      keep
    }
  })
}

function placed(image: string): Pick<Need, 'repository'> {
  const repository = parseImage(image)?.ecr
  return repository ? { repository } : {}
}

/** Whose the service is, as asked for or by the run that registered the revision; and by which tags its images are kept. */
function environmentOf(asked: string, definition: TaskDefinition | undefined): { of: string; keep: Keep } {
  const marked = definition ? markOf(definition.tags)?.environment : undefined
  const of = asked === '' ? (marked ?? '') : asked
  return of === ''
    ? { of, keep: { environment: 'this service', pattern: 'in-use-*' } }
    : { of, keep: { environment: of, pattern: `${of}-*` } }
}
