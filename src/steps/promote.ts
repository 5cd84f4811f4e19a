import { sayBytes } from '../domain/bytes.js'
import {
  parseImage,
  pinned,
  repositoryOf,
  shortDigest,
  type ImageReference,
  type Repository
} from '../domain/image.js'
import { Refusal, type ReasonCode } from '../domain/outcome.js'
import { containersOf, type JsonObject } from '../domain/task-definition.js'
import type { Inputs } from '../inputs.js'
import {
  AwsFault,
  NotFound,
  RegistryFault,
  type Blob,
  type Manifest,
  type Ports,
  type Registries
} from '../ports.js'
import { readTree } from './image-tree.js'
import type { Pinned } from './pin.js'
import { codeOfRegistry } from './resolve.js'

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

const progressMs = 5000

/**
 * Finds the given images that lie in another repository than the one their container uses now, and what of them has to
 * be copied there. Reads only. Throws a Refusal that says which image cannot be promoted and why.
 */
export async function planPromotions(
  ports: Ports,
  pins: Pinned[],
  running: JsonObject,
  inputs: Pick<Inputs, 'promote' | 'tagImages' | 'imageTag'>
): Promise<Promotions> {
  if (!inputs.promote) return { pins, promotions: [] }
  const used = imagesUsed(running)
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
    else promotions.set(key, await guarded(pin.digest, () => planOne(ports, pin, to, inputs)))
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

/**
 * Copies what was planned: layers first, then manifests, the image itself last, so that nobody ever sees half of one.
 * Gives container -> tagged reference for the tags that were put. What was copied when it ends early stays and is not
 * copied again. Throws Refusal, AwsFault, and the signal's reason.
 */
export async function promote(
  ports: Ports,
  promotions: Promotion[],
  signal?: AbortSignal
): Promise<Record<string, string>> {
  const todo = promotions.filter((p) => p.manifests.length > 0)
  const tagged: Record<string, string> = {}
  if (todo.length > 0) ports.announce({ code: 'step', step: 'promote', title: 'Promote' })
  const done = new Set<string>()
  for (const promotion of todo)
    try {
      await guarded(promotion.digest, () => copyOne(ports, promotion, done, signal))
      if (promotion.tag !== undefined)
        for (const container of promotion.containers)
          tagged[container] = `${promotion.to.text}:${promotion.tag}`
    } catch (error) {
      const text = `What has arrived in ${promotion.to.text} stays there: no tag names it, and the next run does not copy it again.`
      ports.announce({ code: 'warning', text })
      throw error
    }
  return tagged
}

async function copyOne(
  ports: Ports,
  { from, to, missing, manifests, digest, tag }: Promotion,
  done: Set<string>,
  signal?: AbortSignal
): Promise<void> {
  const registries = registriesOf(ports)
  for (const blob of missing) {
    signal?.throwIfAborted()
    const key = pinned(to.text, blob.digest)
    if (done.has(key)) continue
    const how = await registries.copy(blob, from.repository, to.repository, teller(ports, blob))
    done.add(key)
    ports.announce({ code: 'fact', name: how, value: `${shortDigest(blob.digest)} (${sayBytes(blob.size)})` })
  }
  for (const manifest of manifests) {
    signal?.throwIfAborted()
    await registries.put(to.repository, manifest, manifest.digest === digest ? tag : undefined)
  }
  ports.announce({ code: 'fact', name: 'promoted', value: pinned(to.text, shortDigest(digest)) })
}

/** Tells how far a large layer has come, at most every few seconds. */
function teller({ clock, announce }: Ports, { digest, size }: Blob): (bytes: number) => void {
  let said = clock.now()
  return (bytes) => {
    if (clock.now() - said < progressMs || bytes >= size) return
    said = clock.now()
    announce({ code: 'copying', digest, bytes, of: size })
  }
}

/** Trouble of registries as a refusal: the service was not touched. */
async function guarded<T>(digest: string, act: () => Promise<T>): Promise<T> {
  const refuse = (message: string, code: ReasonCode) =>
    new Refusal(
      [`promote: ${shortDigest(digest)} cannot be copied: ${message}.`],
      code,
      'Mend what is said above and run again; the service runs on as before.'
    )
  try {
    return await act()
  } catch (error) {
    if (error instanceof RegistryFault) throw refuse(error.message, codeOfRegistry(error.kind))
    if (error instanceof NotFound) throw refuse(error.message, 'image-not-found')
    if (error instanceof AwsFault && error.kind === 'rejected') throw refuse(error.message, 'preflight')
    throw error
  }
}

function fromOf(pin: Pinned): Promotion['from'] {
  return {
    text: pin.repository,
    repository: repositoryOf(parseImage(pin.repository) ?? { repository: pin.repository })
  }
}

function registriesOf({ registries }: Ports): Registries {
  if (!registries) throw new RegistryFault('unreachable', '', 'there are no registries to copy between')
  return registries
}
