import { revisionName } from '../domain/arn.js'
import { primaryOf, type Service } from '../domain/service.js'
import type { Subject } from '../judge/memory.js'
import type { Ports, ServiceName } from '../ports.js'
import { putBack, TakenOver, type Changed } from './change.js'
import { stopOurs } from './stop-ours.js'

/** A revision to go back to, and the deployment that runs it, empty when none does. */
export interface KnownGood {
  deploymentId: string
  taskDefinition: string
  /** Registers it anew, where UpdateService would not take it as it is; gives the ARN of the copy. */
  renew?: () => Promise<string>
  /** Where UpdateService goes when this is the very revision that failed: the same once more would be no way back. */
  otherwise?: KnownGood
}

/** What has been tried, in order, and the revision that was wanted last. */
export interface Attempt {
  tried: string[]
  target: string
}

/** Where to go back to, with how many tasks when this run changed that, and until when, epoch milliseconds. */
export interface Wanted {
  knownGood: KnownGood
  desiredCount?: number
  deadline: number
}

/** How long throttling or a failing network may hold the way back up, milliseconds: leaving would be worse. */
const patienceMs = 5 * 60_000

/** Nothing but the number of tasks was changed: the deployment that stood before goes on. */
export function isOnlyCount(failing: Subject, { taskDefinition, deploymentId }: KnownGood): boolean {
  const same = failing.taskDefinition === taskDefinition
  return same && (failing.previous === undefined || deploymentId === failing.deploymentId)
}

/**
 * Begins the way back: by StopServiceDeployment where it applies, else by UpdateService; `attempt` is told of each.
 * Undefined when the revision that failed is the one that was good, ECS does not put back the deployment of it that stood
 * before, and no other is known good. Throws AwsFault, and TakenOver when somebody else's deployment stands there.
 */
export async function goBack(
  ports: Ports,
  name: ServiceName,
  failing: Subject,
  service: Service,
  { knownGood, desiredCount, deadline }: Wanted,
  attempt: Attempt,
  signal?: AbortSignal
): Promise<Changed | undefined> {
  const note = (text: string) => {
    ports.announce({ code: 'note', text })
  }
  const onlyCount = isOnlyCount(failing, knownGood)
  const again = knownGood.taskDefinition === failing.taskDefinition && !onlyCount
  const to = revisionName(knownGood.taskDefinition)
  const count = `desired count ${desiredCount ?? ''}`
  note(`Going back to ${onlyCount ? count : again ? `${to} as it ran before` : to}.`)
  if (desiredCount === undefined) {
    const stopped = await stopOurs(ports, name, failing, knownGood, service, signal)
    const not = stopped && 'not' in stopped ? stopped.not : undefined
    if (stopped)
      attempt.tried.push(`StopServiceDeployment back to ${to}${not === undefined ? '' : ` (${not})`}`)
    if (stopped && 'done' in stopped) return stopped.done
    if (not !== undefined) {
      note(`ECS does not go back by itself: ${not}.`)
      const primary = primaryOf(await ports.containers.service(name))
      if (primary && primary.id !== failing.deploymentId) throw new TakenOver(primary)
    }
  }
  const target = again && !knownGood.renew ? knownGood.otherwise : knownGood
  if (!target) return undefined
  attempt.target = target.taskDefinition
  const revisionWanted = revisionName(target.taskDefinition)
  attempt.tried.push(`UpdateService to ${onlyCount ? count : revisionWanted}`)
  if (attempt.tried.length > 1 || again) note(`Going back to ${revisionWanted} by UpdateService instead.`)
  const left = Math.max(0, deadline - ports.clock.now())
  const revision = target.renew ? await target.renew() : target.taskDefinition
  const bad = { id: failing.deploymentId, taskDefinition: failing.taskDefinition }
  return await putBack(ports, name, revision, bad, Math.min(patienceMs, left), desiredCount)
}
