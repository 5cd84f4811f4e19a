/** Lifecycle policies as text: what they may say, and the words in which they are refused (facts F3). */
import { policyTexts } from '../ecr-texts.js'
import { AwsError } from '../../errors.js'

export type StorageClass = 'standard' | 'archive'

export interface Selection {
  tagStatus: 'tagged' | 'untagged' | 'any'
  /** Wildcard patterns; a prefix list is kept as patterns that end with `*`. An image must match all of them. */
  patterns: readonly string[]
  storageClass: StorageClass
  countType: CountType
  /** Images, or days. */
  countNumber: number
}

export type CountType =
  'imageCountMoreThan' | 'sinceImagePushed' | 'sinceImagePulled' | 'sinceImageTransitioned'

export interface Rule {
  priority: number
  selection: Selection
  action: 'expire' | 'transition'
}

const bounds = { rules: 50, text: 30_720, archivedDays: 90 }
const countTypes = ['imageCountMoreThan', 'sinceImagePulled', 'sinceImagePushed', 'sinceImageTransitioned']

const refuse = (message: string): never => {
  throw new AwsError('InvalidParameterException', message)
}

type Obj = Record<string, unknown>

/** Reads a policy; its rules come by priority, 1 first. Throws InvalidParameterException with AWS's reason. */
export function readPolicy(text: string): Rule[] {
  const t = policyTexts
  let policy: unknown
  try {
    policy = JSON.parse(text)
  } catch {
    refuse(t.unreadable.say())
  }
  if (!isObject(policy) || text.length > bounds.text) return refuse(t.unreadable.say())
  if (!Array.isArray(policy.rules)) return refuse(t.lacks.say(['rules']))
  only(policy, ['rules'])
  if (policy.rules.length < 1) refuse(t.wrongLength.say('short', 1, 0))
  if (policy.rules.length > bounds.rules) refuse(t.wrongLength.say('long', bounds.rules, policy.rules.length))
  const rules = policy.rules.map(readRule).sort((a, b) => a.priority - b.priority)
  checkTogether(rules)
  return rules
}

function readRule(rule: unknown): Rule {
  const t = policyTexts
  if (!isObject(rule)) return refuse(t.wrongType.say(typeName(rule), 'object'))
  needs(rule, ['action', 'rulePriority', 'selection'])
  only(rule, ['rulePriority', 'description', 'selection', 'action'])
  const { action, description, selection, rulePriority } = rule
  if (description !== undefined && typeof description !== 'string')
    return refuse(t.wrongType.say(typeName(description), 'string'))
  if (!isObject(action)) return refuse(t.wrongType.say(typeName(action), 'object'))
  if (!isObject(selection)) return refuse(t.wrongType.say(typeName(selection), 'object'))
  const priority = whole(rulePriority)
  return { priority, action: readAction(action), selection: readSelection(selection, action.type) }
}

function readAction(action: Obj): Rule['action'] {
  needs(action, ['type'])
  only(action, ['type', 'targetStorageClass'])
  const type = oneOf(action.type, ['expire', 'transition'])
  if (type === 'expire' && 'targetStorageClass' in action) refuse(policyTexts.noSchema.say())
  if (type === 'transition') {
    needs(action, ['targetStorageClass'])
    oneOf(action.targetStorageClass, ['archive'])
  }
  return type as Rule['action']
}

function readSelection(selection: Obj, action: unknown): Selection {
  const t = policyTexts
  needs(selection, ['countNumber', 'countType', 'tagStatus'])
  only(selection, [
    'tagStatus',
    'tagPatternList',
    'tagPrefixList',
    'storageClass',
    'countType',
    'countUnit',
    'countNumber'
  ])
  const tagStatus = oneOf(selection.tagStatus, ['any', 'tagged', 'untagged']) as Selection['tagStatus']
  if (!countTypes.includes(selection.countType as string)) refuse(t.noSchema.say())
  const countType = selection.countType as CountType
  const since = countType !== 'imageCountMoreThan'
  if (since && selection.countUnit === undefined) refuse(t.noSchema.say())
  if (!since && selection.countUnit !== undefined) refuse(t.noSchema.say())
  if (since) oneOf(selection.countUnit, ['days'])
  const countNumber = whole(selection.countNumber)
  const storageClass = oneOf(selection.storageClass ?? 'standard', ['archive', 'standard']) as StorageClass
  const patterns = readTags(selection, tagStatus)
  if (countType === 'sinceImagePulled' && (action !== 'transition' || storageClass !== 'standard'))
    refuse(t.pulledOnlyTransitions.say())
  if (countType === 'sinceImageTransitioned') {
    if (action !== 'expire' || storageClass !== 'archive') refuse(t.transitionedOnlyExpires.say())
    if (countNumber < bounds.archivedDays) refuse(t.archivedTooShort.say())
  }
  if (action === 'transition' && storageClass === 'archive') refuse(t.transitionFromArchive.say())
  return { tagStatus, patterns, storageClass, countType, countNumber }
}

function readTags(selection: Obj, tagStatus: Selection['tagStatus']): string[] {
  const t = policyTexts
  const { tagPatternList: patterns, tagPrefixList: prefixes } = selection
  const some = [patterns, prefixes].filter((list) => list !== undefined)
  if (tagStatus !== 'tagged') return some.length === 0 ? [] : refuse(t.tagListNotAllowed.say())
  if (some.length === 0) return refuse(t.noTagList.say())
  if (some.length === 2) return refuse(t.noSchema.say())
  const [list] = some
  if (!Array.isArray(list)) return refuse(t.wrongType.say(typeName(list), 'array'))
  if (list.length === 0) return refuse(t.noTagList.say())
  return list.map((entry: unknown) => {
    if (typeof entry !== 'string') return refuse(t.wrongType.say(typeName(entry), 'string'))
    const stars = entry.split('*').length - 1
    const allowed = prefixes === undefined ? 4 : 0
    if (stars > allowed || !/^[0-9A-Za-z*._-]{1,128}$/.test(entry)) return refuse(t.badPattern.say(entry))
    return prefixes === undefined ? entry : `${entry}*`
  })
}

/** What the rules must be to each other. */
function checkTogether(rules: readonly Rule[]): void {
  const t = policyTexts
  const twice = rules.find((r, i) => rules[i - 1]?.priority === r.priority)
  if (twice !== undefined) refuse(t.samePriority.say(twice.priority))
  for (const storage of ['standard', 'archive'] as const) {
    const here = rules.filter((r) => r.selection.storageClass === storage)
    const any = here.findIndex((r) => r.selection.tagStatus === 'any')
    if (any !== -1 && any !== here.length - 1) refuse(t.anyNotLast.say())
    if (here.filter((r) => r.selection.tagStatus === 'untagged').length > 1) refuse(t.secondUntagged.say())
    const lists = here
      .filter((r) => r.selection.tagStatus === 'tagged')
      .map((r) => JSON.stringify([...r.selection.patterns].sort()))
    if (new Set(lists).size !== lists.length) refuse(t.sameTags.say())
  }
}

function needs(object: Obj, names: readonly string[]): void {
  const missing = names.filter((name) => !(name in object))
  if (missing.length > 0) refuse(policyTexts.lacks.say(missing))
}

function only(object: Obj, names: readonly string[]): void {
  const others = Object.keys(object).filter((name) => !names.includes(name))
  if (others.length > 0) refuse(policyTexts.mayNotHave.say(others))
}

function oneOf(value: unknown, values: readonly string[]): string {
  if (typeof value === 'string' && values.includes(value)) return value
  return refuse(policyTexts.notInEnum.say(typeof value === 'string' ? value : JSON.stringify(value), values))
}

function whole(value: unknown): number {
  if (typeof value !== 'number' || !Number.isInteger(value))
    return refuse(policyTexts.wrongType.say(typeName(value), 'integer'))
  return value < 1 ? refuse(policyTexts.tooSmall.say(1, value)) : value
}

function typeName(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

function isObject(value: unknown): value is Obj {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
