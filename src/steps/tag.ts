import { Refusal } from '../domain/outcome.js'
import { shortDigest } from '../domain/image.js'
import { AwsFault, NotFound, type Ports } from '../ports.js'
import type { Pinned } from './pin.js'

/** A tag to be put, or found to be there already, on one image. */
export interface TagPlan {
  /** The containers that run the image. */
  containers: string[]
  pin: Pinned
  tag: string
  there: boolean
}

/**
 * Plans the environment tag of each given ECR image. Reads only: a tag that is there on the same digest is
 * fine, on another digest it is a Refusal, because a tag of ours never moves.
 */
export async function planTags(ports: Ports, pins: Pinned[], tag: string): Promise<TagPlan[]> {
  const plans = new Map<string, TagPlan>()
  const problems: string[] = []
  for (const pin of pins) {
    if (!pin.given || !pin.ecr) continue
    const known = plans.get(`${pin.repository}@${pin.digest}`)
    if (known) {
      known.containers.push(pin.container)
      continue
    }
    if ([...plans.values()].some((p) => p.pin.repository === pin.repository))
      problems.push(
        `two different images of ${pin.repository} cannot both get the tag "${tag}"; set tag-images: false, or keep them in two repositories.`
      )
    const digest = await digestOf(ports, pin, tag)
    if (digest !== undefined && digest !== pin.digest) problems.push(taken(pin, tag, digest))
    plans.set(`${pin.repository}@${pin.digest}`, {
      containers: [pin.container],
      pin,
      tag,
      there: digest !== undefined
    })
  }
  if (problems.length > 0) throw new Refusal(problems)
  return [...plans.values()]
}

/**
 * Puts the planned tags. Gives container -> full tagged reference. When another run put the tag in the
 * meantime, the same digest is success and another one a Refusal.
 */
export async function putTags(ports: Ports, plans: TagPlan[]): Promise<Record<string, string>> {
  const tagged: Record<string, string> = {}
  for (const { containers, pin, tag, there } of plans) {
    if (!pin.ecr) continue
    const { repository, manifest } = pin.ecr
    const done = there
      ? 'was-there'
      : await put(ports, pin, tag, () => ports.images.tag(repository, manifest, tag))
    const value = `${pin.repository}:${tag}`
    for (const container of containers) tagged[container] = value
    ports.announce({
      code: 'fact',
      name: done === 'tagged' ? 'tagged' : 'was tagged',
      value: `${value} is ${shortDigest(pin.digest)}`
    })
  }
  return tagged
}

async function put(
  ports: Ports,
  pin: Pinned,
  tag: string,
  write: () => Promise<'tagged' | 'was-there'>
): Promise<'tagged' | 'was-there'> {
  try {
    return await write()
  } catch (error) {
    if (!(error instanceof AwsFault) || error.errorCode !== 'ImageTagAlreadyExistsException') throw error
    const digest = await digestOf(ports, pin, tag)
    if (digest === pin.digest) return 'was-there'
    throw new Refusal([taken(pin, tag, digest ?? 'another image')])
  }
}

function taken(pin: Pinned, tag: string, digest: string): string {
  return `the tag "${tag}" in ${pin.repository} is already on ${shortDigest(digest)}, not on ${shortDigest(pin.digest)}; an environment tag never moves. Use an image-tag-template that is unique per run.`
}

async function digestOf(ports: Ports, pin: Pinned, tag: string): Promise<string | undefined> {
  if (!pin.ecr) return undefined
  try {
    return (await ports.images.manifest(pin.ecr.repository, { tag })).digest
  } catch (error) {
    if (error instanceof NotFound) return undefined
    throw error
  }
}
