import { error, ok, warning, type Check } from '../check.js'
import { isFargate, logNeeds, secretNeeds, textOf, usesEcr } from '../needs.js'

/** Who fetches images, secrets and log streams before a container starts. */
export const executionRole: Check = {
  name: 'execution-role',
  area: 'definition',
  question: 'Is there an execution role where something must be fetched before a container starts?',
  reads: ['ecs:DescribeServices', 'ecs:DescribeTaskDefinition'],
  worst: 'error',
  source:
    'ECS: Fargate requires an execution role for images of ECR and for awslogs, and every secret requires one',
  look({ definition, running, service }) {
    const role = textOf(definition, 'executionRoleArn')
    const fargate = isFargate(service, definition)
    const needs = [
      ...(fargate && usesEcr(definition) ? ['images of ECR'] : []),
      ...(fargate && logNeeds(definition).length > 0 ? ['awslogs'] : []),
      ...(secretNeeds(definition).length > 0 ? ['secrets'] : [])
    ]
    if (role !== undefined)
      return ok(`${role.slice(role.lastIndexOf('/') + 1)} fetches ${needs.join(', ') || 'nothing'}.`)
    if (needs.length === 0) return ok('Nothing needs an execution role.')
    const before = textOf(running, 'executionRoleArn')
    const says = `The task definition has no executionRoleArn, and ${needs.join(', ')} need${needs.length === 1 && needs[0] === 'awslogs' ? 's' : ''} one.`
    const evidence = [
      before === undefined
        ? 'no executionRoleArn'
        : `no executionRoleArn; the definition that runs has ${before}`
    ]
    const fix = `Set executionRoleArn${before === undefined ? '' : ` to ${before}`} in the task definition.`
    if (before !== undefined) return error(says, evidence, fix)
    // Without one before, what runs has proven that it can do without, or that this is no real ECS.
    return service.running > 0 && secretNeeds(running).length === secretNeeds(definition).length
      ? ok('There is none, and the tasks that run do without it too.')
      : warning(says, evidence, fix)
  }
}
