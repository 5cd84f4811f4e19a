/** CreateService, DeleteService and CreateCluster. */
import { createService, deleteService, type ServiceRequest } from '../../world/ecs/service-life.js'
import { lifeTexts } from '../../world/texts.js'
import { write, type Operation } from '../operation.js'
import { describeClusters } from './clusters.js'
import { clusterOf, invalid, serviceOf } from './find.js'
import { serviceShape } from './shapes.js'

/** The operations, by name. */
export const serviceLifeOperations: Record<string, Operation> = {
  CreateCluster: write((world, input: { clusterName?: string }) => {
    const wanted = input.clusterName ?? 'default'
    if (!/^[A-Za-z0-9_-]{1,255}$/.test(wanted)) throw invalid(lifeTexts.badName.say('Cluster name'))
    const { name } = world.ecs.cluster(wanted)
    return { cluster: (describeClusters(world, { clusters: [name] }).clusters as unknown[])[0] }
  }),
  CreateService: write((world, input: ServiceRequest) => {
    const cluster = clusterOf(world, input.cluster).name
    return { service: serviceShape(createService(world.ecs, { ...input, cluster }), true) }
  }),
  DeleteService: write((world, input: { cluster?: string; service: string; force?: boolean }) => {
    const service = serviceOf(world, clusterOf(world, input.cluster), input.service)
    deleteService(world.ecs, service, input.force ?? false)
    return { service: serviceShape(service, false) }
  })
}
