/** RunTask: tasks that belong to no service. */
import type { Json, Tag } from '../../world/api.js'
import { AwsError } from '../../world/errors.js'
import { checkNetwork } from '../../world/ecs/service-checks.js'
import { runTexts } from '../../world/texts.js'
import type { SimulatedWorld } from '../../world/world.js'
import { clusterOf, invalid } from './find.js'
import { taskShape } from './task-shapes.js'

/** RunTask, with its refusals; what finds no place is in `failures`. */
export function runTask(
  world: SimulatedWorld,
  input: {
    cluster?: string
    taskDefinition: string
    count?: number
    launchType?: string
    capacityProviderStrategy?: { capacityProvider: string; weight?: number; base?: number }[]
    platformVersion?: string
    networkConfiguration?: Json
    startedBy?: string
    group?: string
    tags?: Tag[]
    overrides?: Json
  }
): Record<string, unknown> {
  const cluster = clusterOf(world, input.cluster)
  const definition = world.ecs.definitions.find(input.taskDefinition)
  if (definition === undefined) throw new AwsError('ClientException', runTexts.noDefinition.say())
  if (definition.status !== 'ACTIVE') throw invalid(runTexts.inactive.say())
  if ((input.count ?? 1) > 10) throw invalid(runTexts.tooMany.say())
  if ((input.count ?? 1) < 1) throw invalid(runTexts.tooFew.say())
  if (definition.networkMode === 'awsvpc' && input.networkConfiguration === undefined)
    throw invalid(runTexts.noNetwork.say())
  if (input.networkConfiguration !== undefined) checkNetwork(input.networkConfiguration)
  const fargate =
    input.capacityProviderStrategy?.[0]?.capacityProvider.startsWith('FARGATE') ??
    input.launchType === 'FARGATE'
  if (!fargate && cluster.instances.every((i) => i.status === 'GONE'))
    throw invalid(runTexts.noInstances.say())
  const { tasks, failures } = world.ecs.standalone.run({
    cluster,
    definition,
    count: input.count ?? 1,
    launchType: fargate ? 'FARGATE' : 'EC2',
    capacityProviderStrategy: input.capacityProviderStrategy,
    platformVersion: input.platformVersion,
    networkConfiguration: input.networkConfiguration,
    startedBy: input.startedBy,
    group: input.group,
    tags: input.tags,
    overrides: input.overrides
  })
  return { tasks: tasks.map((t) => taskShape(t, true)), failures }
}
