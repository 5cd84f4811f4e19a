import { Refusal } from '../domain/outcome.js'
import { parseImage, pinned, shortDigest, type EcrRepository, type ImageReference } from '../domain/image.js'
import { containersOf, type ContainerDefinition, type JsonObject } from '../domain/task-definition.js'
import type { GivenImage, Inputs } from '../inputs.js'
import { AwsFault, NotFound, type Manifest, type Ports } from '../ports.js'

/** A container's image, resolved once. */
export interface Pinned {
  container: string
  /** True when the person named it in `images`. */
  given: boolean
  repository: string
  tag?: string
  digest: string
  /** Set when the image lives in ECR: what is needed to tag it. */
  ecr?: { repository: EcrRepository; manifest: Manifest }
}

/**
 * Turns every container's image (or, with `pin: given`, every given one) into a digest. Reads only.
 * Throws one Refusal with all problems: unknown containers, images that do not exist, references that
 * cannot be resolved yet.
 */
export async function pin(
  ports: Ports,
  definition: JsonObject,
  inputs: Pick<Inputs, 'images' | 'pin'>
): Promise<Pinned[]> {
  const problems: string[] = []
  const containers = containersOf(definition)
  const given = assign(containers, inputs.images, problems)
  const resolved = new Map<string, Promise<Manifest>>()
  const pins: Pinned[] = []
  for (const container of containers) {
    const asked = given.get(container.name)
    if (!asked && inputs.pin === 'given') continue
    const reference = asked ?? parseImage(container.image)
    if (!reference) {
      problems.push(`container "${container.name}": "${container.image}" is not an image reference.`)
      continue
    }
    const pin = await resolve(ports, container.name, reference, resolved, problems)
    if (pin) pins.push({ ...pin, given: asked !== undefined })
  }
  if (problems.length > 0) throw new Refusal(problems)
  for (const p of pins)
    ports.announce({
      code: 'fact',
      name: p.container,
      value: `${p.repository}${p.tag === undefined ? '' : `:${p.tag}`} is ${shortDigest(p.digest)}`
    })
  return pins
}

/** Which container each given image is for. */
function assign(
  containers: ContainerDefinition[],
  images: GivenImage[],
  problems: string[]
): Map<string, ImageReference> {
  const given = new Map<string, ImageReference>()
  const names = containers.map((c) => c.name).join(', ')
  for (const { container, reference } of images) {
    if (container === undefined) {
      const essential = containers.filter((c) => c.essential)
      const only = essential[0]
      if (essential.length === 1 && only) given.set(only.name, reference)
      else
        problems.push(
          `images: "${reference.text}" names no container, and ${essential.length} are essential (${essential.map((c) => c.name).join(', ')}); write container=reference.`
        )
    } else if (containers.some((c) => c.name === container)) given.set(container, reference)
    else problems.push(`images: the task definition has no container "${container}"; it has ${names}.`)
  }
  return given
}

async function resolve(
  ports: Ports,
  container: string,
  reference: ImageReference,
  resolved: Map<string, Promise<Manifest>>,
  problems: string[]
): Promise<Omit<Pinned, 'given'> | undefined> {
  const { repository, tag, digest, ecr } = reference
  // The tag is told only where it was what led to the digest.
  const base = { container, repository, ...(tag === undefined || digest !== undefined ? {} : { tag }) }
  if (!ecr) {
    if (digest !== undefined) return { ...base, digest }
    problems.push(
      `container "${container}": "${reference.text}" is not in Amazon ECR, and tags of other registries cannot be resolved yet; give it by digest (${repository}@sha256:…), or set pin: given to leave it as it is.`
    )
    return undefined
  }
  // A digest decides; a tag beside it is only a name. ECS reads a bare repository as its tag latest.
  const image = digest === undefined ? { tag: tag ?? 'latest' } : { digest }
  const key = `${ecr.host}/${ecr.name} ${JSON.stringify(image)}`
  const found = resolved.get(key) ?? ports.images.manifest(ecr, image)
  resolved.set(key, found)
  try {
    const manifest = await found
    return { ...base, digest: manifest.digest, ecr: { repository: ecr, manifest } }
  } catch (error) {
    if (error instanceof NotFound) problems.push(`container "${container}": ${error.message}.`)
    else if (error instanceof AwsFault && error.kind === 'rejected')
      problems.push(`container "${container}": ${error.message}.`)
    else throw error
    return undefined
  }
}

/** Container name -> `repo@sha256:…`. */
export function imagesOf(pins: Pinned[]): Map<string, string> {
  return new Map(pins.map((p) => [p.container, pinned(p.repository, p.digest)]))
}
