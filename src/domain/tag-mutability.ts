import type { EcrRepository } from './image.js'
import { matches } from './lifecycle-rules.js'

/** How an ECR repository treats a tag that is pushed again. `mutability` is an open text: AWS adds values. */
export interface TagSettings {
  mutability: string
  /** Wildcards of the two modes with exclusions. */
  exclusions: readonly string[]
}

/** The most exclusion filters that ECR takes (API). */
const mostFilters = 5

/**
 * Whether this tag can be moved to another image. MUTABLE_WITH_EXCLUSION holds the tags that match a filter still,
 * IMMUTABLE_WITH_EXCLUSION all but these. Where nothing is known, a tag may move.
 */
export function tagMayMove(settings: TagSettings | undefined, tag: string): boolean {
  if (!settings) return true
  const excluded = settings.exclusions.some((filter) => matches(tag, filter))
  switch (settings.mutability) {
    case 'IMMUTABLE':
      return false
    case 'IMMUTABLE_WITH_EXCLUSION':
      return excluded
    case 'MUTABLE_WITH_EXCLUSION':
      return !excluded
    default:
      return true
  }
}

/** What makes the tags of this pattern immutable, and leaves all others as they are: a command, ready to be run. */
export function fixOfMutability(repository: EcrRepository, settings: TagSettings, pattern: string): string {
  const mutable = !settings.mutability.startsWith('IMMUTABLE')
  const filters = mutable
    ? [...settings.exclusions, pattern]
    : settings.exclusions.filter((filter) => !matches(pattern.replaceAll('*', ''), filter))
  const mode = mutable ? 'MUTABLE_WITH_EXCLUSION' : 'IMMUTABLE_WITH_EXCLUSION'
  const command = `aws ecr put-image-tag-mutability ${namesOf(repository)} --image-tag-mutability`
  if (filters.length === 0 || filters.length > mostFilters) return `${command} IMMUTABLE`
  const written = filters.map((filter) => `'filterType=WILDCARD,filter=${filter}'`).join(' ')
  return `${command} ${mode} --image-tag-mutability-exclusion-filters ${written}`
}

/** The options of the aws command that name a repository. */
export function namesOf({ account, region, name }: EcrRepository): string {
  return `--region ${region} --registry-id ${account} --repository-name ${name}`
}
