import { targetGroupName } from '../../domain/arn.js'
import { sayDuration } from '../../domain/duration.js'
import { plural } from '../../domain/plural.js'
import { gravest, ok, unknowable, warning, type Answer, type Check, type Fix } from '../check.js'
import type { Facts } from '../facts.js'
import { serviceCommand } from '../fixes.js'
import { numberOf, objectOf, rawContainers } from '../needs.js'
import { startsOf, type Starts } from '../starts.js'
import { healthyNow } from './balanced.js'

/** Less than this from its start to its end by failed checks is little for any application, milliseconds. */
const shortMs = 60_000

/** A start that takes more than this part of the time that it has will one day take more than all of it. */
const scarce = 0.8

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
  reads: ['elasticloadbalancing:DescribeTargetGroups', 'ecs:ListTasks', 'ecs:DescribeTasks'],
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
  const { gracePeriodMs } = facts.service
  const name = targetGroupName(g.arn)
  if (g.intervalMs === undefined || g.unhealthyThreshold === undefined)
    return unknowable(`ELB does not say how ${name} checks`)
  const failsMs = g.intervalMs * g.unhealthyThreshold
  const patience = Math.max(gracePeriodMs, failsMs)
  const startMs = startPeriodMs(facts)
  const starts = startsOf(facts)
  const sums = [
    `grace period ${sayDuration(gracePeriodMs)}; ${g.unhealthyThreshold} failed checks every ${sayDuration(g.intervalMs)} are ${sayDuration(failsMs)}`,
    ...(startMs > 0 ? [`startPeriod of the containers ${sayDuration(startMs)}`] : []),
    ...seen(starts)
  ]
  const none = gracePeriodMs === 0 ? ': there is no grace period' : ''
  const replaced = `A task that does not answer ${name} ${sayDuration(patience)} after its start is replaced${none}.`
  const needs = Math.max(startMs, ...early(starts, patience), starts.healthyMs ?? 0)
  const fix = longerGrace(facts, Math.max(60_000, Math.ceil((needs + failsMs) / 1000) * 1000))
  if (patience < Math.max(startMs, gracePeriodMs > 0 ? 0 : shortMs)) return warning(replaced, sums, fix)
  const soon = early(starts, patience)
  // Others of them answer, so it is not the application that never does.
  if (soon.length > 0 && healthyNow(facts, g.arn))
    return warning(
      `${plural(soon.length, 'task')} of the last hour did not answer ${name} within the ${sayDuration(patience)} that a start has, while others did.`,
      sums,
      fix
    )
  if (starts.healthyMs !== undefined && starts.healthyMs > patience * scarce)
    return warning(
      `The last start took ${sayDuration(starts.healthyMs)} of the ${sayDuration(patience)} after which a task that does not answer ${name} is replaced.`,
      sums,
      fix
    )
  return ok(`A task has ${sayDuration(patience)} to start.`, sums)
}

/** Lives that ended with the patience of ECS, or a minute later: those tasks never answered. */
function early({ replacedMs }: Starts, patience: number): number[] {
  return replacedMs.filter((ms) => ms <= patience + 60_000)
}

function seen({ runningMs, healthyMs, replacedMs }: Starts): string[] {
  const say = (ms: number) => sayDuration(Math.round(ms / 1000) * 1000)
  return [
    ...(runningMs === undefined ? [] : [`the running tasks took ${say(runningMs)} to RUNNING`]),
    ...(healthyMs === undefined ? [] : [`the first of them was healthy at most ${say(healthyMs)} later`]),
    ...(replacedMs.length === 0
      ? []
      : [
          `${plural(replacedMs.length, 'task')} of the last hour stopped for these checks, the first ${say(Math.min(...replacedMs))} after RUNNING`
        ])
  ]
}

function longerGrace({ service }: Facts, ms: number): Fix {
  const seconds = ms / 1000
  return {
    todo: `Set healthCheckGracePeriodSeconds of service ${service.name} above the longest start of the application, such as ${seconds}.`,
    command: serviceCommand(service, `--health-check-grace-period-seconds ${seconds}`)
  }
}
