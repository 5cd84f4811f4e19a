import { Refusal } from '../domain/outcome.js'
import { shortDigest } from '../domain/image.js'
import { fixOfMutability, tagMayMove, type TagSettings } from '../domain/tag-mutability.js'
import { AwsFault, NotFound, type Ports } from '../ports.js'
import type { Pinned } from './pin.js'
import { isForeignDenial, refusalOfTag } from './tag-refusals.js'

/** A tag to be put, or found to be there already, on one image. */
export interface TagPlan {
  /** The containers that run the image. */
  containers: string[]
  pin: Pinned
  tag: string
  there: boolean
  /** What the tags of this environment look like; the tag itself where that is not known. */
  pattern?: string
  /** How the repository treats tags; absent: not known. */
  settings?: TagSettings
  /** True when the repository belongs to another account than the service. */
  foreign?: boolean
}

/**
 * Plans the environment tag of each given ECR image. Reads only: a tag that is there on the same digest is
 * fine, on another digest it is a Refusal, because a tag of ours never moves. An image that can have no tag of ours is
 * told with the reason: it lives elsewhere, or in a repository that fills itself from another registry. `account` is
 * the service's own.
 */
export async function planTags(
  ports: Ports,
  pins: Pinned[],
  tag: string,
  account?: string
): Promise<TagPlan[]> {
  const plans = new Map<string, TagPlan>()
  const problems: string[] = []
  for (const pin of pins) {
    // Copied into another registry than ECR, it gets the tag with the copy.
    if (!pin.given || (pin.promoted && !pin.ecr)) continue
    const reason = await whyNot(ports, pin)
    if (reason !== undefined) {
      ports.announce({ code: 'note', text: `${pin.container} gets no tag: ${reason}.` })
      continue
    }
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
      there: digest !== undefined,
      foreign: account !== undefined && pin.ecr?.repository.account !== account
    })
  }
  if (problems.length > 0) throw new Refusal(problems)
  return [...plans.values()]
}

/** Why an image can have no tag of ours; undefined when it can. */
async function whyNot(ports: Ports, { ecr, repository }: Pinned): Promise<string | undefined> {
  if (!ecr) return `${repository} is not a private ECR repository`
  const { name } = ecr.repository
  const prefixes = await cachePrefixes(ports, ecr.repository)
  // A rule for the root says nothing of one repository: the own ones live there too.
  const prefix = prefixes.find((p) => p !== 'ROOT' && (name === p || name.startsWith(`${p}/`)))
  return prefix === undefined
    ? undefined
    : `${name} is a pull-through cache (prefix ${prefix}), whose tags are those of the registry behind it`
}

/** Where the rules cannot be read, there are none to our knowledge: a tag too many harms nobody. */
async function cachePrefixes(
  ports: Ports,
  repository: NonNullable<Pinned['ecr']>['repository']
): Promise<string[]> {
  try {
    return (await ports.repositories?.cachePrefixes(repository)) ?? []
  } catch (error) {
    if (error instanceof NotFound || (error instanceof AwsFault && error.kind !== 'expired')) return []
    throw error
  }
}

/**
 * Puts the planned tags. Gives container -> full tagged reference. When another run put the tag in the
 * meantime, the same digest is success and another one a Refusal. A repository of another account whose tags the role
 * may not write is left without, and told; everything else that stops a tag is a Refusal with what to do.
 */
export async function putTags(ports: Ports, plans: TagPlan[]): Promise<Record<string, string>> {
  const tagged: Record<string, string> = {}
  for (const plan of plans) {
    const { containers, pin, tag, there } = plan
    const done = there ? 'was-there' : await put(ports, plan)
    if (done === 'not-ours') continue
    const value = `${pin.repository}:${tag}`
    for (const container of containers) tagged[container] = value
    ports.announce({
      code: 'fact',
      name: done === 'tagged' ? 'tagged' : 'was tagged',
      value: `${value} is ${shortDigest(pin.digest)}`
    })
    warnOfMutability(ports, plan)
  }
  return tagged
}

async function put(ports: Ports, plan: TagPlan): Promise<'tagged' | 'was-there' | 'not-ours'> {
  const { pin, tag } = plan
  if (!pin.ecr) return 'not-ours'
  const movable = tagMayMove(plan.settings, tag)
  try {
    // Where ECR would let a tag move, we look ourselves: right before, so that no other run's tag is taken away, and
    // right after, because another run may not have looked.
    if (movable && (await isThere(ports, pin, tag))) return 'was-there'
    const done = await ports.images.tag(pin.ecr.repository, pin.ecr.manifest, tag)
    if (movable) await isThere(ports, pin, tag)
    return done
  } catch (error) {
    if (!(error instanceof AwsFault) || error.kind === 'expired') throw error
    if (error.errorCode === 'ImageTagAlreadyExistsException') {
      if (await isThere(ports, pin, tag)) return 'was-there'
      throw new Refusal([taken(pin, tag, 'another image')])
    }
    if (plan.foreign === true && isForeignDenial(error)) {
      const text = `${plan.containers.join(', ')} gets no tag: ${pin.repository} belongs to account ${pin.ecr.repository.account}, whose images the role may not tag. That account has to keep the image.`
      ports.announce({ code: 'warning', text })
      return 'not-ours'
    }
    throw refusalOfTag(error, plan.containers, pin, tag) ?? error
  }
}

/** True when the tag is on the digest; on another one it is a Refusal. */
async function isThere(ports: Ports, pin: Pinned, tag: string): Promise<boolean> {
  const digest = await digestOf(ports, pin, tag)
  if (digest !== undefined && digest !== pin.digest) throw new Refusal([taken(pin, tag, digest)])
  return digest !== undefined
}

function warnOfMutability(ports: Ports, { pin, tag, pattern, settings }: TagPlan): void {
  if (!pin.ecr || !settings || !tagMayMove(settings, tag)) return
  ports.announce({
    code: 'warning',
    text: `Tags of ${pin.ecr.repository.name} can be moved (${settings.mutability}): a push could take ${tag} from this image, and with it what keeps the image in ECR. Make the tags of the environment immutable; all others stay as they are.`,
    fix: fixOfMutability(pin.ecr.repository, settings, pattern ?? tag)
  })
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
