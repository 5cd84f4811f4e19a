import { error, ok, warning, type Check } from '../check.js'
import type { Facts } from '../facts.js'
import { serviceCommand } from '../fixes.js'

/** How many tasks must stay healthy and how many may exist: ECS rounds the first up and the second down. */
export function bounds({ service, desired }: Pick<Facts, 'service' | 'desired'>): {
  least: number
  most: number
  minimum: number
  maximum: number
} {
  const minimum = service.minimumHealthyPercent ?? 100
  const maximum = service.maximumPercent ?? 200
  return {
    least: Math.ceil((desired * minimum) / 100),
    most: Math.floor((desired * maximum) / 100),
    minimum,
    maximum
  }
}

/** Percentages that leave room for neither a new task nor the end of an old one. */
export const roomToRoll: Check = {
  name: 'room-to-roll',
  area: 'service',
  question: 'Do minimumHealthyPercent, maximumPercent and the task count let a deployment move at all?',
  reads: ['ecs:DescribeServices'],
  worst: 'error',
  source: 'ECS developer guide, rolling deployments: the lower bound is rounded up, the upper bound down',
  look(facts) {
    const { service, desired } = facts
    const { least, most, minimum, maximum } = bounds(facts)
    const sums = [
      `at least ${minimum} % of ${desired}: ${least} must stay healthy`,
      `at most ${maximum} % of ${desired}: ${most} may exist`
    ]
    if (service.scheduling !== 'REPLICA') return ok(`A ${service.scheduling} service has its own bounds.`)
    if (desired === 0) return ok('No task is wanted.')
    if (most > desired || least < desired) return ok('There is room to move.', sums)
    const says = `With ${desired} tasks, minimumHealthyPercent ${minimum} and maximumPercent ${maximum} ECS can neither start a new task nor stop an old one.`
    const enough = Math.ceil(((desired + 1) * 100) / desired)
    const fix = {
      todo: `Set maximumPercent of service ${service.name} to 200 (${enough} is enough for one more task).`,
      command: serviceCommand(
        service,
        '--deployment-configuration maximumPercent=200,minimumHealthyPercent=100'
      )
    }
    // With old tasks missing or unhealthy ECS may still move; with all of them there it cannot.
    return service.running >= desired ? error(says, sums, fix, 'stuck') : warning(says, sums, fix)
  }
}
