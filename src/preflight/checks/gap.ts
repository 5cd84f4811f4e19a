import { ok, warning, type Check } from '../check.js'
import { serviceCommand } from '../fixes.js'
import { bounds } from './room-to-roll.js'

/** One task that goes before the next one comes: nobody answers in between. */
export const gap: Check = {
  name: 'gap',
  area: 'service',
  question: 'Does something serve during the whole deployment?',
  reads: ['ecs:DescribeServices'],
  worst: 'warning',
  source:
    'ECS developer guide, minimumHealthyPercent: ECS may stop that many tasks before new ones are healthy',
  look(facts) {
    const { service, desired } = facts
    const { least, most, minimum, maximum } = bounds(facts)
    if (desired === 0 || service.scheduling !== 'REPLICA')
      return ok(desired === 0 ? 'No task is wanted.' : `A ${service.scheduling} service has its own bounds.`)
    if (least > 0) return ok(`${least} of ${desired} tasks serve throughout.`)
    const sums = [`at least ${minimum} % of ${desired} is 0, at most ${maximum} % is ${most}`]
    // Where there is room for as many new tasks beside the old ones, ECS has no need to stop any first.
    const says =
      most > desired
        ? `ECS may stop the ${desired === 1 ? 'only task' : 'old tasks'} before a new one is healthy.`
        : `ECS stops the ${desired === 1 ? 'only task' : 'old tasks'} first: nothing serves until a new one is healthy.`
    return warning(says, sums, {
      todo: `Set minimumHealthyPercent of service ${service.name} to 100 and maximumPercent to 200, if the gap is not meant.`,
      command: serviceCommand(
        service,
        '--deployment-configuration maximumPercent=200,minimumHealthyPercent=100'
      )
    })
  }
}
