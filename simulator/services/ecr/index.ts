/** Every ECR operation that is played. */
import type { Operation } from '../operation.js'
import { detailOperations } from './details.js'
import { imageOperations } from './images.js'
import { layerOperations } from './layers.js'
import { lifecycleOperations } from './lifecycle.js'
import { repositoryOperations } from './repositories.js'

export const ecrOperations: Record<string, Operation> = {
  ...imageOperations,
  ...detailOperations,
  ...repositoryOperations,
  ...layerOperations,
  ...lifecycleOperations
}
