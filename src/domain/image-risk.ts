import { isSoon, sayThreat, type Fate, type Threat } from './image-fate.js'
import { keeping, putPolicy, putTag, restoreImage } from './keep-rule.js'
import { sayRule, type Rule } from './lifecycle-policy.js'
import { matches } from './lifecycle-rules.js'
import { fateIn, policyOf, type RepositoryView } from './repository-view.js'

/** Soon enough for a warning. */
export const soonPushes = 10
export const soonMs = 7 * 24 * 3_600_000

/** The tags by which an environment's images are kept. */
export interface Keep {
  environment: string
  /** What they look like, such as `staging-*`. */
  pattern: string
}

/**
 * How an image stands that a revision needs. `gone` and `archived`: no task can start from it. `expiring`: the policy
 * takes it when it runs next, within a day. `soon`: within ten pushes or seven days. `later`: not so soon. `kept`: no
 * rule takes it. `unknown`: what decides it could not be read.
 */
export type Standing = 'gone' | 'archived' | 'expiring' | 'soon' | 'later' | 'kept' | 'unknown'

export interface Risk {
  standing: Standing
  /** What happens to it, in words that follow "it": `expires after 3 more pushes …`. */
  how: string
  /** What to do about it, and the commands, ready to be run; absent where nothing is to be done. */
  todo?: string
  fix?: string
  rule?: Rule
  threats?: readonly Threat[]
}

/**
 * How an image stands in its repository, and what keeps it there. `tags` are put on it before it is judged, `keep` says
 * by which tags it is to be kept. Pure; `now` in epoch milliseconds.
 */
export function imageRisk(
  view: RepositoryView,
  digest: string,
  keep: Keep,
  now: number,
  tags: readonly string[] = []
): Risk {
  const image = view.images?.find((other) => other.digest === digest)
  if (view.images && !image) return gone(view, keep, `is not in ${view.repository.name} any more`)
  if (image?.status === 'ARCHIVED' || image?.status === 'ACTIVATING')
    return {
      standing: 'archived',
      todo: 'Restore it from the archive, and keep the policy from archiving it again.',
      how: `is ${image.status} in ${view.repository.name}, and cannot be pulled before it is back, up to 20 minutes later`,
      fix: restoreImage(view.repository, digest)
    }
  const lost = archivedChildren(view, digest)
  if (lost.length > 0)
    return {
      standing: 'archived',
      todo: 'Restore them from the archive, and keep the policy from archiving them again.',
      how: `cannot be pulled: all ${lost.length} manifests that it names are in the archive of ${view.repository.name}`,
      fix: lost.map((child) => restoreImage(view.repository, child)).join('\n')
    }
  const fate = fateIn(view, digest, now, tags)
  const rule = fate.fate === 'later' ? fate.threats[0]?.rule : 'rule' in fate ? fate.rule : undefined
  const { standing, how } = standingOf(fate, now)
  const carried = [...(image?.tags ?? []), ...tags]
  return {
    standing,
    how,
    ...(rule ? { rule } : {}),
    ...(fate.fate === 'later' ? { threats: fate.threats } : {}),
    ...(standing === 'expiring' || standing === 'soon' ? keepFix(view, digest, carried, keep) : {})
  }
}

/** What an index names, when all of it is in the archive; which of it a task needs is not known here. */
function archivedChildren(view: RepositoryView, digest: string): readonly string[] {
  const children = view.children.get(digest) ?? []
  const away = new Set(
    view.images?.flatMap((i) => (/^(ARCHIVED|ACTIVATING)$/.test(i.status ?? '') ? i.digest : []))
  )
  return children.every((child) => away.has(child)) ? children : []
}

/** An image that is not there any more, said as `how`. */
export function gone(view: RepositoryView, keep: Keep, how: string): Risk {
  const todo = `Deploy an image that exists. So that it does not happen again, ${firstRule(view, keep)}.`
  return { standing: 'gone', how: `${how}${takers(view)}`, todo, fix: policyFix(view, keep) }
}

/** Who may have done it: nobody keeps a record of it but CloudTrail. */
function takers(view: RepositoryView): string {
  const rules = (policyOf(view)?.rules ?? []).flatMap((rule) => (rule.kind === 'rule' ? rule : []))
  const expire = rules.filter((rule) => rule.action === 'expire' && rule.storageClass === 'standard')
  if (expire.length === 0) return ''
  return ` (its lifecycle policy takes images by ${expire.slice(0, 3).map(sayRule).join(', and by ')})`
}

function firstRule({ repository }: RepositoryView, { pattern }: Keep): string {
  return `make the first rule of the lifecycle policy of ${repository.name} one that keeps ${pattern}`
}

function standingOf(fate: Fate, now: number): { standing: Standing; how: string } {
  switch (fate.fate) {
    case 'kept':
      return {
        standing: 'kept',
        how: fate.rule
          ? `is kept by ${sayRule(fate.rule)}`
          : 'is kept: no rule of the lifecycle policy is about it'
      }
    case 'now': {
      const what = fate.rule.action === 'archive' ? 'goes to the archive' : 'expires'
      return {
        standing: 'expiring',
        how: `${what} when the policy runs next, within 24 hours, by ${sayRule(fate.rule)}`
      }
    }
    case 'later': {
      const soon = fate.threats.filter((threat) => isSoon(threat, now, soonPushes, soonMs))
      const told = soon.length > 0 ? soon : fate.threats.slice(0, 1)
      return { standing: soon.length > 0 ? 'soon' : 'later', how: told.map((t) => sayThreat(t)).join('; ') }
    }
    case 'cannot-tell':
      return { standing: 'unknown', how: `cannot be foretold: ${fate.why}` }
  }
}

/** A first rule that keeps the environment's tags; and the tag, where the image has none of them. */
function keepFix(
  view: RepositoryView,
  digest: string,
  carried: readonly string[],
  keep: Keep
): { todo: string; fix: string } {
  const policy = policyFix(view, keep)
  const rule = firstRule(view, keep)
  const todo = `${rule.charAt(0).toUpperCase()}${rule.slice(1)}`
  if (carried.some((tag) => matches(tag, keep.pattern))) return { todo: `${todo}.`, fix: policy }
  const tag = keep.pattern.replace(/\*+/g, `keep-${digest.replace('sha256:', '').slice(0, 12)}`)
  return {
    todo: `${todo}, and give the image such a tag.`,
    fix: `${putTag(view.repository, digest, tag)}\n${policy}`
  }
}

/** The whole policy with that rule, or what to do where it cannot be written here. */
export function policyFix(view: RepositoryView, keep: Keep): string {
  const policy = view.policyRead ? keeping(view.policyText, keep.pattern, keep.environment) : undefined
  return policy === undefined
    ? `make the first rule of the lifecycle policy of ${view.repository.name} one that keeps the tags ${keep.pattern} (imageCountMoreThan 9999)`
    : putPolicy(view.repository, policy)
}
