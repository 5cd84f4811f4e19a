/** How EC2 picks what is described: ids, filters with wildcards, pages; and how it refuses. */
import type { Tag } from '../../world/api.js'
import { AwsError } from '../../world/errors.js'
import { matchesWildcards } from '../../world/wildcards.js'
import { page } from '../paging.js'

export interface Filter {
  Name?: string
  Values?: string[]
}

/** What every Describe operation may be asked. */
export interface Question {
  Filters?: Filter[]
  MaxResults?: number
  NextToken?: string
}

/** How one kind of resource is named, found and filtered. */
export interface Kind<T> {
  /** `subnet-`, with its hyphen. */
  prefix: string
  idOf: (item: T) => string
  /** Code and text for an id that nobody has. */
  missing: (id: string) => [code: string, text: string]
  malformed: string
  /** The parameter of the ids, for the refusal to combine it with MaxResults. */
  parameter: string
  tagsOf?: (item: T) => readonly Tag[]
  /** The values of a filter's name; a name that is not here (or `tag:…`, `tag-key`) is refused. */
  filters: Record<string, (item: T) => (string | undefined)[]>
}

/** One page of what was asked for. With ids everything is in one answer, as EC2 has it. */
export function select<T>(
  kind: Kind<T>,
  all: readonly T[],
  ids: readonly string[] | undefined,
  question: Question
): { items: T[]; next: string | undefined } {
  const { Filters: filters, MaxResults: limit, NextToken: token } = question
  const wanted = ids !== undefined && ids.length > 0
  if (wanted && limit !== undefined)
    throw new AwsError(
      'InvalidParameterCombination',
      `The parameter ${kind.parameter} cannot be used with the parameter maxResults`
    )
  if (limit !== undefined && (limit < 5 || limit > 1000))
    throw new AwsError(
      'InvalidParameterValue',
      `Value ( ${limit} ) for parameter maxResults is invalid. Expecting a value between 5 and 1000.`
    )
  const named = wanted ? ids.map((id) => byId(kind, all, id)) : [...all]
  const found = named.filter((item) => (filters ?? []).every((filter) => passes(kind, filter, item)))
  return wanted ? { items: found, next: undefined } : page(found, token, limit, 'InvalidNextToken')
}

function byId<T>(kind: Kind<T>, all: readonly T[], id: string): T {
  if (!new RegExp(`^${kind.prefix}[0-9a-f]{8,17}$`).test(id))
    throw new AwsError(kind.malformed, `Invalid id: "${id}" (expecting "${kind.prefix}...")`)
  const found = all.find((item) => kind.idOf(item) === id)
  if (found === undefined) throw new AwsError(...kind.missing(id))
  return found
}

function passes<T>(kind: Kind<T>, filter: Filter, item: T): boolean {
  const values = valuesOf(kind, filter.Name ?? '', item)
  return (filter.Values ?? []).some((pattern) =>
    values.some((v) => v !== undefined && matchesWildcards(pattern, v, '?'))
  )
}

function valuesOf<T>(kind: Kind<T>, name: string, item: T): (string | undefined)[] {
  const tags = kind.tagsOf?.(item) ?? []
  if (name.startsWith('tag:')) return tags.filter((t) => t.key === name.slice(4)).map((t) => t.value)
  if (name === 'tag-key') return tags.map((t) => t.key)
  const read = Object.hasOwn(kind.filters, name) ? kind.filters[name] : undefined
  if (read === undefined) throw new AwsError('InvalidParameterValue', `The filter '${name}' is invalid`)
  return read(item)
}

/** Tags as EC2 writes them. */
export function tagShape(tags: readonly Tag[]): { Key: string; Value: string }[] {
  return tags.map((t) => ({ Key: t.key, Value: t.value }))
}
