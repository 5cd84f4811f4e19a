/** ECS operations over the world, one file a resource. */
import type { Operation } from '../operation.js'
import { clusterOperations } from './clusters.js'
import { serviceDeploymentOperations } from './service-deployments.js'
import { serviceOperations } from './services.js'
import { tagOperations } from './tags.js'
import { taskDefinitionOperations } from './task-definitions.js'
import { taskOperations } from './tasks.js'

export { describeServices } from './services.js'

/** Every operation of ECS that is played. */
export const ecsOperations: Record<string, Operation> = {
  ...clusterOperations,
  ...serviceDeploymentOperations,
  ...serviceOperations,
  ...tagOperations,
  ...taskDefinitionOperations,
  ...taskOperations
}
