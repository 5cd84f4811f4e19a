import { revisionName } from '../domain/arn.js'
import { primaryOf, type Deployment, type Service } from '../domain/service.js'
import { registrable } from '../domain/task-definition.js'
import { AwsFault, type Ports, type ServiceName, type Update } from '../ports.js'

/** A change of the service that took effect, and the PRIMARY deployment that shows it. */
export interface Changed {
  service: Service
  primary: Deployment
}

const sends = 3
/** Longer than DescribeServices has been seen to answer from before a write, milliseconds. */
const staleMs = 60_000
const lookAgainMs = 2500

/**
 * Calls UpdateService until `shows` finds its effect in the PRIMARY deployment. After an answer that was
 * lost the service is asked first, because a second UpdateService could start a second deployment; an
 * answer from before the write is asked again for a while. Throws AwsFault.
 */
export async function changeService(
  ports: Ports,
  name: ServiceName,
  change: Update,
  shows: (primary: Deployment) => boolean
): Promise<Changed> {
  const effect = (service: Service): Changed | undefined => {
    const primary = primaryOf(service)
    return primary && shows(primary) ? { service, primary } : undefined
  }
  for (let sent = 1; ; sent += 1) {
    try {
      const answered = effect(await ports.containers.update(name, change))
      if (answered) return answered
      break
    } catch (error) {
      if (!(error instanceof AwsFault) || error.kind !== 'unreachable') throw error
      await ports.clock.sleep(lookAgainMs)
      const took = effect(await ports.containers.service(name))
      if (took) return took
      if (sent >= sends) throw error
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
 * again as it was, because UpdateService takes no INACTIVE one. Throws AwsFault.
 */
export async function putBack(
  ports: Ports,
  name: ServiceName,
  revision: string,
  failing: { id: string; taskDefinition: string },
  desiredCount?: number
): Promise<Changed> {
  const count = desiredCount === undefined ? {} : { desiredCount }
  if (revision === failing.taskDefinition)
    // Only the count was changed: the deployment goes on, and the count goes back.
    return await changeService(ports, name, count, (primary) => primary.id === failing.id)
  const to = async (taskDefinition: string) =>
    await changeService(
      ports,
      name,
      { taskDefinition, ...count },
      (primary) => primary.id !== failing.id && primary.taskDefinition === taskDefinition
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
