import { targetGroupName } from '../../domain/arn.js'
import { sayDuration } from '../../domain/duration.js'
import { gravest, ok, unknowable, warning, type Answer, type Check } from '../check.js'
import type { Facts } from '../facts.js'
import { serviceCommand } from '../fixes.js'
import { numberOf, objectOf, rawContainers } from '../needs.js'

/** Less than this from its start to its end by failed checks is little for any application, milliseconds. */
const shortMs = 60_000

/** How long the containers say that they take to start: the longest startPeriod of an essential one, milliseconds. */
export function startPeriodMs({ definition }: Pick<Facts, 'definition'>): number {
  const periods = rawContainers(definition)
    .filter((c) => c['essential'] !== false)
    .map((c) => numberOf(objectOf(c, 'healthCheck'), 'startPeriod') ?? 0)
  return Math.max(0, ...periods) * 1000
}

/** Tasks that are replaced before they have started. */
export const grace: Check = {
  name: 'grace-period',
  area: 'load balancer',
  question: 'Has a task the time to start before failed checks of the load balancer get it replaced?',
  reads: ['elasticloadbalancing:DescribeTargetGroups'],
  worst: 'warning',
  source:
    'A replacement loop by a grace period too short for the start; ECS API, healthCheckGracePeriodSeconds',
  look(facts) {
    if (facts.service.loadBalancers.length === 0) return ok('The service stands behind no load balancer.')
    if (!facts.groups.known) return unknowable(facts.groups.why)
    return gravest(
      facts.groups.value.map((g) => timeToStart(facts, g)),
      'No target group was shown.'
    )
  }
}

function timeToStart(
  facts: Facts,
  g: { arn: string; intervalMs?: number; unhealthyThreshold?: number }
): Answer {
  const { service } = facts
  const { gracePeriodMs } = service
  const name = targetGroupName(g.arn)
  if (g.intervalMs === undefined || g.unhealthyThreshold === undefined)
    return unknowable(`ELB does not say how ${name} checks`)
  const failsMs = g.intervalMs * g.unhealthyThreshold
  const patience = Math.max(gracePeriodMs, failsMs)
  const startMs = startPeriodMs(facts)
  const sums = [
    `grace period ${sayDuration(gracePeriodMs)}; ${g.unhealthyThreshold} failed checks every ${sayDuration(g.intervalMs)} are ${sayDuration(failsMs)}`,
    ...(startMs > 0 ? [`startPeriod of the containers ${sayDuration(startMs)}`] : [])
  ]
  if (patience >= Math.max(startMs, gracePeriodMs > 0 ? 0 : shortMs))
    return ok(`A task has ${sayDuration(patience)} to start.`, sums)
  const seconds = Math.max(60, Math.ceil((startMs + failsMs) / 1000))
  return warning(
    `A task that does not answer ${name} ${sayDuration(patience)} after its start is replaced${gracePeriodMs === 0 ? ': there is no grace period' : ''}.`,
    sums,
    {
      todo: `Set healthCheckGracePeriodSeconds of service ${service.name} above the longest start of the application, such as ${seconds}.`,
      command: serviceCommand(service, `--health-check-grace-period-seconds ${seconds}`)
    }
  )
}
