import { targetGroupName } from '../../domain/arn.js'
import { error, gravest, ok, unknowable, warning, type Check } from '../check.js'
import { networkMode } from '../needs.js'
import { healthyNow } from './balanced.js'

/** Targets by address for awsvpc, by instance for the other modes. */
export const targetType: Check = {
  name: 'target-type',
  area: 'load balancer',
  question: 'Does the type of the target group fit the network mode of the tasks?',
  reads: ['elasticloadbalancing:DescribeTargetGroups'],
  worst: 'error',
  source: 'ECS developer guide: awsvpc needs targets of type ip, bridge and host those of type instance',
  look(facts) {
    const { groups, definition, running, service } = facts
    if (service.loadBalancers.length === 0) return ok('The service stands behind no load balancer.')
    if (!groups.known) return unknowable(groups.why)
    const mode = networkMode(definition)
    const wanted = mode === 'awsvpc' ? 'ip' : 'instance'
    const answers = groups.value.map((g) => {
      const name = targetGroupName(g.arn)
      if (g.targetType === undefined) return unknowable(`ELB does not say the type of ${name}`)
      if (g.targetType === wanted || g.targetType === 'alb')
        return ok(`${name} takes ${g.targetType} targets.`)
      const says = `Target group ${name} takes targets of type ${g.targetType}, and tasks of network mode ${mode} are of type ${wanted}.`
      const fix = `Make a target group of type ${wanted} for the service, or keep the network mode ${networkMode(running)}.`
      const evidence = [`network mode ${mode}, target type ${g.targetType}`]
      const changed = networkMode(running) !== mode
      return changed && !(g.targetType === 'ip' && healthyNow(facts, g.arn))
        ? error(says, evidence, fix)
        : warning(says, evidence, fix)
    })
    return gravest(answers, 'No target group was shown.')
  }
}
