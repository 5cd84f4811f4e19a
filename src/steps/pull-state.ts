import { parseImage, pinned, shortDigest, type EcrRepository } from '../domain/image.js'
import type { Platform } from '../domain/manifest.js'
import { pullable, sayPlatform } from '../domain/platform.js'
import { isIndexType } from '../domain/stored-image.js'
import { AwsFault, NotFound, type NamedManifest, type Ports } from '../ports.js'
import { imageState, type ImageState } from './image-state.js'

type Asked = Pick<Ports, 'images' | 'repositories'>

/**
 * As imageState, and for an index also: is the manifest there that a task on this platform is led to? Costs two more
 * requests for an index, none for other images.
 */
export async function pullState(
  ports: Asked,
  reference: string,
  needed: Platform | undefined
): Promise<ImageState> {
  const state = await imageState(ports, reference)
  const parsed = parseImage(reference)
  if (state.state !== 'there' || !state.image || !parsed?.ecr || !isIndexType(state.image.mediaType))
    return state
  return (await namedState(ports, parsed.ecr, parsed.repository, state.image.digest, needed)) ?? state
}

/**
 * What keeps tasks from pulling what an index leads them to; undefined when nothing does, or nobody may look. Where ECR
 * serves none of its manifests the look itself is doubted, and no more is said than that.
 */
export async function namedState(
  ports: Asked,
  repository: EcrRepository,
  place: string,
  digest: string,
  needed: Platform | undefined
): Promise<Exclude<ImageState, { state: 'there' }> | undefined> {
  const named = await read(ports, repository, digest)
  const wanted = pullable(
    named.map(({ child }) => child),
    needed
  )
  const isServed = (one: string) => named.some(({ child, served }) => served && child.digest === one)
  const [first] = wanted
  if (!first || wanted.some((child) => isServed(child.digest))) return undefined
  const reference = pinned(place, first.digest)
  const platform = first.platform ? `for ${sayPlatform(first.platform)} ` : ''
  const about = `the manifest ${platform}of ${pinned(place, shortDigest(digest))}`
  const state = await imageState(ports, reference)
  if (state.state === 'there') return undefined
  if (state.state === 'archived') return { ...state, text: `${about} cannot be pulled: ${state.text}` }
  if (state.state === 'gone' && named.some(({ served }) => served))
    return { state: 'gone', text: `${about} is gone: ECR does not serve ${shortDigest(first.digest)}` }
  return {
    state: 'unknown',
    text: `whether ${about} can be pulled is not known: ECR serves none of its manifests`
  }
}

async function read(ports: Asked, repository: EcrRepository, digest: string): Promise<NamedManifest[]> {
  try {
    return (await ports.repositories?.named?.(repository, digest)) ?? []
  } catch (error) {
    if (error instanceof NotFound || (error instanceof AwsFault && error.kind !== 'expired')) return []
    throw error
  }
}
