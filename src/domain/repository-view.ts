import { fateOf, type Fate, type Shelf } from './image-fate.js'
import type { EcrRepository } from './image.js'
import { readLifecyclePolicy, type LifecyclePolicy } from './lifecycle-policy.js'
import type { StoredImage } from './stored-image.js'
import { tagMayMove, type TagSettings } from './tag-mutability.js'

/** What could be read of one repository. What could not be is absent, with a sentence in `unread`. */
export interface RepositoryView {
  repository: EcrRepository
  /** Absent: it could not be read. */
  settings?: TagSettings
  /** The text of the policy; undefined: there is none, or it could not be read (`policyRead`). */
  policyText?: string
  policyRead: boolean
  images?: readonly StoredImage[]
  children: ReadonlyMap<string, readonly string[]>
  unread: string[]
}

/** What the policy of a viewed repository does with an image; `tags` are put on it before it is judged. */
export function fateIn(
  view: RepositoryView,
  digest: string,
  now: number,
  tags: readonly string[] = []
): Fate {
  if (!view.policyRead) return { fate: 'cannot-tell', why: view.unread.join('; ') }
  if (view.policyText === undefined) return { fate: 'kept' }
  const read = readLifecyclePolicy(view.policyText)
  if ('problem' in read) return { fate: 'cannot-tell', why: read.problem.replace(/\.$/, '') }
  if (!view.images) return { fate: 'cannot-tell', why: view.unread.join('; ') }
  return fateOf(read.policy, shelfOf(view, digest, tags), digest, now)
}

/** The repository as it is after a push of an image, and of the manifests that it names when it is an index. Pure. */
export function withPushed(
  view: RepositoryView,
  pushed: { digest: string; mediaType?: string; children: readonly string[] },
  now: number
): RepositoryView {
  const known = new Set(view.images?.map(({ digest }) => digest))
  if (!view.images || known.has(pushed.digest)) return view
  const fresh = pushed.children.filter((digest) => !known.has(digest))
  const { digest, mediaType, children } = pushed
  return {
    ...view,
    images: [
      ...view.images,
      ...fresh.map((child) => ({ digest: child, tags: [], pushedAt: now })),
      { digest, tags: [], pushedAt: now, ...(mediaType === undefined ? {} : { mediaType }) }
    ],
    children: children.length === 0 ? view.children : new Map([...view.children, [digest, children]])
  }
}

function shelfOf(view: RepositoryView, digest: string, tags: readonly string[]): Shelf {
  const tagged = (image: StoredImage) => ({ ...image, tags: [...new Set([...image.tags, ...tags])] })
  return {
    images: (view.images ?? []).map((image) => (image.digest === digest ? tagged(image) : image)),
    children: view.children,
    mayMove: (tag) => tagMayMove(view.settings, tag)
  }
}

/** The policy of a viewed repository, where it is understood. */
export function policyOf(view: RepositoryView): LifecyclePolicy | undefined {
  const read = view.policyText === undefined ? undefined : readLifecyclePolicy(view.policyText)
  return read && 'policy' in read ? read.policy : undefined
}

/** One key for a repository, wherever its name comes from. */
export function keyOf({ account, region, name }: EcrRepository): string {
  return `${account}/${region}/${name}`
}
