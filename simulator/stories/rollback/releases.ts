/** The shop after some releases, and the form of a manual rollback. */
import type { Behaviours, World } from '../../index.js'
import { shop, type Shop, type ShopOptions } from '../shop.js'

/** A shop with a past: `digests[n]` is the image of revision n + 1. */
export interface Releases extends Shop {
  digests: string[]
  arns: string[]
  /** Releases one more image, and waits until its deployment is over (default), or for so long. */
  release(behaviour?: Behaviours, waitMs?: number): void
}

const longEnough = 20 * 60_000

/** `shop-web:1` serves; so many more good releases follow, each completed. The last one serves. */
export function releases(world: World, more: number, options: ShopOptions = {}): Releases {
  const scene = shop(world, { pinned: true, ...options })
  const digests = [scene.servingDigest]
  const arns = [scene.taskDefinition.arn]
  const raw = scene.taskDefinition.raw as { containerDefinitions: object[] }
  const release = (behaviour?: Behaviours, waitMs = longEnough): void => {
    const version = `v${digests.length + 1}`
    const image = scene.repository.push({ tags: [`release-${version}`], ...(behaviour ? { behaviour } : {}) })
    const revision = world.ecs.taskDefinition({
      ...scene.taskDefinition.raw,
      family: 'shop-web',
      containerDefinitions: raw.containerDefinitions.map((c) => ({ ...c, image: image.uri }))
    })
    digests.push(image.digest)
    arns.push(revision.arn)
    world.ecs.updateService(scene.service, { taskDefinition: revision.arn })
    world.clock.advanceBy(waitMs)
  }
  for (let i = 0; i < more; i++) release()
  const inputs = { mode: 'rollback', environment: 'production', cluster: 'shop', service: 'shop-web' }
  return { ...scene, inputs, digests, arns, release }
}
