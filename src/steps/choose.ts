import { revisionName } from '../domain/arn.js'
import type { CandidateRow } from '../domain/candidate-row.js'
import { parseImage, shortDigest } from '../domain/image.js'
import type { Candidate } from '../domain/known-good.js'
import { Refusal, type ReasonCode } from '../domain/outcome.js'
import { parseRollbackTarget, type RollbackTarget } from '../domain/rollback-target.js'
import type { Service } from '../domain/service.js'
import { containersOf, type TaskDefinition } from '../domain/task-definition.js'
import type { Inputs } from '../inputs.js'
import { NotFound, type Ports, type ServiceName } from '../ports.js'
import { knownGood } from './known-good.js'
import { isEligible, type Prover, type Proven } from './prove.js'

/** So many candidates are looked into, and listed. */
const mostListed = 8
/** So many at a time. */
const atOnce = 4

/** Where a rollback stands before it has chosen. */
export interface Standing {
  service: Service
  /** The revision to leave. */
  leaving: string
  /** What it says. */
  running: TaskDefinition
}

/** What came of choosing: the revision, with what is to be warned of; or why there is none. */
type Choice = { taken: Proven; warning?: string } | { refusal: Refusal; named?: Proven }

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
  ports.announce({ code: 'fact', name: 'rollback-to', value: sayTarget(target, leaving) })
  const known = await knownGood(ports, name, service, inputs.environment, true)
  const candidates: Proven[] = []
  for (let i = 0; i < Math.min(known.length, mostListed); i += atOnce)
    candidates.push(...(await Promise.all(known.slice(i, i + atOnce).map((c) => prover.prove(c)))))
  const others = candidates.filter((c) => c.taskDefinition !== leaving)
  const choice =
    target.kind === 'previous'
      ? previous(others)
      : await ofName(ports, inputs.rollbackTo, target, { candidates, others, leaving, running, prover })
  const chosen = 'taken' in choice ? choice.taken : choice.named
  const listed = chosen && !candidates.includes(chosen) ? [...candidates, chosen] : candidates
  const taken = 'taken' in choice ? choice.taken : undefined
  if (listed.length > 0)
    ports.announce({ code: 'candidates', candidates: listed.map((c) => rowOf(c, leaving, taken)) })
  if (prover.rolesUnread !== undefined) {
    const text = `Whether the roles of the candidates exist is not known: ${prover.rolesUnread}.`
    ports.announce({ code: 'note', text })
  }
  if ('refusal' in choice) throw choice.refusal
  if (choice.warning !== undefined) ports.announce({ code: 'warning', text: choice.warning })
  return choice.taken
}

/** The one that was named. */
async function ofName(
  ports: Ports,
  text: string,
  target: Exclude<RollbackTarget, { kind: 'previous' }>,
  at: { candidates: Proven[]; others: Proven[]; leaving: string; running: TaskDefinition; prover: Prover }
): Promise<Choice> {
  const next = at.others.find(isEligible)
  let found: Proven | undefined
  try {
    found = await named(ports, target, at.candidates, at.running, at.prover)
  } catch (error) {
    if (!(error instanceof NotFound)) throw error
    return { refusal: refuse([`rollback-to: ${error.message}.`], next) }
  }
  if (!found)
    return { refusal: refuse([`rollback-to "${text}": no revision of this service has that image.`], next) }
  if (found.taskDefinition === at.leaving) return { taken: found }
  const revision = revisionName(found.taskDefinition)
  if (found.problems.length > 0) {
    const problems = found.problems.map((p) => `${revision} cannot be gone back to: ${p}.`)
    return { refusal: refuse(problems, next, codeOf(found)), named: found }
  }
  const never = found.goodAt === undefined ? ['nothing says that it was ever good'] : []
  const doubts = [...never, ...found.doubts, ...found.notes]
  if (doubts.length === 0) return { taken: found }
  return { taken: found, warning: `${revision} is taken because it was named: ${doubts.join('; ')}.` }
}

/** The newest that was good before and could start; those that were passed over are said. */
function previous(others: Proven[]): Choice {
  const next = others.find(isEligible)
  const skipped = next ? others.slice(0, others.indexOf(next)) : others
  const why = skipped.map(
    (c) => `${revisionName(c.taskDefinition)}: ${[...c.problems, ...c.doubts].join('; ')}`
  )
  if (next && why.length === 0) return { taken: next }
  if (next) {
    const warning = `Not gone back to: ${why.join('. ')}. Taking ${revisionName(next.taskDefinition)}.`
    return { taken: next, warning }
  }
  const first = others[0]
  const code = first && others.every((c) => codeOf(c) === codeOf(first)) ? codeOf(first) : 'input'
  const problems =
    why.length === 0
      ? ['No other revision of this service is known good.']
      : ['No other revision of this service is known good and could start.', ...why.map((w) => `${w}.`)]
  return { refusal: refuse(problems, undefined, code) }
}

/** The reason code of a revision that could not start. */
function codeOf({ imageGone, wrongPlatform }: Proven): ReasonCode {
  if (imageGone) return 'image-not-found'
  return wrongPlatform ? 'image-platform-mismatch' : 'input'
}

/** Throws NotFound for a revision that does not exist. */
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
  const definition = await ports.containers.taskDefinition(reference)
  const arn = definition.definition['taskDefinitionArn']
  return await prover.prove(byName(typeof arn === 'string' ? arn : reference), definition)
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

function sayTarget(target: RollbackTarget, leaving: string): string {
  switch (target.kind) {
    case 'previous':
      return `previous: what was good before ${revisionName(leaving)}`
    case 'revision':
      return target.reference
    case 'digest':
      return `the revision that ran the image ${shortDigest(target.digest)}`
    case 'tag':
      return `the revision that ran the image with the tag ${target.tag}`
  }
}

function notUnderstood(text: string): Refusal {
  return new Refusal([
    `rollback-to "${text.slice(0, 200)}" is not allowed: previous, a revision number, family:revision, the ARN of a task definition, an image digest (sha256:…) or an image tag.`
  ])
}

function refuse(problems: string[], next: Proven | undefined, code: ReasonCode = 'input'): Refusal {
  const fix = next
    ? `The next known-good revision that could start is ${revisionName(next.taskDefinition)}: run again with rollback-to: ${revisionName(next.taskDefinition)}`
    : 'Deploy an image that exists instead: nothing could be gone back to.'
  return new Refusal(problems, code, fix)
}

/** A candidate as every face shows it. */
function rowOf(c: Proven, leaving: string, taken: Proven | undefined): CandidateRow {
  const chosen = c === taken ? 'taken' : isEligible(c) ? 'eligible' : 'not-eligible'
  const standing = c.taskDefinition === leaving ? 'runs-now' : chosen
  return {
    taskDefinition: c.taskDefinition,
    inactive: c.inactive,
    images: c.images.map(({ container, digest, tags }) => ({
      container,
      tags,
      ...(digest === undefined ? {} : { digest })
    })),
    ...(c.commit === undefined ? {} : { commit: c.commit }),
    ...(c.goodAt === undefined ? {} : { goodAt: c.goodAt }),
    evidence: c.evidence,
    standing,
    why: c.taskDefinition === leaving ? [] : [...c.problems, ...c.doubts],
    unknown: c.notes
  }
}
