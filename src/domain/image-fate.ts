import { isIndexType, type StoredImage } from './stored-image.js'
import { sayRule, type LifecyclePolicy, type Rule } from './lifecycle-policy.js'
import { decide, matchesTags, ownerOf, takesFrom, youngerThan, type Candidate } from './lifecycle-rules.js'

/** A repository as far as it was read. */
export interface Shelf {
  images: readonly StoredImage[]
  /** The manifests that each index names, as far as indexes were read. */
  children: ReadonlyMap<string, readonly string[]>
  /** False for a tag that ECR would not let move. */
  mayMove: (tag: string) => boolean
}

/** How and when a rule takes an image: after so many pushes, from a moment on (epoch ms), or after both. */
export interface Threat {
  rule: Rule
  pushes?: number
  from?: number
  /** The tags of the image whose like is pushed, when pushes do it. */
  like?: readonly string[]
}

/** What becomes of an image. `threats`: the soonest by pushes, and the one that only time brings. */
export type Fate =
  | { fate: 'kept'; rule?: Rule }
  | { fate: 'now'; rule: Rule }
  | { fate: 'later'; threats: readonly Threat[] }
  | { fate: 'cannot-tell'; why: string }

/** The most images that a repository holds (service quota): an image that outlasts so many pushes counts as kept. */
const mostPushes = 100_000
/** What an index brings along when none was read: a platform and its provenance, as common builders push them. */
const usualChildren = 2

/**
 * What the policy does with an image of the repository, now and later. Pushes are taken at their worst: again and again
 * an image tagged like one of those that are there, the untagged ones too; a tag without a number in it (`latest`) moves
 * to the newest image, where it may. An image that an index names stays as long as the index. `policy` absent: there is
 * none, and nothing goes. Pure; `now` in epoch ms.
 */
export function fateOf(policy: LifecyclePolicy | undefined, shelf: Shelf, digest: string, now: number): Fate {
  if (!policy) return { fate: 'kept' }
  const parents = shelf.images.filter((index) => shelf.children.get(index.digest)?.includes(digest) === true)
  const fates = parents.map((index) => fateAlone(policy, shelf, index.digest, now))
  const order = ['kept', 'later', 'cannot-tell', 'now'] as const
  const best = order.map((word) => fates.find(({ fate }) => fate === word)).find((fate) => fate !== undefined)
  return best ?? fateAlone(policy, shelf, digest, now)
}

function fateAlone(policy: LifecyclePolicy, shelf: Shelf, digest: string, now: number): Fate {
  const listed = candidatesOf(shelf)
  const image = listed.find((candidate) => candidate.digest === digest)
  if (!image) return { fate: 'cannot-tell', why: `${digest} is not among the images of the repository` }
  // Of images of one moment the later in the list is the younger: its own children came before it, others at the worst after.
  const children = shelf.children.get(digest) ?? []
  const isChild = (other: Candidate) => children.includes(other.digest)
  const others = listed.filter((other) => other !== image)
  const images = [...others.filter(isChild), image, ...others.filter((other) => !isChild(other))]
  const today = decide(policy, images, image, now)
  if (today.does === 'unknown') return { fate: 'cannot-tell', why: today.why }
  if (today.does === 'take') return { fate: 'now', rule: today.rule }
  const pushed = pushesLike(shelf, image).map((push) => after(policy, images, image, push))
  const threats = [...soonest(pushed.flatMap(({ threat }) => threat ?? [])), ...byTime(policy, image)]
  if (threats.length > 0) return { fate: 'later', threats }
  const unknown = pushed.find(({ why }) => why !== undefined)?.why
  if (unknown !== undefined) return { fate: 'cannot-tell', why: `after a push ${unknown}` }
  return { fate: 'kept', ...(today.rule ? { rule: today.rule } : {}) }
}

/** True when it goes within so many pushes and so many milliseconds: worth a warning. */
export function isSoon(threat: Threat, now: number, pushes: number, withinMs: number): boolean {
  return (threat.pushes ?? 0) <= pushes && (threat.from ?? now) <= now + withinMs
}

/** `expires after 3 more pushes like build-11, by rule 1 …`; days in UTC. */
export function sayThreat({ rule, pushes, from, like = [] }: Threat): string {
  const what = rule.action === 'archive' ? 'goes to the archive' : 'expires'
  const kind = like.length === 0 ? 'untagged' : `like ${like.slice(0, 3).join(', ')}`
  const after =
    pushes === undefined ? '' : ` after ${pushes} more ${pushes === 1 ? 'push' : 'pushes'} (${kind})`
  const when = from === undefined ? '' : ` on ${new Date(from).toISOString().slice(0, 10)}`
  return `${what}${after}${pushes !== undefined && from !== undefined ? ', then' : ''}${when}, by ${sayRule(rule)}`
}

function byTime(policy: LifecyclePolicy, image: Candidate): Threat[] {
  const rule = ownerOf(policy, image)
  const from = rule?.kind === 'rule' ? takesFrom(rule, image) : undefined
  return rule?.kind === 'rule' && typeof from === 'number' ? [{ rule, from }] : []
}

/** The one that takes the fewest pushes at once, and the one that takes the least time after a push. */
function soonest(threats: Threat[]): Threat[] {
  const atOnce = threats.filter(({ from }) => from === undefined)
  const dated = threats.filter(({ from }) => from !== undefined)
  atOnce.sort((a, b) => (a.pushes ?? 0) - (b.pushes ?? 0))
  dated.sort((a, b) => (a.from ?? 0) - (b.from ?? 0))
  return [...atOnce.slice(0, 1), ...dated.slice(0, 1)]
}

/** A kind of push: an image tagged like `like`, and so many images without tags that come with it. */
interface Push {
  like: readonly string[]
  /** Tags that this push takes away from whoever has them. */
  moves: ReadonlySet<string>
  children: number
}

/** What pushes of a kind do to an image: after how many of them a rule takes it, or from when on after the first. */
function after(
  policy: LifecyclePolicy,
  images: readonly Candidate[],
  image: Candidate,
  push: Push
): { threat?: Threat; why?: string } {
  const left = (tags: readonly string[]) => tags.filter((tag) => !push.moves.has(tag))
  const then = { ...image, tags: left(image.tags) }
  const rule = ownerOf(policy, then)
  if (!rule || image.referenced === true) return {}
  if (rule.kind === 'unknown') return { why: `rule ${rule.priority} has ${rule.why}` }
  const { like } = push
  if (rule.limit.type !== 'imageCountMoreThan') {
    const from = takesFrom(rule, then)
    // Where time alone does it, no push is to blame.
    if (typeof from !== 'number' || rule === ownerOf(policy, image)) return {}
    return { threat: { rule, pushes: 1, like, from } }
  }
  const others = images.map((other) => (other === image ? then : { ...other, tags: left(other.tags) }))
  const younger = youngerThan(rule, others, then)
  if (younger === undefined || rule.storageClass === 'archive') return {}
  const counts = (tags: readonly string[]) => (matchesTags(tags, rule.tags) ? 1 : 0)
  const children = push.children * counts([])
  const missing = rule.limit.count - younger - counts(like) - children
  const each = counts(left(like)) + children
  const pushes = missing <= 0 ? 1 : each === 0 ? Infinity : 1 + Math.ceil(missing / each)
  return pushes > mostPushes ? {} : { threat: { rule, pushes, like } }
}

/** The kinds of pushes that this repository knows: like each of the newest ones, and like the image itself. */
function pushesLike({ images, children, mayMove }: Shelf, image: Candidate): Push[] {
  const named = new Set([...children.values()].flat())
  const known = Math.max(0, ...[...children.values()].map((list) => list.length))
  const whole = images.filter(({ digest, subject }) => subject === undefined && !named.has(digest))
  const newest = [...whole].sort((a, b) => (b.pushedAt ?? 0) - (a.pushedAt ?? 0)).slice(0, 30)
  const own = images.filter(({ digest }) => digest === image.digest)
  const kinds = new Map<string, Push>()
  for (const { tags, digest, mediaType } of [...newest, ...own]) {
    const count = isIndexType(mediaType) ? (children.get(digest)?.length ?? (known || usualChildren)) : 0
    const kind = [...tags.map(shapeOf).sort(), count].join('\n')
    const moves = new Set(tags.filter((tag) => !shapeOf(tag).includes('#') && mayMove(tag)))
    if (!kinds.has(kind)) kinds.set(kind, { like: tags, moves, children: count })
  }
  return [...kinds.values()]
}

/** What stays the same from push to push: `build-11` and `build-12` are both `build-#`. */
function shapeOf(tag: string): string {
  return tag.replace(/(?=[0-9a-f]*\d)[0-9a-f]{7,}/g, '#').replace(/\d+/g, '#')
}

/** The images as rules see them. Artifacts go with their subject, so they are none; what is in between counts as there. */
export function candidatesOf({ images, children }: Pick<Shelf, 'images' | 'children'>): Candidate[] {
  const named = new Set([...children.values()].flat())
  return images
    .filter(({ subject }) => subject === undefined)
    .map((image) => ({
      ...image,
      storageClass: image.status === 'ARCHIVED' ? ('archive' as const) : ('standard' as const),
      ...(named.has(image.digest) ? { referenced: true } : {})
    }))
}
