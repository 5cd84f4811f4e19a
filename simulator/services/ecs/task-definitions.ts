/** Task definitions: registering, describing, deregistering. */
import type { Tag, TaskDefinitionSpec } from '../../world/api.js'
import { AwsError } from '../../world/errors.js'
import type { TaskDefinition } from '../../world/ecs/task-definitions.js'
import { schemasOf } from '../../wire/schemas.js'
import { inspectRequest } from '../../wire/validate.js'
import { read, type Operation } from '../operation.js'
import { page } from '../paging.js'
import { definitionOf, type Page } from './find.js'

/** Where in an answer stand the members that no schema knows, because a story or a client planted them. */
export function extrasOf(definition: TaskDefinition): Set<string> {
  const schemas = schemasOf('ecs', 'RegisterTaskDefinition')
  const { unknown } = inspectRequest(schemas!.input, definition.raw)
  return new Set(unknown.map((path) => `taskDefinition.${path}`))
}

const registerTaskDefinition: Operation = {
  write: true,
  openEnded: true,
  run: (world, input: TaskDefinitionSpec & { tags?: Tag[] }, { unknown }) => {
    const responseOnly = [
      'taskDefinitionArn',
      'revision',
      'status',
      'requiresAttributes',
      'compatibilities',
      'registeredAt',
      'deregisteredAt',
      'deleteRequestedAt',
      'registeredBy'
    ]
    const refused = unknown.find((path) => responseOnly.includes(path))
    if (refused !== undefined)
      throw new AwsError('ClientException', `Unknown parameter in input: "${refused}"`)
    const { tags, ...spec } = input
    if (spec.containerDefinitions.length === 0)
      throw new AwsError('ClientException', 'Container list cannot be empty.')
    const made = world.ecs.definitions.register(spec, [...(tags ?? [])])
    return {
      output: { taskDefinition: made.describe(), ...(tags === undefined ? {} : { tags }) },
      extras: extrasOf(made)
    }
  }
}

const describeTaskDefinition: Operation = {
  write: false,
  run: (world, input: { taskDefinition: string; include?: string[] }) => {
    const found = definitionOf(world, input.taskDefinition)
    const tags = input.include?.includes('TAGS') === true ? { tags: found.tags } : {}
    return { output: { taskDefinition: found.describe(), ...tags }, extras: extrasOf(found) }
  }
}

const deregisterTaskDefinition: Operation = {
  write: true,
  run: (world, input: { taskDefinition: string }) => {
    const found = world.ecs.definitions.deregister(input.taskDefinition)
    return { output: { taskDefinition: found.describe() }, extras: extrasOf(found) }
  }
}

/** The operations, by name. */
export const taskDefinitionOperations: Record<string, Operation> = {
  RegisterTaskDefinition: registerTaskDefinition,
  DescribeTaskDefinition: describeTaskDefinition,
  DeregisterTaskDefinition: deregisterTaskDefinition,
  ListTaskDefinitions: read(
    (world, input: Page & { familyPrefix?: string; status?: string; sort?: string }) => {
      const status = input.status ?? 'ACTIVE'
      const arns = world.ecs.definitions.all
        .filter(
          (d) => d.status === status && (input.familyPrefix === undefined || d.family === input.familyPrefix)
        )
        .map((d) => d.arn)
      if (input.sort === 'DESC') arns.reverse()
      const { items, next } = page(arns, input.nextToken, input.maxResults)
      return { taskDefinitionArns: items, nextToken: next }
    }
  )
}
