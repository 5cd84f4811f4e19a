/** Finding what a request names, and refusing it in ECS's words when it is not there. */
import type { Cluster } from '../../world/ecs/clusters.js'
import { AwsError } from '../../world/errors.js'
import { isNamed, lastOf } from '../../world/ids.js'
import type { Service } from '../../world/ecs/service.js'
import type { TaskDefinition } from '../../world/ecs/task-definitions.js'
import type { SimulatedWorld } from '../../world/world.js'

export interface Page {
  nextToken?: string
  maxResults?: number
}

export function clusterOf(world: SimulatedWorld, ref = 'default'): Cluster {
  const found = world.ecs.clusters.get(lastOf(ref))
  if (found === undefined || found.status === 'INACTIVE' || !isNamed(found.arn, ref))
    throw new AwsError('ClusterNotFoundException', 'Cluster not found.')
  return found
}

export function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterException', message)
}

export function serviceOf(world: SimulatedWorld, cluster: Cluster, ref: string): Service {
  const found = world.ecs.find(cluster, ref)
  if (found === undefined) throw new AwsError('ServiceNotFoundException', 'Service not found.')
  return found
}

export function definitionOf(world: SimulatedWorld, ref: string): TaskDefinition {
  const found = world.ecs.definitions.find(ref)
  if (found === undefined) throw new AwsError('ClientException', 'Unable to describe task definition.')
  return found
}

export const missingArn = (world: SimulatedWorld, kind: string, cluster: Cluster, ref: string): string =>
  ref.startsWith('arn:') ? ref : `${world.ecs.prefix}:${kind}/${cluster.name}/${ref}`
