import { containersOf, healthCheckedContainers, type JsonObject } from '../domain/task-definition.js'
import type { Deployment } from '../domain/service.js'
import { explain, type Cause } from '../judge/causes.js'
import { freshMemory, remember, type Subject } from '../judge/memory.js'
import { judge, type Verdict } from '../judge/verdict.js'
import type { Ports, ServiceName } from '../ports.js'
import { lastLines } from './last-lines.js'
import { Lookout } from './observe.js'

/** So long after the last failed task a service with all its tasks healthy is well, milliseconds. */
const overAfterMs = 5 * 60_000

/** So long a deployment may be on its way before anybody asks what keeps it, milliseconds. */
const youngMs = 5 * 60_000

/**
 * Why the tasks of a deployment are not well, by one look at it and at the tasks that stopped within the last hour;
 * undefined when they are well, or nobody can tell. Reads only. Throws AwsFault.
 */
export async function causeNow(
  ports: Ports,
  name: ServiceName,
  primary: Deployment,
  definition: JsonObject,
  signal?: AbortSignal
): Promise<Cause | undefined> {
  const since = primary.createdAt ?? 0
  const subject: Subject = {
    deploymentId: primary.id,
    taskDefinition: primary.taskDefinition,
    since,
    adoptsTasks: true,
    healthChecked: healthCheckedContainers(definition),
    essential: containersOf(definition).flatMap((c) => (c.essential ? [c.name] : []))
  }
  const lookout = new Lookout(ports, name, { since, alarms: [] })
  const seen = await lookout.details(await lookout.look())
  const memory = remember(subject, freshMemory(), seen)
  const { healthy, desired } = memory.counts
  const lastFailed = Math.max(0, ...[...memory.failed.values()].map(({ task }) => task.stoppedAt ?? seen.at))
  // Failures that are over, with every task healthy since, are history.
  if (desired > 0 && healthy >= desired && seen.at - lastFailed > overAfterMs) return undefined
  const ask = (deadline: number): Verdict =>
    judge({ maxFailedTasks: 'auto', bakeMs: 0, deadline }, subject, memory, seen)
  const first = ask(Infinity)
  // A deployment that has just begun, and lost nothing, is on its way.
  if (first.state === 'waiting' && memory.failed.size === 0 && seen.at - since < youngMs) return undefined
  // What is still waited for is explained as at a deadline that is over now.
  const verdict = first.state === 'waiting' ? ask(seen.at) : first
  if (verdict.state !== 'failing') return undefined
  const logs = await lastLines(ports, { verdict, memory, seen }, definition, signal)
  const cause = explain(verdict, subject, memory, seen, definition, logs)
  // There is no deadline here: that something is waited for is no cause.
  return first.state === 'waiting' && cause.code === 'stuck' ? undefined : cause
}
