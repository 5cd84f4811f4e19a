/** Clusters and container instances. */
import { lastOf } from '../../world/ids.js'
import type { SimulatedWorld } from '../../world/world.js'
import { read, type Operation } from '../operation.js'
import { page } from '../paging.js'
import { clusterOf, invalid, missingArn, type Page } from './find.js'
import { instanceShape } from './shapes.js'

function describeClusters(world: SimulatedWorld, input: { clusters?: string[] }): Record<string, unknown> {
  const clusters: unknown[] = []
  const failures: unknown[] = []
  for (const ref of input.clusters ?? ['default']) {
    const found = world.ecs.clusters.get(lastOf(ref))
    if (found === undefined) {
      failures.push({
        arn: ref.startsWith('arn:') ? ref : `${world.ecs.prefix}:cluster/${ref}`,
        reason: 'MISSING'
      })
      continue
    }
    const services = world.ecs.services.filter((s) => s.cluster === found && s.status !== 'INACTIVE')
    clusters.push({
      clusterArn: found.arn,
      clusterName: found.name,
      status: found.status,
      registeredContainerInstancesCount: found.instances.filter((i) => i.status !== 'GONE').length,
      runningTasksCount: services.reduce((n, s) => n + s.runningCount, 0),
      pendingTasksCount: services.reduce((n, s) => n + s.pendingCount, 0),
      activeServicesCount: services.length,
      statistics: [],
      tags: [],
      settings: [{ name: 'containerInsights', value: 'disabled' }],
      capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
      defaultCapacityProviderStrategy: []
    })
  }
  return { clusters, failures }
}

function describeContainerInstances(
  world: SimulatedWorld,
  input: { cluster?: string; containerInstances: string[] }
): Record<string, unknown> {
  const cluster = clusterOf(world, input.cluster)
  if (input.containerInstances.length > 100) throw invalid('Can describe at most 100 container instances.')
  const containerInstances: unknown[] = []
  const failures: unknown[] = []
  for (const ref of input.containerInstances) {
    const found = cluster.instances.find((i) => lastOf(i.arn) === lastOf(ref))
    if (found === undefined)
      failures.push({ arn: missingArn(world, 'container-instance', cluster, ref), reason: 'MISSING' })
    else containerInstances.push(instanceShape(found))
  }
  return { containerInstances, failures }
}

/** The operations, by name. */
export const clusterOperations: Record<string, Operation> = {
  DescribeContainerInstances: read(describeContainerInstances),
  DescribeClusters: read(describeClusters),
  ListClusters: read((world, input: Page) => {
    const { items, next } = page([...world.ecs.clusters.values()], input.nextToken, input.maxResults)
    return { clusterArns: items.map((c) => c.arn), nextToken: next }
  })
}
