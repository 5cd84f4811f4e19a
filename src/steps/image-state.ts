import { parseImage } from '../domain/image.js'
import type { StoredImage } from '../domain/stored-image.js'
import { AwsFault, NotFound, type Ports } from '../ports.js'

/**
 * Whether a task that starts now can pull an image. `there`: the registry serves it. `gone` and `archived`: it does
 * not. `unknown`: nobody could say; `text` is a sentence about the image, without its full stop.
 */
export type ImageState =
  | { state: 'there'; image?: StoredImage }
  | { state: 'gone'; text: string }
  | { state: 'archived'; text: string; image: StoredImage }
  | { state: 'unknown'; text: string }

/**
 * Is this image present and ACTIVE in its ECR repository? `reference` is what stands in a task definition,
 * `repo@sha256:…` or `repo:tag`. Reads only, within seconds: where DescribeImages is denied or does not answer, the
 * manifest itself is asked for. Never throws, but for credentials that expired and a run that is cancelled.
 */
export async function imageState(
  ports: Pick<Ports, 'images' | 'repositories'>,
  reference: string
): Promise<ImageState> {
  const parsed = parseImage(reference)
  if (!parsed?.ecr)
    return { state: 'unknown', text: `${reference} is not in a private Amazon ECR repository` }
  const repository = parsed.ecr
  const id = parsed.digest === undefined ? { tag: parsed.tag ?? 'latest' } : { digest: parsed.digest }
  const { repositories } = ports
  try {
    if (repositories) return read(reference, await repositories.image(repository, id))
  } catch (error) {
    if (error instanceof NotFound) return { state: 'gone', text: error.message }
    if (!(error instanceof AwsFault) || error.kind === 'expired') throw error
  }
  try {
    if (!repositories) await ports.images.manifest(repository, id)
    else if (!(await repositories.serves(repository, id)))
      return { state: 'gone', text: `${reference} cannot be pulled: ECR does not serve it` }
    return { state: 'there' }
  } catch (error) {
    if (error instanceof NotFound) return { state: 'gone', text: error.message }
    if (!(error instanceof AwsFault) || error.kind === 'expired') throw error
    return {
      state: 'unknown',
      text: `${error.operation} did not say whether ${reference} exists (${error.message})`
    }
  }
}

/** Of an image that is described: only what is ACTIVE can be pulled; a word that we do not know is no proof. */
function read(reference: string, image: StoredImage): ImageState {
  const status = image.status ?? 'ACTIVE'
  if (status === 'ACTIVE') return { state: 'there', image }
  if (status === 'ARCHIVED')
    return {
      state: 'archived',
      text: `${reference} is ARCHIVED in ECR, so no task can pull it until it is restored`,
      image
    }
  if (status === 'ACTIVATING')
    return {
      state: 'archived',
      text: `${reference} is ACTIVATING in ECR: it comes back from the archive, within 20 minutes, and cannot be pulled before`,
      image
    }
  return { state: 'unknown', text: `${reference} has the status ${status} in ECR` }
}
