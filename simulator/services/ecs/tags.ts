/** Tags of services and task definitions. */
import type { Tag } from '../../world/api.js'
import type { SimulatedWorld } from '../../world/world.js'
import { read, write, type Operation } from '../operation.js'
import { invalid } from './find.js'

function taggable(world: SimulatedWorld, arn: string): { tags: Tag[] } {
  const service = world.ecs.services.find((s) => s.arn === arn)
  if (service !== undefined) return service
  const definition = arn.includes(':task-definition/') ? world.ecs.definitions.find(arn) : undefined
  if (definition !== undefined) return definition
  throw invalid('The specified resource ARN was not found.')
}

function tagResource(
  world: SimulatedWorld,
  input: { resourceArn: string; tags: Tag[] }
): Record<string, unknown> {
  const { tags } = taggable(world, input.resourceArn)
  for (const tag of input.tags) {
    const at = tags.findIndex((t) => t.key === tag.key)
    if (at >= 0) tags[at] = tag
    else tags.push(tag)
  }
  return {}
}

/** The operations, by name. */
export const tagOperations: Record<string, Operation> = {
  ListTagsForResource: read((world, input: { resourceArn: string }) => ({
    tags: taggable(world, input.resourceArn).tags
  })),
  TagResource: write(tagResource)
}
