import { Refusal, type ReasonCode } from '../domain/outcome.js'
import { parseImage, pinned, shortDigest, type EcrRepository, type ImageReference } from '../domain/image.js'
import { sayPlatform, platformNeeded } from '../domain/platform.js'
import {
  containersOf,
  isObject,
  type ContainerDefinition,
  type JsonObject
} from '../domain/task-definition.js'
import type { GivenImage, Inputs } from '../inputs.js'
import type { Manifest, Ports } from '../ports.js'
import { PlatformCheck } from './platform.js'
import { resolve, tagMoved, type Resolved } from './resolve.js'

/** A container's image, resolved once. */
export interface Pinned {
  container: string
  /** True when the person named it in `images`. */
  given: boolean
  repository: string
  tag?: string
  digest: string
  /** Absent for a digest of a registry that was not looked at. */
  manifest?: Manifest
  /** Set when the image lives in ECR: what is needed to tag it. */
  ecr?: { repository: EcrRepository; manifest: Manifest }
  /** Set when the image comes into this repository only by this run, which copies it there. */
  promoted?: boolean
}

/** What pinning goes by. */
export interface Pinning extends Pick<Inputs, 'images' | 'pin' | 'preflight'> {
  /** The definition that the service runs now: what it pulls already is not doubted. */
  running?: JsonObject
  /** The service is known to run on Fargate. */
  onFargate?: boolean
}

/** Why a run is refused, with the code of its kind. */
interface Problem {
  code: ReasonCode
  text: string
}

/**
 * Turns every container's image (or, with `pin: given`, every given one) into a digest, and holds it against the
 * platform of the tasks. Reads only. Throws one Refusal with all problems: unknown containers, images that do not
 * exist or cannot be looked up, images for another platform.
 */
export async function pin(ports: Ports, definition: JsonObject, terms: Pinning): Promise<Pinned[]> {
  const problems: Problem[] = []
  const containers = containersOf(definition)
  const given = assign(containers, terms.images, problems)
  const running = new Set(containersOf(terms.running ?? {}).map((c) => c.image))
  const elsewhere = withOwnCredentials(definition)
  const needed = terms.preflight === 'off' ? undefined : platformNeeded(definition, terms.onFargate ?? false)
  const check = needed && new PlatformCheck(ports, needed)
  const resolved = new Map<string, Promise<Resolved>>()
  const fits = new Map<string, Promise<string | undefined>>()
  const pins: Pinned[] = []
  for (const { name, image } of containers) {
    const asked = given.get(name)
    if (!asked && terms.pin === 'given') continue
    const reference = asked ?? parseImage(image)
    if (!reference) {
      problems.push({ code: 'input', text: `container "${name}": "${image}" is not an image reference.` })
      continue
    }
    const runs = running.has(reference.text)
    const wanted = {
      container: name,
      reference,
      given: asked !== undefined,
      runs,
      ownCredentials: elsewhere.has(name)
    }
    const key = `${reference.text} ${wanted.given} ${wanted.ownCredentials}`
    const looked = resolved.get(key) ?? resolve(ports, wanted)
    resolved.set(key, looked)
    const found = await looked
    if (found.state === 'refused')
      problems.push({ code: found.code, text: `container "${name}": ${found.problem}.` })
    const warning = warningOf(name, reference, found)
    if (warning !== undefined) ports.announce({ code: 'warning', text: warning })
    if (found.state !== 'resolved') continue
    const moved = runs ? undefined : await tagMoved(ports, reference)
    if (moved !== undefined) ports.announce({ code: 'warning', text: `Container "${name}": ${moved}.` })
    pins.push(pinOf(name, reference, wanted.given, found))
    if (!check || !found.manifest || running.has(pinned(reference.repository, found.digest))) continue
    const misfit = fits.get(key) ?? check.problem(reference, found.manifest)
    fits.set(key, misfit)
    const text = await misfit
    if (text !== undefined)
      problems.push({ code: 'image-platform-mismatch', text: `container "${name}": ${text}.` })
  }
  refuse(ports, problems, terms, needed && sayPlatform(needed))
  for (const p of pins)
    ports.announce({
      code: 'fact',
      name: p.container,
      value: `${p.repository}${p.tag === undefined ? '' : `:${p.tag}`} is ${shortDigest(p.digest)}`
    })
  return pins
}

function pinOf(
  container: string,
  { repository, tag, digest, ecr }: ImageReference,
  given: boolean,
  found: { digest: string; manifest?: Manifest }
): Pinned {
  const { manifest } = found
  return {
    container,
    given,
    repository,
    // The tag is told only where it was what led to the digest.
    ...(tag === undefined || digest !== undefined ? {} : { tag }),
    digest: found.digest,
    ...(manifest ? { manifest } : {}),
    ...(ecr && manifest ? { ecr: { repository: ecr, manifest } } : {})
  }
}

function warningOf(name: string, { text }: ImageReference, found: Resolved): string | undefined {
  if (found.state === 'left')
    return `Container "${name}": ${text} stays as it is, not pinned: ${found.warning}.`
  return found.state === 'resolved' && found.warning !== undefined
    ? `Container "${name}": ${text} is deployed by its digest, but ${found.warning}.`
    : undefined
}

/** The containers whose images ECS pulls with a secret of Secrets Manager. */
function withOwnCredentials(definition: JsonObject): Set<string> {
  const list = Array.isArray(definition['containerDefinitions']) ? definition['containerDefinitions'] : []
  const own = list.filter(isObject).filter((c) => isObject(c['repositoryCredentials'] ?? null))
  return new Set(own.flatMap((c) => (typeof c['name'] === 'string' ? [c['name']] : [])))
}

const fixes: Partial<Record<ReasonCode, string>> = {
  'image-not-found': 'Push the image before this step, or name one that exists.',
  'image-pull-denied':
    'Log in to that registry before this step (docker/login-action), or give the image by digest.',
  'image-pull-rate-limit':
    'Log in to that registry before this step, run later, or give the image by digest.',
  'image-pull-network':
    'Check the name of the registry and the network of the runner, or give the image by digest.'
}

/** Throws what there is to refuse; an image for another platform only warns with `preflight: warn`. */
function refuse(ports: Ports, problems: Problem[], { preflight }: Pinning, needed = ''): void {
  const warned = (p: Problem) => preflight === 'warn' && p.code === 'image-platform-mismatch'
  for (const { text } of problems.filter(warned)) ports.announce({ code: 'warning', text })
  const refused = problems.filter((p) => !warned(p))
  const first = refused.find((p) => p.code !== 'input') ?? refused[0]
  if (!first) return
  const fix =
    first.code === 'image-platform-mismatch'
      ? `Build the image for ${needed} (docker buildx build --platform ${needed}), or change runtimePlatform in the task definition.`
      : fixes[first.code]
  throw new Refusal(
    refused.map((p) => p.text),
    first.code,
    fix
  )
}

/** Which container each given image is for. */
function assign(
  containers: ContainerDefinition[],
  images: GivenImage[],
  problems: Problem[]
): Map<string, ImageReference> {
  const given = new Map<string, ImageReference>()
  const names = containers.map((c) => c.name).join(', ')
  const wrong = (text: string) => problems.push({ code: 'input', text })
  for (const { container, reference } of images) {
    if (container === undefined) {
      const essential = containers.filter((c) => c.essential)
      const only = essential[0]
      if (essential.length === 1 && only) given.set(only.name, reference)
      else
        wrong(
          `images: "${reference.text}" names no container, and ${essential.length} are essential (${essential.map((c) => c.name).join(', ')}); write container=reference.`
        )
    } else if (containers.some((c) => c.name === container)) given.set(container, reference)
    else wrong(`images: the task definition has no container "${container}"; it has ${names}.`)
  }
  return given
}

/** Container name -> `repo@sha256:…`. */
export function imagesOf(pins: Pinned[]): Map<string, string> {
  return new Map(pins.map((p) => [p.container, pinned(p.repository, p.digest)]))
}
