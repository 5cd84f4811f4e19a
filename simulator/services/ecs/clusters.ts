/** Clusters and container instances. */
import { isNamed, lastOf } from '../../world/ids.js'
import type { SimulatedWorld } from '../../world/world.js'
import { read, write, type Operation } from '../operation.js'
import { page } from '../paging.js'
import { clusterOf, invalid, missingArn, type Page } from './find.js'
import { instanceShape } from './task-shapes.js'

/** DescribeClusters. */
export function describeClusters(
  world: SimulatedWorld,
  input: { clusters?: string[] }
): Record<string, unknown> {
  const clusters: unknown[] = []
  const failures: unknown[] = []
  for (const ref of input.clusters ?? ['default']) {
    const found = world.ecs.clusters.get(lastOf(ref))
    if (found === undefined || !isNamed(found.arn, ref)) {
      failures.push({
        arn: ref.startsWith('arn:') ? ref : `${world.ecs.prefix}:cluster/${ref}`,
        reason: 'MISSING'
      })
      continue
    }
    const services = world.ecs.services.filter((s) => s.cluster === found && s.status !== 'INACTIVE')
    const runs = world.ecs.standalone.tasks.filter(
      (t) => t.clusterArn === found.arn && t.status === 'RUNNING'
    ).length
    clusters.push({
      clusterArn: found.arn,
      clusterName: found.name,
      status: found.status,
      registeredContainerInstancesCount: found.instances.filter((i) => i.status !== 'GONE').length,
      runningTasksCount: runs + services.reduce((n, s) => n + s.runningCount, 0),
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
    const found = cluster.instances.find((i) => isNamed(i.arn, ref))
    if (found === undefined)
      failures.push({ arn: missingArn(world, 'container-instance', cluster, ref), reason: 'MISSING' })
    else containerInstances.push(instanceShape(found))
  }
  return { containerInstances, failures }
}

function updateContainerInstancesState(
  world: SimulatedWorld,
  input: { cluster?: string; containerInstances: string[]; status: string }
): Record<string, unknown> {
  const cluster = clusterOf(world, input.cluster)
  if (!['ACTIVE', 'DRAINING'].includes(input.status))
    throw invalid('Container instance status should be one of ACTIVE or DRAINING')
  const containerInstances: unknown[] = []
  const failures: unknown[] = []
  for (const ref of input.containerInstances) {
    const found = cluster.instances.find((i) => isNamed(i.arn, ref) && i.status !== 'GONE')
    if (found === undefined) {
      failures.push({ arn: missingArn(world, 'container-instance', cluster, ref), reason: 'MISSING' })
      continue
    }
    if (input.status === 'DRAINING') world.ecs.drain(found.instanceId)
    else found.status = 'ACTIVE'
    containerInstances.push(instanceShape(found))
  }
  return { containerInstances, failures }
}

function listContainerInstances(
  world: SimulatedWorld,
  input: Page & { cluster?: string; status?: string }
): Record<string, unknown> {
  const cluster = clusterOf(world, input.cluster)
  const fitting = cluster.instances.filter(
    (i) => i.status !== 'GONE' && (input.status === undefined || i.status === input.status)
  )
  const { items, next } = page(fitting, input.nextToken, input.maxResults)
  return { containerInstanceArns: items.map((i) => i.arn), nextToken: next }
}

/** The operations, by name. */
export const clusterOperations: Record<string, Operation> = {
  ListContainerInstances: read(listContainerInstances),
  UpdateContainerInstancesState: write(updateContainerInstancesState),
  DescribeContainerInstances: read(describeContainerInstances),
  DescribeClusters: read(describeClusters),
  ListClusters: read((world, input: Page) => {
    const { items, next } = page([...world.ecs.clusters.values()], input.nextToken, input.maxResults)
    return { clusterArns: items.map((c) => c.arn), nextToken: next }
  })
}
