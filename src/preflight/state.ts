import { revisionName, targetGroupName } from '../domain/arn.js'
import { sayDuration } from '../domain/duration.js'
import { plural } from '../domain/plural.js'
import type { Deployment, Target, Task } from '../domain/service.js'
import { readStop } from '../judge/stop-reason.js'
import { shortEvent } from '../report/shortly.js'
import { of, type Facts } from './facts.js'

const mostReasons = 3
const mostEvents = 5

/** How a service stands, in rows of a name and a text: what serves, its targets, its stopped tasks, its events. */
export function stateRows(facts: Facts): [name: string, text: string][] {
  return [
    ...facts.service.deployments.map((d): [string, string] => [
      d.status === 'PRIMARY' ? 'serving' : 'leaving',
      sayDeployment(d)
    ]),
    ...targetRows(facts),
    ...stoppedRows(facts),
    ...eventRows(facts)
  ]
}

function sayDeployment(d: Deployment): string {
  const failed = d.failed > 0 ? `, ${d.failed} failed` : ''
  return `${revisionName(d.taskDefinition)}: ${d.running} of ${d.desired} tasks run${failed} (${d.id}, ${d.rolloutState ?? 'no rollout state'})`
}

function targetRows({ service, targets }: Facts): [string, string][] {
  if (service.loadBalancers.length === 0) return [['targets', 'the service registers with no load balancer']]
  return service.loadBalancers.flatMap(({ targetGroupArn: arn, classicName }): [string, string][] => {
    if (arn === undefined)
      return [['targets', `classic load balancer ${classicName ?? ''}, which is not read`]]
    const found = of(targets, arn)
    const says = found.known ? sayTargets(found.value) : `not known: ${found.why}`
    return [['targets', `${targetGroupName(arn)}: ${says}`]]
  })
}

/** `2 healthy, 1 unhealthy (Target.Timeout: Request timed out)` */
function sayTargets(targets: readonly Target[]): string {
  if (targets.length === 0) return 'none is registered'
  const said = targets.map(({ state, reason, description }) => {
    const why = [reason, description].filter((t) => t !== undefined && t !== '').join(': ')
    return why === '' ? state : `${state} (${why})`
  })
  return [...new Set(said)].map((text) => `${said.filter((t) => t === text).length} ${text}`).join(', ')
}

function stoppedRows({ stopped, now }: Facts): [string, string][] {
  if (!stopped.known) return [['stopped', `not known: ${stopped.why}`]]
  const failed = stopped.value.filter((task) => readStop(task).kind !== 'benign')
  if (failed.length === 0) return []
  const reason = (task: Task) => task.stoppedReason ?? task.stopCode ?? 'no reason'
  const reasons = [...new Set(failed.map(reason))]
  return reasons.slice(0, mostReasons).map((text): [string, string] => {
    const those = failed.filter((task) => reason(task) === text)
    const last = Math.max(0, ...those.flatMap((t) => t.endedAt ?? t.stoppedAt ?? []))
    const when = last === 0 ? '' : `, the last ${sayDuration(Math.max(0, now - last))} ago`
    return ['stopped', `${plural(those.length, 'task')}${when}: ${text}`]
  })
}

function eventRows({ service, now }: Facts): [string, string][] {
  return service.events
    .slice(0, mostEvents)
    .map(({ at, message }) => ['event', `${sayDuration(Math.max(0, now - at))} ago: ${shortEvent(message)}`])
}
