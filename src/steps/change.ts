import { revisionName } from '../domain/arn.js'
import { primaryOf, type Deployment, type Service } from '../domain/service.js'
import { registrable } from '../domain/task-definition.js'
import { AwsFault, type Ports, type ServiceName, type Update } from '../ports.js'

/** A change of the service that took effect, and the PRIMARY deployment that shows it. */
export interface Changed {
  service: Service
  primary: Deployment
}

/** What a change needs to know beside itself. */
export interface Terms {
  /** The deployment that it replaces: a PRIMARY that is neither this nor the effect is somebody else's. */
  over: string
  /** Finds the effect of the change in the PRIMARY deployment. */
  shows: (primary: Deployment) => boolean
  /** How long throttling or a failing network may hold it up, milliseconds. */
  patienceMs: number
}

/** Another deployment became PRIMARY while a change was held up; it is not written over. */
export class TakenOver extends Error {
  constructor(readonly by: Deployment) {
    super(`${by.id} of ${revisionName(by.taskDefinition)} took over`)
    this.name = 'TakenOver'
  }
}

/** Longer than DescribeServices has been seen to answer from before a write, milliseconds. */
const staleMs = 60_000
const lookAgainMs = 2500

/**
 * Calls UpdateService until its effect shows. Each time that AWS throttles it or its answer is lost, the
 * service is looked at before it is sent again: the write may have taken effect, or somebody else may have
 * deployed meanwhile. An answer from before the write is asked again for a while. Throws AwsFault, TakenOver.
 */
export async function changeService(
  ports: Ports,
  name: ServiceName,
  change: Update,
  terms: Terms
): Promise<Changed> {
  const effect = (service: Service): Changed | undefined => {
    const primary = primaryOf(service)
    return primary && terms.shows(primary) ? { service, primary } : undefined
  }
  const patience = ports.clock.now() + terms.patienceMs
  for (;;) {
    try {
      const answered = effect(await ports.containers.update(name, change))
      if (answered) return answered
      break
    } catch (error) {
      const passing =
        error instanceof AwsFault && (error.kind === 'throttled' || error.kind === 'unreachable')
      if (!passing) throw error
      await ports.clock.sleep(lookAgainMs)
      const service = await ports.containers.service(name)
      const took = effect(service)
      if (took) return took
      const primary = primaryOf(service)
      if (primary && primary.id !== terms.over) throw new TakenOver(primary)
      if (ports.clock.now() >= patience) throw error
    }
  }
  const end = ports.clock.now() + staleMs
  while (ports.clock.now() < end) {
    await ports.clock.sleep(lookAgainMs)
    const took = effect(await ports.containers.service(name))
    if (took) return took
  }
  const what =
    change.taskDefinition === undefined
      ? 'the change'
      : `a deployment of ${revisionName(change.taskDefinition)}`
  throw new AwsFault(
    'unreachable',
    'ecs:UpdateService',
    'NoEffect',
    `ECS took the update but does not show ${what}`
  )
}

/**
 * Puts a revision back. One that was deregistered meanwhile, as some infrastructure tools do, is registered
 * again as it was, because UpdateService takes no INACTIVE one. Throws AwsFault, TakenOver.
 */
export async function putBack(
  ports: Ports,
  name: ServiceName,
  revision: string,
  failing: { id: string; taskDefinition: string },
  patienceMs: number,
  desiredCount?: number
): Promise<Changed> {
  const over = failing.id
  const count = desiredCount === undefined ? {} : { desiredCount }
  if (revision === failing.taskDefinition)
    // Only the count was changed: the deployment goes on, and the count goes back.
    return await changeService(ports, name, count, {
      over,
      patienceMs,
      shows: (primary) => primary.id === over
    })
  const to = async (taskDefinition: string) =>
    await changeService(
      ports,
      name,
      { taskDefinition, ...count },
      {
        over,
        patienceMs,
        shows: (primary) => primary.id !== over && primary.taskDefinition === taskDefinition
      }
    )
  try {
    return await to(revision)
  } catch (error) {
    if (!(error instanceof AwsFault) || error.kind !== 'rejected' || !/inactive/i.test(error.message))
      throw error
    ports.announce({
      code: 'note',
      text: `${revisionName(revision)} is INACTIVE; registering an exact copy.`
    })
    const old = await ports.containers.taskDefinition(revision)
    return await to(await ports.containers.register(registrable(old.definition), old.tags))
  }
}
