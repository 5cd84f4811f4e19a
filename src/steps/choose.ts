import { revisionName } from '../domain/arn.js'
import { parseImage, shortDigest } from '../domain/image.js'
import type { Candidate } from '../domain/known-good.js'
import { Refusal } from '../domain/outcome.js'
import { parseRollbackTarget, type RollbackTarget } from '../domain/rollback-target.js'
import type { Service } from '../domain/service.js'
import { containersOf, type TaskDefinition } from '../domain/task-definition.js'
import type { Inputs } from '../inputs.js'
import { NotFound, type Ports, type ServiceName } from '../ports.js'
import { knownGood } from './known-good.js'
import { isEligible, type Prover, type Proven } from './prove.js'

/** So many candidates are looked into, and listed. */
const mostListed = 8

/** Where a rollback stands before it has chosen. */
export interface Standing {
  service: Service
  /** The revision to leave. */
  leaving: string
  /** What it says. */
  running: TaskDefinition
}

/**
 * Chooses the revision that `rollback-to` names, or the known-good one before the current, and proves it. Lists every
 * candidate. Reads only. Throws Refusal, with the next candidate that could be gone back to, when what is named does not
 * exist or could not start, or when nothing is known good.
 */
export async function choose(
  ports: Ports,
  name: ServiceName,
  inputs: Inputs,
  { service, leaving, running }: Standing,
  prover: Prover
): Promise<Proven> {
  const family = revisionName(leaving).replace(/:\d+$/, '')
  const target = parseRollbackTarget(inputs.rollbackTo, family)
  if (!target) throw notUnderstood(inputs.rollbackTo)
  const candidates: Proven[] = []
  for (const candidate of (await knownGood(ports, name, service, inputs.environment, true)).slice(
    0,
    mostListed
  ))
    candidates.push(await prover.prove(candidate))
  for (const candidate of candidates) tellCandidate(ports, candidate, leaving)
  const others = candidates.filter((c) => c.taskDefinition !== leaving)
  const next = others.find(isEligible)
  if (target.kind === 'previous') return previous(ports, others, next)

  const found = await named(ports, target, candidates, running, prover)
  if (!found)
    throw refuse([`rollback-to "${inputs.rollbackTo}": no revision of this service has that image.`], next)
  const revision = revisionName(found.taskDefinition)
  if (found.taskDefinition === leaving) return found
  if (found.problems.length > 0) {
    const problems = found.problems.map((p) => `${revision} cannot be gone back to: ${p}.`)
    throw refuse(problems, next, found.imageGone ? 'image-not-found' : 'input')
  }
  const doubts =
    found.goodAt === undefined ? ['nothing says that it was ever good', ...found.doubts] : found.doubts
  if (doubts.length > 0)
    ports.announce({
      code: 'warning',
      text: `${revision} is taken because it was named: ${doubts.join('; ')}.`
    })
  return found
}

function previous(ports: Ports, others: Proven[], next: Proven | undefined): Proven {
  const skipped = next ? others.slice(0, others.indexOf(next)) : others
  const why = skipped.map(
    (c) => `${revisionName(c.taskDefinition)}: ${[...c.problems, ...c.doubts].join('; ')}`
  )
  if (!next)
    throw refuse(
      why.length === 0
        ? ['No other revision of this service is known good.']
        : ['No other revision of this service is known good and could start.', ...why.map((w) => `${w}.`)],
      undefined,
      others.length > 0 && others.every((c) => c.imageGone) ? 'image-not-found' : 'input'
    )
  if (why.length > 0)
    ports.announce({
      code: 'warning',
      text: `Not gone back to: ${why.join('. ')}. Taking ${revisionName(next.taskDefinition)}.`
    })
  return next
}

async function named(
  ports: Ports,
  target: Exclude<RollbackTarget, { kind: 'previous' }>,
  candidates: Proven[],
  running: TaskDefinition,
  prover: Prover
): Promise<Proven | undefined> {
  if (target.kind === 'revision') return await byRevision(ports, target.reference, candidates, prover)
  const digest = target.kind === 'digest' ? target.digest : await digestOfTag(ports, target, running)
  const has = (c: Proven) =>
    c.images.some((i) => i.digest === digest || i.reference.endsWith(`@${digest}`)) ||
    Object.values(c.digests).includes(digest)
  const known = candidates.filter(has)
  const best = known.find((c) => c.problems.length === 0) ?? known[0]
  if (best) return best
  // Older than ECS's history, or never good: the newest revisions of the family are looked through.
  const given = running.definition['family']
  const family = typeof given === 'string' ? given : ''
  for (const arn of (await ports.rollouts?.family(family, 'ACTIVE', 20).catch(() => [])) ?? []) {
    if (candidates.some((c) => c.taskDefinition === arn)) continue
    const proven = await prover.prove(byName(arn))
    if (has(proven)) return proven
  }
  return undefined
}

async function byRevision(
  ports: Ports,
  reference: string,
  candidates: Proven[],
  prover: Prover
): Promise<Proven | undefined> {
  const known = candidates.find(
    (c) => c.taskDefinition === reference || revisionName(c.taskDefinition) === reference
  )
  if (known) return known
  try {
    const definition = await ports.containers.taskDefinition(reference)
    const arn = definition.definition['taskDefinitionArn']
    return await prover.prove(byName(typeof arn === 'string' ? arn : reference), definition)
  } catch (error) {
    if (error instanceof NotFound)
      throw refuse([`rollback-to: ${error.message}.`], candidates.find(isEligible))
    throw error
  }
}

/** A revision that somebody named, and nothing speaks for. */
function byName(taskDefinition: string): Candidate {
  return { taskDefinition, evidence: 'it was named', digests: {}, abandoned: false }
}

/** The digest behind a tag, in the repository that was named, or in those that the service's images come from. */
async function digestOfTag(
  ports: Ports,
  { tag, repository }: { tag: string; repository?: string },
  { definition }: TaskDefinition
): Promise<string> {
  const references = repository === undefined ? containersOf(definition).map((c) => c.image) : [repository]
  const repositories = references.flatMap((r) => parseImage(r)?.ecr ?? [])
  for (const one of new Map(repositories.map((r) => [`${r.host}/${r.name}`, r])).values())
    try {
      return (await ports.images.manifest(one, { tag })).digest
    } catch (error) {
      if (!(error instanceof NotFound)) throw error
    }
  const where = repositories.map((r) => r.name).join(', ') || 'no ECR repository'
  throw new Refusal(
    [`rollback-to: the tag "${tag}" does not exist in ${where}.`],
    'image-not-found',
    'Name a tag that is there, a revision, or previous.'
  )
}

function notUnderstood(text: string): Refusal {
  return new Refusal([
    `rollback-to "${text.slice(0, 200)}" is not allowed: previous, a revision number, family:revision, the ARN of a task definition, an image digest (sha256:…) or an image tag.`
  ])
}

function refuse(
  problems: string[],
  next: Proven | undefined,
  code: 'image-not-found' | 'input' = 'input'
): Refusal {
  const fix = next
    ? `The next known-good revision that could start is ${revisionName(next.taskDefinition)}: run again with rollback-to: ${revisionName(next.taskDefinition)}`
    : 'Deploy an image that exists instead: nothing could be gone back to.'
  return new Refusal(problems, code, fix)
}

/** One line a candidate: revision, images, commit, when it was good, and why not. */
function tellCandidate(ports: Ports, c: Proven, leaving: string): void {
  const images = c.images.map(
    (i) =>
      `${i.container} ${i.tags.slice(0, 3).join(' ')}${i.tags.length > 0 ? ' ' : ''}${shortDigest(i.digest ?? '')}`
  )
  const good =
    c.goodAt === undefined ? '' : `good ${new Date(c.goodAt).toISOString().slice(0, 16).replace('T', ' ')}Z`
  const why = [...c.problems, ...c.doubts]
  const verdict =
    c.taskDefinition === leaving
      ? 'runs now'
      : why.length > 0
        ? `not eligible: ${why.join('; ')}`
        : 'eligible'
  const parts = [
    revisionName(c.taskDefinition) + (c.inactive ? ' (INACTIVE)' : ''),
    ...images.map((i) => i.trim()),
    ...(c.commit === undefined ? [] : [`commit ${c.commit.slice(0, 7)}`]),
    good,
    verdict
  ]
  ports.announce({ code: 'fact', name: 'candidate', value: parts.filter((p) => p !== '').join(' · ') })
}
