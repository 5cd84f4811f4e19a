/** What the scheduler does with unhealthy tasks: a replacement, and when it may go (facts A4). */
import type { Deployment } from './deployment.js'
import type { Service } from './service.js'
import type { Task } from './task.js'
import type { TaskLife } from './task-life.js'
import { eventTexts, stopTexts } from '../texts.js'

/** What it needs of the scheduler. */
export interface Hands {
  mayLaunch: (deployment: Deployment) => boolean
  launch: (deployment: Deployment) => Task | undefined
  /** Tasks of a deployment, one for each place. */
  places: (deployment: Deployment) => number
  /** How many more tasks the upper bound lets start. */
  room: () => number
  /** Counts a failure, in a while. */
  failed: (deployment: Deployment) => void
}

/** Replaces unhealthy tasks: the replacement first when there is room for it. */
export function treatUnhealthy(service: Service, life: TaskLife, hands: Hands): number {
  let moved = 0
  for (const deployment of [...service.deployments]) {
    for (const ill of deployment.current.filter((t) => t.alive && t.illness !== undefined)) {
      const healthy = service.alive.filter((t) => t.healthy && t !== ill).length
      const canStop = healthy >= service.lowerBound
      const leavesAtOnce = canStop && !ill.registrations.some((r) => r.state === 'registered')
      const needed = deployment.status === 'PRIMARY' ? service.desiredCount : deployment.want
      const wanted = hands.places(deployment) <= needed && hands.mayLaunch(deployment)
      if (ill.replacement === undefined && wanted) {
        const room = hands.room()
        // Without room the ill one goes first (A4), and is told of after its replacement (A4 observed).
        const goesFirst = room <= 0 && leavesAtOnce
        const tell = goesFirst ? stopUnhealthy(service, life, hands, ill) : undefined
        const made = room > 0 || goesFirst ? hands.launch(deployment) : undefined
        if (made !== undefined) {
          ill.replacement = made
          moved++
          const texts = ill.illness?.kind === 'draining' ? eventTexts.started : eventTexts.replaced
          service.say(texts.say(service.name, [made.id]))
        }
        tell?.()
        if (!ill.alive) continue
      }
      const noWayOut = ill.replacement === undefined && hands.room() <= 0
      if (canStop || noWayOut || ill.replacement?.illness !== undefined) {
        stopUnhealthy(service, life, hands, ill)()
        moved++
      }
    }
  }
  return moved
}

/** Stops it; what the service says of it is for the caller to tell. */
function stopUnhealthy(service: Service, life: TaskLife, hands: Hands, ill: Task): () => void {
  const illness = ill.illness!
  const said: string[] = []
  if (illness.kind === 'draining')
    life.stop(ill, 'ServiceSchedulerInitiated', stopTexts.scaling.say(ill.deployment.id))
  else if (illness.kind === 'container') {
    said.push(eventTexts.containerChecks.say(service.name, ill.id))
    life.stop(ill, 'ServiceSchedulerInitiated', stopTexts.container.say())
  } else {
    const { group, id, port } = illness.registration
    said.push(
      group.settings.targetType === 'instance'
        ? eventTexts.unhealthyInstance.say(service.name, id, port, group.arn, illness.why)
        : eventTexts.unhealthyTask.say(service.name, ill.id, port, group.arn, illness.why)
    )
    life.stop(ill, 'ServiceSchedulerInitiated', stopTexts.elb.say(group.arn))
  }
  said.push(eventTexts.stopped.say(service.name, [ill.id]))
  if (illness.kind !== 'draining') hands.failed(ill.deployment)
  return () => {
    for (const message of said) service.say(message)
  }
}
