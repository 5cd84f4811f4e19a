import type { RolloutNumbers } from '../domain/rollout-estimate.js'
import type { Service } from '../domain/service.js'
import { containersOf, type JsonObject } from '../domain/task-definition.js'
import { parseImage } from '../domain/image.js'
import { delayMs } from './checks/drain.js'
import type { Facts } from './facts.js'
import { runningMs } from './starts.js'
import { isFargate, numberOf, objectOf, rawContainers } from './needs.js'

/**
 * What the time of a rollout is estimated from: the service's own numbers, and what the checks have read. `facts` absent:
 * nothing was read, and ECS's and ELB's defaults are taken.
 */
export function rolloutNumbers(
  service: Service,
  definition: JsonObject,
  desired: number,
  facts?: Pick<Facts, 'tasks' | 'attributes' | 'alarms'>
): RolloutNumbers {
  const { minimumHealthyPercent, maximumPercent, loadBalancers } = service
  const startMs = facts && runningMs(facts)
  const delays = loadBalancers.flatMap(({ targetGroupArn: arn }) => {
    const delay = arn === undefined || !facts ? undefined : delayMs(facts, arn)
    return delay === undefined ? [] : [delay]
  })
  const intervalMs = checkInterval(definition)
  const alarmBakeMs = bakeOf(service, facts)
  return {
    desired,
    ...(minimumHealthyPercent === undefined ? {} : { minimumHealthyPercent }),
    ...(maximumPercent === undefined ? {} : { maximumPercent }),
    ...(startMs === undefined ? {} : { startMs }),
    launch: isFargate(service, definition) ? 'FARGATE' : 'EC2',
    loadBalanced: loadBalancers.length > 0,
    ...(intervalMs === undefined ? {} : { containerCheck: { intervalMs } }),
    ...(alarmBakeMs > 0 ? { alarmBakeMs } : {}),
    ...(service.earlySuccess === undefined ? {} : { early: service.earlySuccess }),
    ...(delays.length === 0 ? {} : { deregistrationDelayMs: Math.max(...delays) }),
    imagesByDigest: containersOf(definition).every(({ image }) => parseImage(image)?.digest !== undefined)
  }
}

/**
 * How long ECS goes on watching when all is healthy: as the service says, else for as long as its alarms look back. Alarms
 * that ring before are ignored for the whole deployment, and then it does not wait for them.
 */
function bakeOf({ alarms, bakeMs }: Service, facts?: Pick<Facts, 'alarms'>): number {
  if (bakeMs !== undefined) return bakeMs
  if (alarms?.enable !== true || !facts?.alarms.known) return 0
  const states = facts.alarms.value
  if (states.some((a) => a.state === 'ALARM')) return 0
  return Math.max(0, ...states.map((a) => a.windowMs ?? 0))
}

/** The longest interval of the essential containers' health checks; ECS's default is 30 s. */
function checkInterval(definition: JsonObject): number | undefined {
  const checks = rawContainers(definition)
    .filter((c) => c['essential'] !== false)
    .map((c) => objectOf(c, 'healthCheck'))
    .filter((c) => c !== undefined)
  return checks.length === 0
    ? undefined
    : Math.max(...checks.map((c) => numberOf(c, 'interval') ?? 30)) * 1000
}
