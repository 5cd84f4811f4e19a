import { revisionName } from '../domain/arn.js'
import { sayBytes } from '../domain/bytes.js'
import type { DefinitionChange } from '../domain/definition-diff.js'
import { changesNothing, type DeployPlan, type ImageChange, type PlannedCopy } from '../domain/deploy-plan.js'
import { sayDuration } from '../domain/duration.js'
import { parseImage, shortDigest } from '../domain/image.js'
import { plural } from '../domain/plural.js'

/** A row of a plan: what it is about, and what is said of it. */
export type PlanRow = readonly [name: string, text: string]

const mostChanges = 40

/** The heading of a plan: what is going to happen, or what a deploy would do. */
export function planTitle(only: boolean): string {
  return only ? 'What would change' : 'What changes'
}

/** A plan in rows, in the order in which it would be done. Texts are untrusted: each face cleans them. */
export function planRows(plan: DeployPlan): PlanRow[] {
  const { running, registers, forced, desired, copies, tags } = plan
  const now = revisionName(running)
  const revision: PlanRow =
    registers !== undefined
      ? ['revision', `${now} → a new revision of ${registers}`]
      : changesNothing(plan)
        ? ['nothing', `${now} is what runs already`]
        : ['revision', `${now} stays${forced ? '; its tasks are replaced (force-new-deployment)' : ''}`]
  return [
    revision,
    ...plan.images.map((image): PlanRow => ['image', sayImage(image)]),
    ...definitionRows(plan.changes),
    ...(desired.before === desired.after
      ? []
      : [['tasks', `${desired.before} → ${desired.after} desired`] as const]),
    ...copies.map((copy): PlanRow => ['copy', sayCopy(copy)]),
    ...tags.map(({ tagged, digest, there }): PlanRow => [
      'tag',
      `${withoutHost(tagged)} on ${shortDigest(digest)}${there ? ', there already' : ''}`
    ]),
    ...failureRows(plan),
    ...timeRows(plan)
  ]
}

function sayImage({ container, before, after }: ImageChange): string {
  const from = before === undefined ? 'new container' : shortImage(before)
  return `${container}: ${from} → ${shortImage(after)}`
}

function sayCopy({ from, to, digest, bytes, there }: PlannedCopy): string {
  const how = there ? 'there already' : bytes === 0 ? 'its layers are there' : sayBytes(bytes)
  return `${shortDigest(digest)} from ${withoutHost(from)} to ${withoutHost(to)}, ${how}`
}

/** `repo:tag sha256:0123456789ab`; the registry's host says nothing that a reader needs. */
function shortImage(image: string): string {
  const parsed = parseImage(image)
  if (!parsed) return image
  const { repository, tag, digest } = parsed
  const named = withoutHost(tag === undefined ? repository : `${repository}:${tag}`)
  return digest === undefined ? named : `${named} ${shortDigest(digest)}`
}

function withoutHost(image: string): string {
  const ecr = parseImage(image)?.ecr
  return ecr ? image.slice(ecr.host.length + 1) : image
}

/** A row a container, and one for the task; the changes of each in one line. */
function definitionRows(changes: readonly DefinitionChange[]): PlanRow[] {
  const shown = changes.slice(0, mostChanges)
  const owners = [...new Set(shown.map((c) => c.container))]
  const rows = owners.map((container): PlanRow => {
    const said = shown.filter((c) => c.container === container).map(sayChange)
    return container === undefined
      ? ['task', said.join(', ')]
      : ['container', `${container}: ${said.join(', ')}`]
  })
  const left = changes.length - shown.length
  return left > 0 ? [...rows, ['and', plural(left, 'further difference')]] : rows
}

function sayChange({ what, key, kind, before, after }: DefinitionChange): string {
  if (what === 'container') return kind
  const name = key === undefined || key === '' ? what : `${what} ${key}`
  return before !== undefined && after !== undefined ? `${name} ${before} → ${after}` : `${name} ${kind}`
}

function failureRows({ ifItFails }: DeployPlan): PlanRow[] {
  switch (ifItFails?.does) {
    case undefined:
      return []
    case 'leave':
      return [['if it fails', 'it is left as it is (on-failure: leave)']]
    case 'nothing':
      return [['if it fails', `nothing can be gone back to: ${ifItFails.why}`]]
    case 'go-back':
      return [['if it fails', `back to ${revisionName(ifItFails.taskDefinition)} (${ifItFails.says})`]]
  }
}

function timeRows({ time, lately, bakeMs }: DeployPlan): PlanRow[] {
  if (!time) return []
  if (!time.possible) return [['time', `it can never end: ${time.why}`]]
  const waves = time.waves > 1 ? ` in ${time.waves} waves` : ''
  const parts = [
    `at least ${sayDuration(time.leastMs)} until ECS has completed it${waves}`,
    ...(lately ? [`likely ${sayDuration(lately.medianMs)}, ${sayLately(lately.rollouts)}`] : []),
    ...(bakeMs > 0 ? [`then ${sayDuration(bakeMs)} of bake time`] : [])
  ]
  return [['time', parts.join('; ')]]
}

function sayLately(rollouts: number): string {
  return rollouts === 1 ? 'as the last rollout took' : `the middle of the last ${rollouts} rollouts`
}
