import type { HappeningBody } from '../domain/events.js'
import { imageRisk, type Keep, type Risk } from '../domain/image-risk.js'
import { parseImage, pinned, shortDigest, type EcrRepository } from '../domain/image.js'
import { restoreImage } from '../domain/keep-rule.js'
import { readManifest, type Platform } from '../domain/manifest.js'
import { Refusal } from '../domain/outcome.js'
import { pullable } from '../domain/platform.js'
import { keyOf, withPushed, type RepositoryView } from '../domain/repository-view.js'
import { containersOf, type JsonObject } from '../domain/task-definition.js'
import type { Ports } from '../ports.js'
import type { Pinned } from './pin.js'
import { namedState } from './pull-state.js'
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
  /** The platform of the tasks, where it is known for certain. */
  platform?: Platform
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
 * ten pushes and seven days? What this run copies into a repository is judged as it will lie there. Reads only, within
 * seconds, and never throws for what it may not read: that is said once. Throws Refusal when a new image, or the manifest
 * that its index has for the tasks, is in ECR's archive or gone.
 */
export async function careForImages(ports: Ports, care: Care): Promise<Cared> {
  if (care.preflight === 'off' || !ports.repositories) return { views: new Map(), told: [] }
  const needed = [...newImages(care), ...rollbackImages(care)]
  const seen = await viewRepositories(
    ports,
    needed.map(({ repository, digest }) => ({ repository, digest: digest ?? '' }))
  )
  const now = ports.clock.now()
  const views = afterCopies(seen, care.pins, now)
  const told: HappeningBody[] = []
  const refused: { text: string; fix: string }[] = []
  const archived = new Set<string>()
  for (const one of resolved(needed, views)) {
    const view = views.get(keyOf(one.repository))
    if (!view?.images || one.digest === undefined) continue
    const risk = imageRisk(view, one.digest, care.keep, now, one.gets)
    const said = sayRisk(one, risk)
    if (!said) continue
    if (one.role === 'new' && risk.standing === 'archived') archived.add(one.digest)
    if (one.role === 'new' && risk.standing === 'archived' && care.preflight === 'enforce') refused.push(said)
    else told.push({ code: 'image-at-risk', role: one.role, image: one.reference, ...said })
  }
  for (const pin of care.pins) {
    const lost = archived.has(pin.digest) ? undefined : await lostManifest(ports, pin, seen, care.platform)
    if (!lost) continue
    if (lost.certain && care.preflight === 'enforce') refused.push(lost)
    else told.push({ code: 'warning', text: lost.text, fix: lost.fix })
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
    if (!pin.ecr) return []
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

/** The repositories as they will be when this run has copied into them what it promotes. */
function afterCopies(
  views: ReadonlyMap<string, RepositoryView>,
  pins: readonly Pinned[],
  now: number
): Map<string, RepositoryView> {
  const after = new Map(views)
  for (const { ecr, promoted, digest } of pins) {
    const view = ecr && after.get(keyOf(ecr.repository))
    if (!ecr || promoted !== true || !view) continue
    const { bytes, mediaType } = ecr.manifest
    const content = readManifest(bytes)
    const children = content.kind === 'index' ? content.children.map((child) => child.digest) : []
    const type = mediaType === undefined ? {} : { mediaType }
    after.set(keyOf(ecr.repository), withPushed(view, { digest, children, ...type }, now))
  }
  return after
}

/**
 * The manifest of a new index that its tasks would be led to, when ECR does not give it. Asked for only where the list of
 * the repository does not have it as ACTIVE; what is promoted was read whole already.
 */
async function lostManifest(
  ports: Ports,
  { ecr, promoted, container, digest, repository }: Pinned,
  views: ReadonlyMap<string, RepositoryView>,
  platform: Platform | undefined
): Promise<{ text: string; fix: string; certain: boolean } | undefined> {
  const images = ecr && promoted !== true ? views.get(keyOf(ecr.repository))?.images : undefined
  const content = ecr && images ? readManifest(ecr.manifest.bytes) : undefined
  if (!ecr || !images || content?.kind !== 'index') return undefined
  const wanted = pullable(content.children, platform)
  const active = new Set(images.flatMap((i) => ((i.status ?? 'ACTIVE') === 'ACTIVE' ? i.digest : [])))
  if (wanted.some((child) => active.has(child.digest))) return undefined
  const found = await namedState(ports, ecr.repository, repository, digest, platform)
  if (!found) return undefined
  const fix =
    found.state === 'archived'
      ? restoreImage(ecr.repository, found.image.digest)
      : 'Push the image again, and deploy what was pushed.'
  const text = `The new image of ${container}: ${found.text}.`
  return { text, fix, certain: found.state !== 'unknown' }
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
