/**
 * ECR lifecycle policies as values: read from their text, never executed here. Written from the documented properties
 * (ECR user guide, "Lifecycle policy properties"); a rule that says more than we know is kept as unknown, because it
 * might take any image.
 */

export type StorageClass = 'standard' | 'archive'

/** What an image must be tagged like for a rule: every pattern is matched by one of its tags. */
export type TagSelection =
  { status: 'any' } | { status: 'untagged' } | { status: 'tagged'; patterns: readonly string[] }

/** What takes an image that a rule has selected; days are days of 24 hours. */
export type Limit =
  | { type: 'imageCountMoreThan'; count: number }
  | { type: 'sinceImagePushed' | 'sinceImagePulled' | 'sinceImageTransitioned'; days: number }

/** A rule that is understood whole. */
export interface Rule {
  kind: 'rule'
  priority: number
  description?: string
  storageClass: StorageClass
  tags: TagSelection
  limit: Limit
  action: 'expire' | 'archive'
}

/** A rule with a word that is newer than this reader. */
export interface UnknownRule {
  kind: 'unknown'
  priority: number
  /** Such as `countType "imageSizeMoreThan"`. */
  why: string
}

/** The rules in the order in which they are applied. */
export interface LifecyclePolicy {
  rules: readonly (Rule | UnknownRule)[]
}

/** The policy, or a sentence that says what is wrong with its text. */
export type ReadPolicy = { policy: LifecyclePolicy } | { problem: string }

class Wrong extends Error {}
class Unknown extends Error {}

/** Reads the text of a lifecycle policy. Never throws: a text that is none gives a sentence. */
export function readLifecyclePolicy(text: string): ReadPolicy {
  try {
    const value = parse(text)
    if (!isObject(value)) throw new Wrong('it is not a JSON object')
    const { rules, ...rest } = value
    if (!Array.isArray(rules)) throw new Wrong('it has no list of rules')
    const field = Object.keys(rest)[0]
    if (field !== undefined) throw new Wrong(`its field "${shown(field)}" is not known`)
    const read = rules.map((rule: unknown, i) => readRule(rule, i + 1))
    read.sort((a, b) => a.priority - b.priority)
    const twice = read.find((rule, i) => read[i - 1]?.priority === rule.priority)
    if (twice) throw new Wrong(`two rules have the rulePriority ${twice.priority}`)
    return { policy: { rules: read } }
  } catch (error) {
    if (error instanceof Wrong) return { problem: `The lifecycle policy cannot be read: ${error.message}.` }
    throw error
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new Wrong('it is not JSON')
  }
}

function readRule(value: unknown, place: number): Rule | UnknownRule {
  const where = `rule ${place} of its list`
  if (!isObject(value)) throw new Wrong(`${where} is not an object`)
  const { rulePriority: priority, description, selection, action, ...rest } = value
  if (!isWhole(priority)) throw new Wrong(`${where} has no whole number as rulePriority`)
  const about = `rule ${priority}`
  if (!isObject(selection)) throw new Wrong(`${about} has no selection`)
  if (!isObject(action)) throw new Wrong(`${about} has no action`)
  try {
    refuseUnknown(rest, '')
    return {
      kind: 'rule',
      priority,
      ...(typeof description === 'string' && description !== '' ? { description } : {}),
      ...readSelection(selection, about),
      action: readAction(action, about)
    }
  } catch (error) {
    if (error instanceof Unknown) return { kind: 'unknown', priority, why: error.message }
    throw error
  }
}

function readSelection(
  selection: Record<string, unknown>,
  about: string
): Pick<Rule, 'storageClass' | 'tags' | 'limit'> {
  const {
    tagStatus,
    tagPatternList,
    tagPrefixList,
    storageClass,
    countType,
    countUnit,
    countNumber,
    ...rest
  } = selection
  refuseUnknown(rest, 'selection.')
  if (!isWhole(countNumber) || countNumber < 1)
    throw new Wrong(`the countNumber of ${about} is not a whole number from 1`)
  return {
    storageClass: oneOf(storageClass ?? 'standard', ['standard', 'archive'], 'storageClass', about),
    tags: readTags(tagStatus, tagPatternList, tagPrefixList, about),
    limit: readLimit(countType, countUnit, countNumber, about)
  }
}

function readTags(tagStatus: unknown, patterns: unknown, prefixes: unknown, about: string): TagSelection {
  const status = oneOf(tagStatus, ['any', 'untagged', 'tagged'], 'tagStatus', about)
  if (status !== 'tagged') {
    if (isFilled(patterns) || isFilled(prefixes))
      throw new Wrong(`${about} lists tags, but its tagStatus is ${status}`)
    return { status }
  }
  const all = [
    ...texts(patterns, 'tagPatternList', about),
    ...texts(prefixes, 'tagPrefixList', about).map((p) => `${p}*`)
  ]
  if (all.length === 0) throw new Wrong(`${about} is for tagged images and lists no tags`)
  return { status, patterns: all }
}

function readLimit(countType: unknown, countUnit: unknown, count: number, about: string): Limit {
  const type = oneOf(
    countType,
    ['imageCountMoreThan', 'sinceImagePushed', 'sinceImagePulled', 'sinceImageTransitioned'],
    'countType',
    about
  )
  if (type === 'imageCountMoreThan') return { type, count }
  oneOf(countUnit, ['days'], 'countUnit', about)
  return { type, days: count }
}

function readAction(action: Record<string, unknown>, about: string): Rule['action'] {
  const { type, targetStorageClass, ...rest } = action
  refuseUnknown(rest, 'action.')
  if (oneOf(type, ['expire', 'transition'], 'action type', about) === 'expire') return 'expire'
  oneOf(targetStorageClass, ['archive'], 'targetStorageClass', about)
  return 'archive'
}

/** One of the known words; another text is a word that we do not know yet, and what is no text is wrong. */
function oneOf<T extends string>(value: unknown, known: readonly T[], name: string, about: string): T {
  const found = known.find((word) => word === value)
  if (found !== undefined) return found
  if (typeof value === 'string') throw new Unknown(`${name} "${shown(value)}"`)
  throw new Wrong(`${about} has no ${name}`)
}

function refuseUnknown(rest: Record<string, unknown>, path: string): void {
  const name = Object.keys(rest).find((key) => rest[key] !== null && rest[key] !== undefined)
  if (name !== undefined) throw new Unknown(`the field ${path}${shown(name)}`)
}

function texts(value: unknown, name: string, about: string): string[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value) || !value.every((v): v is string => typeof v === 'string'))
    throw new Wrong(`the ${name} of ${about} is not a list of texts`)
  return value
}

function isFilled(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value)
}

function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

/** A rule in a few words: `rule 1 "keep ten images" (any image, more than 10)`. */
export function sayRule(rule: Rule): string {
  const name = rule.description === undefined ? '' : ` "${shown(rule.description)}"`
  return `rule ${rule.priority}${name} (${saySelection(rule)}, ${sayLimit(rule.limit)})`
}

function saySelection({ tags, storageClass }: Rule): string {
  const archived = storageClass === 'archive' ? 'archived ' : ''
  if (tags.status !== 'tagged')
    return `${tags.status} ${archived}image`.replace('untagged image', 'untagged images')
  return `${archived}images tagged ${tags.patterns.join(' and ')}`
}

function sayLimit(limit: Limit): string {
  switch (limit.type) {
    case 'imageCountMoreThan':
      return `more than ${limit.count}`
    case 'sinceImagePushed':
      return `older than ${days(limit.days)}`
    case 'sinceImagePulled':
      return `not pulled for ${days(limit.days)}`
    case 'sinceImageTransitioned':
      return `in the archive for more than ${days(limit.days)}`
  }
}

function days(count: number): string {
  return count === 1 ? '1 day' : `${count} days`
}
