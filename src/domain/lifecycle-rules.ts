import type { LifecyclePolicy, Rule, StorageClass, TagSelection, UnknownRule } from './lifecycle-policy.js'

/** An image as the rules look at it. Times in epoch milliseconds. */
export interface Candidate {
  digest: string
  tags: readonly string[]
  storageClass: StorageClass
  /** Absent: not known; among others it counts as the youngest, which is the worst for the others. */
  pushedAt?: number
  pulledAt?: number
  archivedAt?: number
  activatedAt?: number
  /** True while an index of the repository names it: then no rule takes it. */
  referenced?: boolean
}

/** What the policy does with an image at a moment. */
export type Decision =
  /** `rule` is the one that owns the image and keeps it; absent: no rule is about it. */
  { does: 'keep'; rule?: Rule } | { does: 'take'; rule: Rule } | { does: 'unknown'; why: string }

/** What an archived image is at least kept for, whatever the policy says (ECR user guide). */
const leastArchivedDays = 90
const day = 24 * 3_600_000

/** True when the tags are what a rule asks for: each of its patterns is matched by one of them. */
export function matchesTags(tags: readonly string[], selection: TagSelection): boolean {
  switch (selection.status) {
    case 'any':
      return true
    case 'untagged':
      return tags.length === 0
    case 'tagged':
      return selection.patterns.every((pattern) => tags.some((tag) => matches(tag, pattern)))
  }
}

/** `*` stands for any text, the empty one too; takes no time however many there are. */
export function matches(text: string, pattern: string): boolean {
  const [first = '', ...parts] = pattern.split('*')
  if (parts.length === 0) return text === pattern
  const last = parts.pop() ?? ''
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length)
    return false
  let at = first.length
  const end = text.length - last.length
  for (const part of parts) {
    const found = text.indexOf(part, at)
    if (found < 0 || found + part.length > end) return false
    at = found + part.length
  }
  return true
}

/**
 * The one rule that may act on an image: the first, by priority, whose tags it matches. No lower rule ever takes it,
 * also when this one keeps it. A rule that is not understood may be the one.
 */
export function ownerOf(policy: LifecyclePolicy, image: Candidate): Rule | UnknownRule | undefined {
  return policy.rules.find(
    (rule) =>
      rule.kind === 'unknown' ||
      (rule.storageClass === image.storageClass && matchesTags(image.tags, rule.tags))
  )
}

/**
 * What the policy does with one image of a repository at a moment. All images that match a rule's tags count for it,
 * also those that a higher rule owns or takes. Of images of one moment the later in the list is the younger.
 */
export function decide(
  policy: LifecyclePolicy,
  images: readonly Candidate[],
  image: Candidate,
  now: number
): Decision {
  const rule = ownerOf(policy, image)
  if (!rule) return { does: 'keep' }
  if (rule.kind === 'unknown') return { does: 'unknown', why: `rule ${rule.priority} has ${rule.why}` }
  if (image.referenced === true) return { does: 'keep', rule }
  const from = rule.limit.type === 'imageCountMoreThan' ? undefined : takesFrom(rule, image)
  if (from === 'unknown') return { does: 'unknown', why: 'ECR does not say when the image was pushed' }
  if (rule.limit.type !== 'imageCountMoreThan')
    return { does: from !== undefined && now > from ? 'take' : 'keep', rule }
  if (now < archivedUntil(image)) return { does: 'keep', rule }
  const younger = youngerThan(rule, images, image)
  if (younger === undefined) return { does: 'unknown', why: 'ECR does not say when the image was pushed' }
  return { does: younger >= rule.limit.count ? 'take' : 'keep', rule }
}

/** The moment after which a rule of ages takes the image, epoch milliseconds. */
export function takesFrom(rule: Rule, image: Candidate): number | 'unknown' | undefined {
  const { limit } = rule
  if (limit.type === 'imageCountMoreThan') return undefined
  const since = sinceOf(limit.type, image)
  return since === undefined ? 'unknown' : Math.max(since + limit.days * day, archivedUntil(image) - 1)
}

function sinceOf(type: string, image: Candidate): number | undefined {
  const born = bornAt(image)
  if (type === 'sinceImagePulled' && image.pulledAt !== undefined && born !== undefined)
    return Math.max(image.pulledAt, born)
  if (type === 'sinceImageTransitioned') return image.archivedAt
  return born
}

/** How many images that count for the rule are younger; undefined when the age of the image is not known. */
export function youngerThan(rule: Rule, images: readonly Candidate[], image: Candidate): number | undefined {
  const own = bornAt(image)
  if (own === undefined) return undefined
  const place = images.indexOf(image)
  return images.filter((other, i) => {
    if (other === image || other.storageClass !== rule.storageClass) return false
    if (!matchesTags(other.tags, rule.tags)) return false
    const born = bornAt(other) ?? Infinity
    return born > own || (born === own && i > place)
  }).length
}

/** A restored image counts from when it came back. */
function bornAt({ pushedAt, activatedAt }: Candidate): number | undefined {
  return activatedAt ?? pushedAt
}

function archivedUntil(image: Candidate): number {
  if (image.storageClass !== 'archive') return -Infinity
  return image.archivedAt === undefined ? Infinity : image.archivedAt + leastArchivedDays * day
}
