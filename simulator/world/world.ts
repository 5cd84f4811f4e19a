/** The world: clusters, images and load balancers on one virtual clock. */
import type { World, WorldOptions } from './api.js'

/** Makes an empty world. */
export function createWorld(_options: WorldOptions = {}): World {
  throw new Error('the world comes with the next commit')
}
