import { repositoryOf, shortDigest, type ImageReference } from '../domain/image.js'
import type { ReasonCode } from '../domain/outcome.js'
import { AwsFault, NotFound, RegistryFault, type Manifest, type Ports } from '../ports.js'
import { imageState } from './image-state.js'

/** A container's image as it is to be resolved. */
export interface Wanted {
  container: string
  reference: ImageReference
  /** The person named it in `images`: then it must be what it is said to be. */
  given: boolean
  /** The tasks of this service pull it already by this digest. */
  runs: boolean
  /** ECS pulls it with credentials of its own, which are not ours to use. */
  ownCredentials: boolean
}

/** What became of it: a digest (with the manifest, when it was read), a reason to refuse, or it stays as it is. */
export type Resolved =
  | { state: 'resolved'; digest: string; manifest?: Manifest; warning?: string }
  | { state: 'left'; warning: string }
  | { state: 'refused'; code: ReasonCode; problem: string }

/**
 * Finds the digest of an image, in whatever registry. Refuses a given image that does not exist or cannot be looked
 * up; one that nobody named is left as it is when its registry cannot be asked. Throws AwsFault when ECR fails us on
 * what was given, and for credentials that expired.
 */
export async function resolve(ports: Ports, wanted: Wanted): Promise<Resolved> {
  const { reference, given, runs } = wanted
  if (!reference.ecr && reference.digest !== undefined && runs && !given)
    return { state: 'resolved', digest: reference.digest }
  try {
    const manifest = await look(ports, wanted)
    return { state: 'resolved', digest: manifest.digest, manifest }
  } catch (error) {
    if (error instanceof NotFound) return await missing(ports, wanted, error)
    if (error instanceof RegistryFault) return unseen(wanted, error.message, codeOfRegistry(error.kind))
    if (!(error instanceof AwsFault) || error.kind === 'expired') throw error
    if (error.kind === 'rejected')
      return { state: 'refused', code: codeOfEcr(error.errorCode), problem: error.message }
    if (given) throw error
    return { state: 'left', warning: `${error.operation} failed: ${error.message}` }
  }
}

/** Failure codes and exceptions of ECR that say more than that there is no such image. */
export function codeOfEcr(errorCode: string): ReasonCode {
  if (/TooManyRequests|LimitExceeded/.test(errorCode)) return 'image-pull-rate-limit'
  if (/AccessDenied|Inaccessible|Kms/.test(errorCode)) return 'image-pull-denied'
  if (/Unavailable|UnableTo/.test(errorCode)) return 'image-pull-network'
  return /NotFound|Tag|Digest/.test(errorCode) ? 'image-not-found' : 'preflight'
}

async function look(ports: Ports, { reference, given }: Wanted): Promise<Manifest> {
  const { digest, tag, ecr } = reference
  // A digest decides; a tag beside it is only a name. ECS reads a bare repository as its tag latest.
  const image = digest === undefined ? { tag: tag ?? 'latest' } : { digest }
  if (ecr) return await ports.images.manifest(ecr, image)
  const repository = repositoryOf(reference)
  if (!ports.registries)
    throw new RegistryFault('unreachable', repository.host, `${repository.host} is not asked here`)
  return await ports.registries.manifest(
    repository,
    image,
    given && digest === undefined ? 'needed' : 'detail'
  )
}

async function missing(ports: Ports, wanted: Wanted, error: NotFound): Promise<Resolved> {
  const { reference, ownCredentials } = wanted
  // An anonymous look proves nothing where ECS itself is somebody.
  if (!reference.ecr && ownCredentials) return unseen(wanted, error.message, 'image-not-found')
  const kept = reference.ecr ? await imageState(ports, reference.text) : undefined
  const problem = kept?.state === 'archived' ? kept.text : error.message
  return { state: 'refused', code: 'image-not-found', problem }
}

/** What the trouble of a registry that is not ECR means for a run that needs an image of it. */
export function codeOfRegistry(kind: RegistryFault['kind']): ReasonCode {
  const codes: Record<RegistryFault['kind'], ReasonCode> = {
    denied: 'image-pull-denied',
    limited: 'image-pull-rate-limit',
    unreachable: 'image-pull-network',
    rejected: 'preflight'
  }
  return codes[kind]
}

/** A given tag must be seen to become a digest; a given digest is one; everything else stays what it is. */
function unseen({ reference, given }: Wanted, why: string, code: ReasonCode): Resolved {
  const { digest } = reference
  if (digest !== undefined) return { state: 'resolved', digest, warning: `it was not looked at: ${why}` }
  if (given) return { state: 'refused', code, problem: `"${reference.text}" has no known digest: ${why}` }
  return { state: 'left', warning: why }
}

/**
 * `repo:tag@sha256:…` names one image twice. Gives a sentence when the tag is not on that digest any more; undefined
 * when it is, or when nobody could say.
 */
export async function tagMoved(ports: Ports, reference: ImageReference): Promise<string | undefined> {
  const { tag, digest, repository } = reference
  if (tag === undefined || digest === undefined || !ports.registries) return undefined
  try {
    const now = await ports.registries.digestOf(repositoryOf(reference), tag, 'detail')
    if (now === digest) return undefined
    const where = now === undefined ? 'does not exist' : `is on ${shortDigest(now)} now`
    return `the tag "${tag}" of ${repository} ${where}; ${shortDigest(digest)} is deployed, as given`
  } catch (error) {
    if (error instanceof NotFound || error instanceof RegistryFault || error instanceof AwsFault)
      return undefined
    throw error
  }
}
