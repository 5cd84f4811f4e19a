import { targetGroupName } from '../../domain/arn.js'
import { sayDuration } from '../../domain/duration.js'
import { gravest, ok, unknowable, warning, type Check } from '../check.js'
import { of, type Facts } from '../facts.js'
import { numberOf, rawContainers } from '../needs.js'

/** The deregistration delay of a target group, milliseconds; undefined when it is not known. */
export function delayMs(facts: Pick<Facts, 'attributes'>, arn: string): number | undefined {
  const attributes = of(facts.attributes, arn)
  const value = attributes.known ? attributes.value['deregistration_delay.timeout_seconds'] : undefined
  return value === undefined || !/^\d+$/.test(value) ? undefined : Number(value) * 1000
}

/** How long a container may take to stop at most: SIGKILL comes after stopTimeout, 30 s when it is not given. */
export function stopMs({ running }: Pick<Facts, 'running'>): number {
  return Math.max(30, ...rawContainers(running).map((c) => numberOf(c, 'stopTimeout') ?? 30)) * 1000
}

/** Old tasks that keep the deployment open for longer than it has. */
export const drain: Check = {
  name: 'drain',
  area: 'load balancer',
  question: 'Do the old tasks leave in good time?',
  reads: ['elasticloadbalancing:DescribeTargetGroupAttributes'],
  worst: 'warning',
  source:
    'ECS developer guide, connection draining: a task stops after the deregistration delay and its stopTimeout',
  look(facts) {
    const { service, timeoutMs } = facts
    const arns = service.loadBalancers.flatMap((l) => l.targetGroupArn ?? [])
    const answers = arns.map((arn) => {
      const name = targetGroupName(arn)
      const attributes = of(facts.attributes, arn)
      const delay = delayMs(facts, arn)
      if (delay === undefined)
        return unknowable(attributes.known ? `ELB does not say the delay of ${name}` : attributes.why)
      const leaves = delay + stopMs(facts)
      const says = `An old task takes up to ${sayDuration(leaves)} to leave.`
      const sums = [
        `deregistration delay of ${name} ${sayDuration(delay)}, stopTimeout ${sayDuration(stopMs(facts))}`
      ]
      if (timeoutMs === undefined || leaves < timeoutMs / 2) return ok(says, sums)
      return warning(`${says} That is most of the timeout of ${sayDuration(timeoutMs)}.`, sums, {
        todo: `Set the deregistration delay of ${name} to what requests really take, or raise timeout.`,
        command: `aws elbv2 modify-target-group-attributes --target-group-arn ${arn} --attributes Key=deregistration_delay.timeout_seconds,Value=30`
      })
    })
    return gravest(answers, 'The service stands behind no load balancer.')
  }
}
