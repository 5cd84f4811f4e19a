import { sayBytes } from '../domain/bytes.js'
import {
  parseImage,
  pinned,
  repositoryOf,
  shortDigest,
  type ImageReference,
  type Repository
} from '../domain/image.js'
import { Refusal } from '../domain/outcome.js'
import { containersOf, type JsonObject } from '../domain/task-definition.js'
import type { Inputs } from '../inputs.js'
import { NotFound, RegistryFault, type Blob, type Manifest, type Ports, type Registries } from '../ports.js'
import { readTree } from './image-tree.js'
import { inTime } from './in-time.js'
import type { Pinned } from './pin.js'
import { guarded, registriesOf, tooLate, type Bounds } from './promote-faults.js'

/** An image that is to be copied into another repository before it is tagged and pinned there. */
export interface Promotion {
  containers: string[]
  digest: string
  from: { text: string; repository: Repository }
  to: { text: string; repository: Repository }
  /** In the order in which they are put; empty when the image is there already. */
  manifests: Manifest[]
  /** What the target has not. */
  missing: Blob[]
  /** The tag to put where no ECR is, whose tags are put by `tag-images`. */
  tag?: string
}

/** The pins as they are after the promotions, and these. */
export interface Promotions {
  pins: Pinned[]
  promotions: Promotion[]
}

/**
 * Finds the given images that lie in another repository than the one their container uses now, and what of them has to
 * be copied there. Reads only. Throws a Refusal that says which image cannot be promoted and why.
 */
export async function planPromotions(
  ports: Ports,
  pins: Pinned[],
  running: JsonObject,
  inputs: Pick<Inputs, 'promote' | 'tagImages' | 'imageTag'>,
  { until }: Bounds = {}
): Promise<Promotions> {
  if (!inputs.promote) return { pins, promotions: [] }
  const used = imagesUsed(running)
  const began = ports.clock.now()
  const promotions = new Map<string, Promotion>()
  for (const pin of pins.filter((p) => p.given)) {
    const target = used.get(pin.container)
    if (!target)
      ports.announce({
        code: 'warning',
        text: `promote: container "${pin.container}" runs no image now, so nobody knows where to; its image stays where it is.`
      })
    if (!target || target.repository === pin.repository) continue
    const to = { text: target.repository, repository: repositoryOf(target) }
    const key = pinned(to.text, pin.digest)
    const known = promotions.get(key)
    if (known) known.containers.push(pin.container)
    else {
      const late = () =>
        tooLate(pin.digest, to.text, began, ports.clock.now(), 'not all of it could be looked at')
      const plan = async (bounded: Ports) =>
        await guarded(pin.digest, () => planOne(bounded, pin, to, inputs))
      promotions.set(key, await inTime(ports, until, late, plan))
    }
  }
  return { pins: whereTheyGo(pins, running), promotions: [...promotions.values()] }
}

/** The images that containers run now, as far as they can be read. */
function imagesUsed(running: JsonObject): Map<string, ImageReference> {
  return new Map(
    containersOf(running).flatMap((c) => {
      const image = parseImage(c.image)
      return image ? [[c.name, image] as const] : []
    })
  )
}

/** The pins as they stand when the given images are in the repositories that their containers use now. */
export function whereTheyGo(pins: Pinned[], running: JsonObject): Pinned[] {
  const used = imagesUsed(running)
  return pins.map((pin) => {
    const target = pin.given ? used.get(pin.container) : undefined
    if (!target || target.repository === pin.repository) return pin
    const { container, given, digest, manifest } = pin
    const inEcr = target.ecr && manifest ? { ecr: { repository: target.ecr, manifest } } : {}
    const moved = { container, given, repository: target.repository, digest, promoted: true }
    return { ...moved, ...(manifest ? { manifest } : {}), ...inEcr }
  })
}

async function planOne(
  ports: Ports,
  pin: Pinned,
  to: Promotion['to'],
  { tagImages, imageTag }: Pick<Inputs, 'tagImages' | 'imageTag'>
): Promise<Promotion> {
  const from = fromOf(pin)
  const registries = registriesOf(ports)
  if (!pin.manifest)
    throw new RegistryFault(
      'unreachable',
      from.repository.host,
      `its manifest could not be read from ${from.text}`
    )
  const tag = tagImages && !to.repository.ecr ? { tag: await freeTag(registries, pin, to, imageTag) } : {}
  const base = { containers: [pin.container], digest: pin.digest, from, to, ...tag }
  const said = `${shortDigest(pin.digest)} from ${from.text} to ${to.text}`
  if (await isThere(registries, to.repository, pin.digest)) {
    ports.announce({ code: 'fact', name: 'promote', value: `${said}: it is there already` })
    const retag = tag.tag === undefined ? [] : [pin.manifest]
    return { ...base, manifests: retag, missing: [] }
  }
  const { manifests, blobs } = await readTree(registries, from.repository, pin.manifest)
  const missing = await registries.missing(to.repository, blobs)
  const size = missing.reduce((sum, b) => sum + b.size, 0)
  const what = `${manifests.length} manifests, ${missing.length} of ${blobs.length} configs and layers (${sayBytes(size)})`
  ports.announce({ code: 'fact', name: 'promote', value: `${said}: ${what}` })
  if (!tagImages)
    ports.announce({
      code: 'warning',
      text: `With tag-images: false the copy in ${to.text} has no tag; a lifecycle policy may take it as untagged.`
    })
  return { ...base, manifests, missing }
}

async function isThere(registries: Registries, to: Repository, digest: string): Promise<boolean> {
  try {
    await registries.manifest(to, { digest }, 'needed')
    return true
  } catch (error) {
    if (error instanceof NotFound) return false
    throw error
  }
}

/** A tag of ours never moves, here no more than in ECR. */
async function freeTag(
  registries: Registries,
  pin: Pinned,
  to: Promotion['to'],
  tag: string
): Promise<string> {
  const digest = await registries.digestOf(to.repository, tag, 'needed')
  if (digest === undefined || digest === pin.digest) return tag
  throw new Refusal([
    `the tag "${tag}" in ${to.text} is already on ${shortDigest(digest)}, not on ${shortDigest(pin.digest)}; an environment tag never moves. Use an image-tag-template that is unique per run.`
  ])
}

function fromOf(pin: Pinned): Promotion['from'] {
  return {
    text: pin.repository,
    repository: repositoryOf(parseImage(pin.repository) ?? { repository: pin.repository })
  }
}
