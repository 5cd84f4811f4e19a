/** What a lifecycle policy does to which image: a pure function, by the documented evaluation rules (facts F3). */
import { matchesWildcards } from '../../wildcards.js'
import type { Rule, Selection, StorageClass } from './policy.js'

/** An image as rules see it; times in epoch ms. */
export interface Candidate {
  digest: string
  tags: readonly string[]
  storageClass: StorageClass
  pushedAt: number
  pulledAt?: number | undefined
  archivedAt?: number | undefined
  activatedAt?: number | undefined
  /** True for a child of a manifest list that is still there: it cannot go before the list. */
  referenced?: boolean
}

/** One image and the rule that acts on it. */
export interface Decision {
  digest: string
  priority: number
  action: Rule['action']
  storageClass: StorageClass
}

const day = 24 * 3_600_000
/** Before that an archived image cannot be expired by a policy. */
const archivedAtLeast = 90 * day

/**
 * The images that a policy acts on, each by exactly one rule, oldest first. `images` are in the order in which they
 * came (it breaks ties of time); `rules` by priority. Every rule looks at all images as if nothing had been marked;
 * an image that a rule's tags match is out of reach for the rules below it, also when the rule keeps it.
 */
export function evaluate(rules: readonly Rule[], images: readonly Candidate[], now: number): Decision[] {
  const decisions = new Map<Candidate, Decision>()
  const claimed = new Set<Candidate>()
  for (const { priority, selection, action } of rules) {
    const seen = images.filter((i) => i.storageClass === selection.storageClass && matches(selection, i))
    for (const image of identified(selection, seen, now)) {
      if (claimed.has(image) || image.referenced === true) continue
      if (image.storageClass === 'archive' && now - (image.archivedAt ?? now) < archivedAtLeast) continue
      decisions.set(image, { digest: image.digest, priority, action, storageClass: image.storageClass })
    }
    for (const image of seen) claimed.add(image)
  }
  return youngestFirst([...decisions.keys()], images)
    .reverse()
    .map((image) => decisions.get(image)!)
}

function matches({ tagStatus, patterns }: Selection, { tags }: Candidate): boolean {
  switch (tagStatus) {
    case 'any':
      return true
    case 'untagged':
      return tags.length === 0
    case 'tagged':
      return (
        tags.length > 0 && patterns.every((pattern) => tags.some((tag) => matchesWildcards(pattern, tag)))
      )
  }
}

/** What a rule would act on, if it were alone. */
function identified(selection: Selection, seen: readonly Candidate[], now: number): readonly Candidate[] {
  const { countType, countNumber } = selection
  const older = (time: number): boolean => now - time > countNumber * day
  switch (countType) {
    case 'imageCountMoreThan':
      return youngestFirst(seen, seen).slice(countNumber)
    case 'sinceImagePushed':
      return seen.filter((i) => older(birth(i)))
    case 'sinceImagePulled':
      return seen.filter((i) => older(Math.max(i.pulledAt ?? birth(i), birth(i))))
    case 'sinceImageTransitioned':
      return seen.filter((i) => older(i.archivedAt ?? now))
  }
}

/** When an image counts as having come: its push, or its return from the archive. */
function birth(image: Candidate): number {
  return image.activatedAt ?? image.pushedAt
}

function youngestFirst(some: readonly Candidate[], order: readonly Candidate[]): Candidate[] {
  const place = new Map(order.map((image, i) => [image, i]))
  return [...some].sort((a, b) => birth(b) - birth(a) || place.get(b)! - place.get(a)!)
}
