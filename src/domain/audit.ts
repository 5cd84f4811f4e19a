import { gone, imageRisk, type Keep, type Risk, type Standing } from './image-risk.js'
import { shortDigest, type EcrRepository } from './image.js'
import { sayRule } from './lifecycle-policy.js'
import { keyOf, type RepositoryView } from './repository-view.js'
import { fixOfMutability, tagMayMove } from './tag-mutability.js'

/** Why a service needs an image: tasks run it, new tasks would, or a rollback would. */
export type Role = 'running' | 'current' | 'rollback'

/** An image that a service needs. */
export interface Need {
  /** `service of cluster c`. */
  service: string
  container: string
  role: Role
  /** Who needs it, in words: `2 running tasks`, `app:7`. */
  by: string
  /** As it is written in the revision. */
  reference: string
  /** Absent: not in a private ECR repository. */
  repository?: EcrRepository
  /** Absent: not known yet; then it is what `tag` points at. */
  digest?: string
  tag?: string
  keep: Keep
}

export interface AuditRow {
  service: string
  container: string
  image: string
  digest?: string
  neededBy: string[]
  standing: Standing | 'elsewhere'
  /** What becomes of it, in words. */
  stays: string
  /** The tags it has now. */
  tags: readonly string[]
  rule?: string
}

/** `problem`: a task or a rollback that is needed cannot start, or soon could not. */
export interface AuditFinding {
  level: 'problem' | 'warning'
  /** What it is about: gone, archived, expiring, soon, unknown, movable-tag, named-by-tag, starved, unseen. */
  kind: string
  service: string
  text: string
  /** What to do, and the command for it. */
  todo?: string
  fix?: string
}

export interface Audit {
  rows: AuditRow[]
  findings: AuditFinding[]
}

/** A need with what was found of it. */
interface Judged {
  needs: Need[]
  row: AuditRow
  view?: RepositoryView
  risk?: Risk
}

/** Judges every image that is needed, each once a service and container. Pure; `now` in epoch milliseconds. */
export function auditOf(
  needs: readonly Need[],
  views: ReadonlyMap<string, RepositoryView>,
  now: number
): Audit {
  const judged = grouped(needs, views).map((group) => judge(group, views, now))
  const findings = [
    ...judged.flatMap((one) => findingOf(one, judged)),
    ...judged.flatMap((one) => [...movable(one), ...namedByTag(one)]),
    ...starved(judged)
  ]
  return { rows: judged.map(({ row }) => row), findings: inOrder(findings) }
}

/** Problems first. */
export function inOrder(findings: readonly AuditFinding[]): AuditFinding[] {
  const of = (level: AuditFinding['level']) => findings.filter((f) => f.level === level)
  return [...of('problem'), ...of('warning')]
}

/** What a tag points at now, and all that need one image of one container together. */
function grouped(needs: readonly Need[], views: ReadonlyMap<string, RepositoryView>): Need[][] {
  const groups = new Map<string, Need[]>()
  for (const need of needs) {
    const { repository, tag } = need
    const images = repository && views.get(keyOf(repository))?.images
    const digest =
      need.digest ?? images?.find((image) => tag !== undefined && image.tags.includes(tag))?.digest
    const found = digest === undefined ? need : { ...need, digest }
    const key = [
      need.service,
      need.container,
      repository ? keyOf(repository) : '',
      digest ?? need.reference
    ].join(' ')
    groups.set(key, [...(groups.get(key) ?? []), found])
  }
  return [...groups.values()]
}

function judge(needs: Need[], views: ReadonlyMap<string, RepositoryView>, now: number): Judged {
  const [first] = needs
  if (!first) throw new Error('an image that nobody needs')
  const { service, container, reference, repository, digest, keep } = first
  const image = repository ? `${repository.name}@${shortDigest(digest ?? '')}` : reference
  const neededBy = [...new Set(needs.map(({ by, role }) => (role === 'rollback' ? `${by} (rollback)` : by)))]
  const base = { service, container, image, neededBy, ...(digest === undefined ? {} : { digest }) }
  if (!repository)
    return {
      needs,
      row: { ...base, standing: 'elsewhere', stays: 'is not in a private ECR repository', tags: [] }
    }
  const view = views.get(keyOf(repository))
  if (!view)
    return { needs, row: { ...base, standing: 'unknown', stays: 'could not be looked at', tags: [] } }
  const risk: Risk = digest === undefined ? lostTag(first, view) : imageRisk(view, digest, keep, now)
  const tags = view.images?.find((other) => other.digest === digest)?.tags ?? []
  const rule = risk.rule ? { rule: sayRule(risk.rule) } : {}
  const row = {
    ...base,
    image: digest === undefined ? reference : image,
    standing: risk.standing,
    stays: risk.how,
    tags,
    ...rule
  }
  return { needs, row, view, risk }
}

/** Named by a tag that the repository has not, or that could not be looked up. */
function lostTag({ tag = '', keep }: Need, view: RepositoryView): Risk {
  return view.images
    ? gone(view, keep, `is not in ${view.repository.name} any more (no tag ${tag})`)
    : { standing: 'unknown', how: `cannot be foretold: ${view.unread.join('; ')}` }
}

const atRisk: readonly (Standing | 'elsewhere')[] = ['gone', 'archived', 'expiring', 'soon', 'unknown']

function findingOf({ needs, row, risk }: Judged, all: readonly Judged[]): AuditFinding[] {
  if (!atRisk.includes(row.standing)) return []
  const { service, container, standing, stays } = row
  const serves = needs.some(({ role }) => role !== 'rollback')
  // Of the revisions that could be gone back to, one that can start is enough.
  const others = all.filter((o) => o.row.service === service)
  const way = others.some((o) => isWayBack(o) && !atRisk.includes(o.row.standing))
  const level = serves || (!way && standing !== 'unknown') ? 'problem' : 'warning'
  const text = `the image of ${container} (${row.image}), needed by ${row.neededBy.join(', ')}, ${stays}${after(standing, serves)}`
  const todo =
    standing === 'unknown' ? 'Let the role of this job read what is named (docs/iam.md).' : risk?.todo
  return [
    {
      level,
      kind: standing,
      service,
      text,
      ...(todo === undefined ? {} : { todo }),
      ...(risk?.fix === undefined ? {} : { fix: risk.fix })
    }
  ]
}

function isWayBack({ needs }: Judged): boolean {
  return needs.some(({ role }) => role === 'rollback')
}

function after(standing: string, serves: boolean): string {
  const start = serves ? 'no task can be replaced, and none added' : 'a rollback to it cannot start'
  return standing === 'gone' || standing === 'archived' ? `: ${start}` : ''
}

/** Only tags that anybody may move to another image: then nothing but the digest holds it. */
function movable({ needs, row, view }: Judged): AuditFinding[] {
  const { tags, service, container } = row
  const settings = view?.settings
  const keep = needs[0]?.keep
  // Where it goes anyway, that is what has to be mended.
  if (!view || !settings || !keep || atRisk.includes(row.standing)) return []
  if (tags.length === 0)
    return [
      {
        level: 'warning',
        kind: 'movable-tag',
        service,
        text: `the image of ${container} (${row.image}) has no tag at all: every rule for untagged images is about it`
      }
    ]
  if (tags.some((tag) => !tagMayMove(settings, tag))) return []
  const text = `the image of ${container} (${row.image}) is held only by ${tags.slice(0, 3).join(', ')}, which a push can take away (${view.repository.name} is ${settings.mutability})`
  return [
    {
      level: 'warning',
      kind: 'movable-tag',
      service,
      text,
      todo: `Make the tags ${keep.pattern} immutable, and give the image one.`,
      fix: fixOfMutability(view.repository, settings, keep.pattern)
    }
  ]
}

function namedByTag({ needs, row }: Judged): AuditFinding[] {
  const named = needs.filter(({ tag, role }) => tag !== undefined && role !== 'running')
  if (named.length === 0) return []
  const text = `${named.map(({ by }) => by).join(', ')} names the image of ${row.container} by the tag ${named[0]?.tag ?? ''}: what it means can change, and a deployment or rollback then runs another image`
  return [
    {
      level: 'warning',
      kind: 'named-by-tag',
      service: row.service,
      text,
      todo: 'Deploy it pinned by digest (pin: all).'
    }
  ]
}

/** Services whose images one rule counts together: what is pushed for one pushes out what the other runs. */
function starved(judged: readonly Judged[]): AuditFinding[] {
  const groups = new Map<string, Judged[]>()
  for (const one of judged) {
    const rule = one.risk?.rule
    if (rule?.limit.type !== 'imageCountMoreThan' || !one.view) continue
    if (!one.needs.some(({ role }) => role !== 'rollback')) continue
    const key = `${keyOf(one.view.repository)} ${rule.priority}`
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups.values()].flatMap((group) => {
    const services = [...new Set(group.map(({ row }) => row.service))]
    const [first] = group
    const rule = first?.risk?.rule
    if (services.length < 2 || !first?.view || !rule) return []
    const soon = group.some(({ row }) => atRisk.includes(row.standing))
    const keeps = group.flatMap(({ needs }) => needs.map(({ keep }) => keep.pattern))
    const patterns = [...new Set(keeps)].join(', ')
    return [
      {
        level: soon ? ('problem' as const) : ('warning' as const),
        kind: 'starved',
        service: services.join(' and '),
        text: `${services.join(' and ')} share ${first.view.repository.name} and its ${sayRule(rule)}: what is pushed for one pushes out what the other runs`,
        todo: `Give each environment a rule of its own, before that one, for its own tags (${patterns}).`
      }
    ]
  })
}
