/** DescribeServices, ListServices and UpdateService. */
import type { ServiceUpdate } from '../../world/api.js'
import type { SimulatedWorld } from '../../world/world.js'
import { read, write, type Operation } from '../operation.js'
import { page } from '../paging.js'
import { clusterOf, invalid, missingArn, serviceOf, type Page } from './find.js'
import { serviceShape } from './shapes.js'

/** DescribeServices, also used for stale answers. */
export function describeServices(
  world: SimulatedWorld,
  input: { cluster?: string; services: string[]; include?: string[] }
): Record<string, unknown> {
  const cluster = clusterOf(world, input.cluster)
  if (input.services.length === 0) throw invalid('Services cannot be empty.')
  if (input.services.length > 10) throw invalid('Can describe at most 10 services.')
  const withTags = input.include?.includes('TAGS') ?? false
  const services: unknown[] = []
  const failures: unknown[] = []
  for (const ref of input.services) {
    const found = world.ecs.find(cluster, ref)
    if (found !== undefined) services.push(serviceShape(found, withTags))
    else failures.push({ arn: missingArn(world, 'service', cluster, ref), reason: 'MISSING' })
  }
  return { services, failures }
}

/** The operations, by name. */
export const serviceOperations: Record<string, Operation> = {
  DescribeServices: read(describeServices),
  UpdateService: write((world, input: ServiceUpdate & { service: string; cluster?: string }) => {
    const { service: ref, cluster, ...update } = input
    const service = serviceOf(world, clusterOf(world, cluster), ref)
    world.ecs.update(service, update)
    return { service: serviceShape(service, false) }
  }),
  ListServices: read((world, input: Page & { cluster?: string; launchType?: string }) => {
    const cluster = clusterOf(world, input.cluster)
    const all = world.ecs.services.filter(
      (s) =>
        s.cluster === cluster &&
        s.status !== 'INACTIVE' &&
        (input.launchType === undefined || s.launchType === input.launchType)
    )
    const { items, next } = page(all, input.nextToken, input.maxResults)
    return { serviceArns: items.map((s) => s.arn), nextToken: next }
  })
}
