import type { HappeningBody } from '../domain/events.js'
import { imageRisk, type Keep, type Risk } from '../domain/image-risk.js'
import { parseImage, pinned, shortDigest, type EcrRepository } from '../domain/image.js'
import { Refusal } from '../domain/outcome.js'
import { keyOf, type RepositoryView } from '../domain/repository-view.js'
import { containersOf, type JsonObject } from '../domain/task-definition.js'
import type { Ports } from '../ports.js'
import type { Pinned } from './pin.js'
import { viewRepositories } from './shelves.js'

/** What is looked after before a deploy. */
export interface Care {
  pins: readonly Pinned[]
  /** The definition that a rollback would put back; absent: nothing is known to go back to. */
  rollback?: JsonObject
  /** The tag that the given images get; absent when none is put. */
  tag?: string
  keep: Keep
  preflight: 'enforce' | 'warn' | 'off'
}

/** What was found: the repositories as they were seen, by key, and what is to be told. */
export interface Cared {
  views: ReadonlyMap<string, RepositoryView>
  told: HappeningBody[]
}

/** An image that a revision needs, in a repository of ECR. */
interface Needed {
  role: 'new' | 'rollback'
  /** The containers that run it. */
  containers: string[]
  repository: EcrRepository
  reference: string
  /** Absent until its tag is looked up. */
  digest?: string
  tag?: string
  /** Tags that it is about to get. */
  gets: readonly string[]
}

/**
 * Looks after the images of the new revision and of the rollback target: are they there, and would they stay for the next
 * ten pushes and seven days? Reads only, within seconds, and never throws for what it may not read: that is said once.
 * Throws Refusal when a new image is in ECR's archive, where no task can pull it from.
 */
export async function careForImages(ports: Ports, care: Care): Promise<Cared> {
  if (care.preflight === 'off' || !ports.repositories) return { views: new Map(), told: [] }
  const needed = [...newImages(care), ...rollbackImages(care)]
  const views = await viewRepositories(
    ports,
    needed.map(({ repository, digest }) => ({ repository, digest: digest ?? '' }))
  )
  const now = ports.clock.now()
  const told: HappeningBody[] = []
  const refused: { text: string; fix: string }[] = []
  for (const one of resolved(needed, views)) {
    const view = views.get(keyOf(one.repository))
    if (!view?.images || one.digest === undefined) continue
    const risk = imageRisk(view, one.digest, care.keep, now, one.gets)
    const said = sayRisk(one, risk)
    if (!said) continue
    if (one.role === 'new' && risk.standing === 'archived' && care.preflight === 'enforce') refused.push(said)
    else told.push({ code: 'image-at-risk', role: one.role, image: one.reference, ...said })
  }
  if (refused.length > 0)
    throw new Refusal(
      refused.map(({ text }) => text),
      'image-not-found',
      refused.map(({ fix }) => fix).join('\n')
    )
  const unread = [...new Set([...views.values()].flatMap((view) => view.unread))]
  const text = `Whether the images will stay in ECR cannot be said in full: ${unread.join('; ')}.`
  if (unread.length > 0) told.push({ code: 'note', text })
  return { views, told }
}

function newImages({ pins, tag }: Care): Needed[] {
  return pins.flatMap((pin) => {
    // What this run copies into its repository is not to be found there yet.
    if (!pin.ecr || pin.promoted) return []
    return [
      {
        role: 'new' as const,
        containers: [pin.container],
        repository: pin.ecr.repository,
        reference: pinned(pin.repository, pin.digest),
        digest: pin.digest,
        gets: tag !== undefined && pin.given ? [tag] : []
      }
    ]
  })
}

function rollbackImages({ rollback, pins }: Care): Needed[] {
  if (!rollback) return []
  const fresh = new Set(pins.map((pin) => pinned(pin.repository, pin.digest)))
  return containersOf(rollback).flatMap(({ name, image }) => {
    const parsed = parseImage(image)
    if (!parsed?.ecr || fresh.has(image)) return []
    return [
      {
        role: 'rollback' as const,
        containers: [name],
        repository: parsed.ecr,
        reference: image,
        gets: [],
        ...(parsed.digest === undefined ? { tag: parsed.tag ?? 'latest' } : { digest: parsed.digest })
      }
    ]
  })
}

/** Images by tag get the digest that the tag has now; what several containers run is looked at once. */
function resolved(needed: Needed[], views: ReadonlyMap<string, RepositoryView>): Needed[] {
  const byImage = new Map<string, Needed>()
  for (const one of needed) {
    const images = views.get(keyOf(one.repository))?.images
    const { tag } = one
    const digest = tag === undefined ? one.digest : images?.find((image) => image.tags.includes(tag))?.digest
    const key = `${one.role} ${keyOf(one.repository)} ${digest ?? one.reference}`
    const known = byImage.get(key)
    if (known) known.containers.push(...one.containers)
    else byImage.set(key, { ...one, ...(digest === undefined ? {} : { digest }) })
  }
  return [...byImage.values()]
}

/**
 * Undefined: nothing that has to be said here. A new image was read a moment ago, so a list that does not have it yet is
 * no proof; and whether the way back can start at all is proven where it is chosen.
 */
function sayRisk(one: Needed, risk: Risk): { text: string; fix: string } | undefined {
  const { standing, how, fix = '' } = risk
  const names = one.containers.join(', ')
  const short = shortDigest(one.digest ?? '')
  const about =
    one.role === 'new'
      ? `The new image of ${names} (${short})`
      : `The image that a rollback of ${names} needs (${short})`
  switch (standing) {
    case 'archived':
      return one.role === 'new' ? { text: `${about} ${how}.`, fix } : undefined
    case 'expiring':
    case 'soon':
      return { text: `${about} would not stay in ECR: it ${how}.`, fix }
    default:
      return undefined
  }
}
