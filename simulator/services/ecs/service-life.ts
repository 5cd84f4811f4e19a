/** CreateService, DeleteService and CreateCluster. */
import { createService, deleteService, type ServiceRequest } from '../../world/service-life.js'
import { lastOf } from '../../world/ids.js'
import { write, type Operation } from '../operation.js'
import { describeClusters } from './clusters.js'
import { clusterOf, serviceOf } from './find.js'
import { serviceShape } from './shapes.js'

/** The operations, by name. */
export const serviceLifeOperations: Record<string, Operation> = {
  CreateCluster: write((world, input: { clusterName?: string }) => {
    const { name } = world.ecs.cluster(input.clusterName ?? 'default')
    return { cluster: (describeClusters(world, { clusters: [name] }).clusters as unknown[])[0] }
  }),
  CreateService: write((world, input: ServiceRequest) => {
    const cluster = input.cluster === undefined ? {} : { cluster: lastOf(input.cluster) }
    return { service: serviceShape(createService(world.ecs, { ...input, ...cluster }), true) }
  }),
  DeleteService: write((world, input: { cluster?: string; service: string; force?: boolean }) => {
    const service = serviceOf(world, clusterOf(world, input.cluster), input.service)
    deleteService(world.ecs, service, input.force ?? false)
    return { service: serviceShape(service, false) }
  })
}
