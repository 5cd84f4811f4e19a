/** ECS operations over the world, one file a resource. */
import type { Operation } from '../operation.js'
import { clusterOperations } from './clusters.js'
import { serviceDeploymentOperations } from './service-deployments.js'
import { serviceLifeOperations } from './service-life.js'
import { serviceOperations } from './services.js'
import { tagOperations } from './tags.js'
import { deletionOperations } from './task-definition-deletion.js'
import { taskDefinitionOperations } from './task-definitions.js'
import { protectionOperations } from './task-protection.js'
import { taskOperations } from './tasks.js'
import { checked } from './values.js'

export { describeServices } from './services.js'

const all: Record<string, Operation> = {
  ...clusterOperations,
  ...serviceDeploymentOperations,
  ...deletionOperations,
  ...protectionOperations,
  ...serviceLifeOperations,
  ...serviceOperations,
  ...tagOperations,
  ...taskDefinitionOperations,
  ...taskOperations
}

/** Every operation of ECS that is played. */
export const ecsOperations: Record<string, Operation> = Object.fromEntries(
  Object.entries(all).map(([name, operation]) => [name, checked(name, operation)])
)
