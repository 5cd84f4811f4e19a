import { breakerThreshold, rollsBackItself } from '../../domain/service.js'
import { ok, warning, type Check } from '../check.js'
import { serviceCommand } from '../fixes.js'

/** Who ends a deployment that fails. */
export const undo: Check = {
  name: 'undo',
  area: 'service',
  question: 'Does somebody undo a deployment that fails?',
  reads: ['ecs:DescribeServices'],
  worst: 'warning',
  source: 'ECS developer guide, deployment circuit breaker: without it a failing deployment goes on for ever',
  look({ service, desired, undoes }) {
    const threshold = breakerThreshold(service.breaker, desired)
    const breaker =
      threshold === undefined
        ? 'the circuit breaker is off'
        : `the circuit breaker trips at ${threshold} failed tasks and ${service.breaker.rollback ? 'rolls back' : 'does not roll back'}`
    if (rollsBackItself(service)) return ok(`ECS does: ${breaker}.`)
    if (undoes) return ok(`This action does; ${breaker}.`)
    return warning(`Nobody does: ${breaker}.`, [breaker], {
      todo: `Switch on the circuit breaker of service ${service.name} with its rollback.`,
      command: serviceCommand(
        service,
        "--deployment-configuration 'deploymentCircuitBreaker={enable=true,rollback=true}'"
      )
    })
  }
}
