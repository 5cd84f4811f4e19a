/** What the story's workflow would write: a revision with its images, and UpdateService. */
import type { World } from '../index.js'
import type { Scene } from '../stories/index.js'
import { UsageError } from './options.js'

/** Deploys the story's images; gives the revision as `family:revision`. Throws UsageError when there are none. */
export function deployScene(world: World, { service, inputs }: Scene): string {
  const images = new Map(
    (inputs['images'] ?? '')
      .split(/[\n,]/)
      .map((pair) => pair.trim().split(/=(.*)/s) as [string, string])
      .filter(([name]) => name !== '')
  )
  if (images.size === 0) throw new UsageError('--deploy: this story names no image to deploy.')
  const running = world.ecs.findTaskDefinition(service.primary.taskDefinitionArn)
  if (running === undefined) throw new Error('the running task definition is gone')
  const { containerDefinitions, ...rest } = running.raw as {
    family: string
    containerDefinitions: Record<string, unknown>[]
  }
  const made = world.ecs.taskDefinition({
    ...rest,
    containerDefinitions: containerDefinitions.map((container) => {
      const image = images.get(String(container['name']))
      return image === undefined ? container : { ...container, image }
    })
  })
  world.ecs.updateService(service, { taskDefinition: made.arn })
  return made.ref
}
