/** Repositories over the wire: create, describe, delete, mutability, policy, and the token to log in with. */
import type { RepositoryOptions } from '../../world/api.js'
import { constraintTexts, ecrTexts } from '../../world/ecr/ecr-texts.js'
import type { Repository } from '../../world/ecr/repository.js'
import type { SimulatedWorld } from '../../world/world.js'
import { read, write, type Operation } from '../operation.js'
import { page } from '../paging.js'
import {
  checkEnum,
  checkName,
  checkPage,
  date,
  heading,
  invalid,
  refuse,
  repositoryOf,
  type Page,
  type Where
} from './common.js'

interface Mutability {
  imageTagMutability?: RepositoryOptions['mutability']
  imageTagMutabilityExclusionFilters?: { filterType: string; filter: string }[]
}

const modes = ['IMMUTABLE', 'MUTABLE', 'MUTABLE_WITH_EXCLUSION', 'IMMUTABLE_WITH_EXCLUSION']

/** API_ImageTagMutabilityExclusionFilter of ECR's API reference. */
const filterGrammar = /^[0-9a-zA-Z._*-]{1,128}$/

/** The two modes with exclusion need filters, one to five; the other two allow none (facts F1). */
function mutabilityOf(input: Mutability): RepositoryOptions {
  const { imageTagMutability: mutability = 'MUTABLE', imageTagMutabilityExclusionFilters: filters } = input
  checkEnum('imageTagMutability', mutability, modes)
  const given = filters ?? []
  for (const { filterType, filter } of given) {
    checkEnum('imageTagMutabilityExclusionFilters.filterType', filterType, ['WILDCARD'])
    if (!filterGrammar.test(filter)) invalid(constraintTexts.badFilter.say())
  }
  if (given.length > 5) invalid(constraintTexts.tooLong.say('imageTagMutabilityExclusionFilters', 5))
  if (!mutability.endsWith('_WITH_EXCLUSION')) {
    if (given.length > 0) invalid(constraintTexts.allowsNoFilters.say(mutability))
    return { mutability }
  }
  if (given.length === 0) invalid(constraintTexts.needsFilters.say(mutability))
  return { mutability, exclusions: given.map((f) => f.filter) }
}

function mutabilityMembers({ options }: Repository): Record<string, unknown> {
  return {
    imageTagMutability: options.mutability ?? 'MUTABLE',
    imageTagMutabilityExclusionFilters: options.exclusions?.map((filter) => ({
      filterType: 'WILDCARD',
      filter
    }))
  }
}

function shape(world: SimulatedWorld, repository: Repository): Record<string, unknown> {
  return {
    repositoryArn: repository.arn,
    ...heading(world, repository),
    repositoryUri: repository.uri,
    createdAt: date(repository.createdAt),
    ...mutabilityMembers(repository),
    imageScanningConfiguration: { scanOnPush: false },
    encryptionConfiguration: { encryptionType: 'AES256' }
  }
}

function describeRepositories(
  world: SimulatedWorld,
  input: Page & { repositoryNames?: string[]; registryId?: string }
): Record<string, unknown> {
  checkPage(input, 1000)
  const own = (input.registryId ?? world.account) === world.account ? [...world.ecr.repositories.keys()] : []
  const names = input.repositoryNames ?? own
  const all = names.map((repositoryName) => repositoryOf(world, { ...input, repositoryName }))
  const { items, next } = page(
    all,
    input.nextToken,
    input.repositoryNames === undefined ? input.maxResults : 100
  )
  return { repositories: items.map((r) => shape(world, r)), nextToken: next }
}

function policyOf(world: SimulatedWorld, input: Where): { repository: Repository; policyText: string } {
  const repository = repositoryOf(world, input)
  const { policyText, place } = repository
  if (policyText === undefined)
    return refuse('RepositoryPolicyNotFoundException', ecrTexts.noRepositoryPolicy.say(place))
  return { repository, policyText }
}

/** Pull-through cache rules, all or those of the prefixes asked for (SDK-ECR). */
function describeCacheRules(
  world: SimulatedWorld,
  input: Page & { ecrRepositoryPrefixes?: string[] }
): Record<string, unknown> {
  checkPage(input, 1000)
  const asked = input.ecrRepositoryPrefixes
  const missing = asked?.find((prefix) => !world.ecr.cacheRules.some((rule) => rule.prefix === prefix))
  if (missing !== undefined)
    refuse('PullThroughCacheRuleNotFoundException', ecrTexts.noCacheRule.say(missing, world.account))
  const rules = world.ecr.cacheRules.filter(({ prefix }) => asked?.includes(prefix) ?? true)
  const { items, next } = page(rules, input.nextToken, asked === undefined ? input.maxResults : 100)
  return {
    pullThroughCacheRules: items.map(({ prefix, upstreamRegistryUrl, createdAt }) => ({
      ecrRepositoryPrefix: prefix,
      upstreamRegistryUrl,
      createdAt: date(createdAt),
      updatedAt: date(createdAt),
      registryId: world.account
    })),
    nextToken: next
  }
}

export const repositoryOperations: Record<string, Operation> = {
  DescribeRepositories: read(describeRepositories),
  DescribePullThroughCacheRules: read(describeCacheRules),
  CreateRepository: write((world, input: Where & Mutability) => {
    checkName(input.repositoryName)
    const options = mutabilityOf(input)
    const place = { name: input.repositoryName, account: world.account }
    if (world.ecr.repositories.has(input.repositoryName))
      refuse('RepositoryAlreadyExistsException', ecrTexts.repositoryExists.say(place))
    return { repository: shape(world, world.ecr.repository(input.repositoryName, options)) }
  }),
  DeleteRepository: write((world, input: Where & { force?: boolean }) => {
    const repository = repositoryOf(world, input)
    if (repository.images.size > 0 && input.force !== true)
      refuse('RepositoryNotEmptyException', ecrTexts.repositoryNotEmpty.say(repository.place))
    world.ecr.repositories.delete(repository.name)
    if (repository.lifecycle.text !== undefined) repository.lifecycle.delete()
    return { repository: shape(world, repository) }
  }),
  PutImageTagMutability: write((world, input: Where & Mutability) => {
    const options = mutabilityOf(input)
    const repository = repositoryOf(world, input)
    repository.options = options
    return { ...heading(world, repository), ...mutabilityMembers(repository) }
  }),
  GetRepositoryPolicy: read((world, input: Where) => {
    const { repository, policyText } = policyOf(world, input)
    return { ...heading(world, repository), policyText }
  }),
  SetRepositoryPolicy: write((world, input: Where & { policyText: string }) => {
    const repository = repositoryOf(world, input)
    repository.policyText = input.policyText
    return { ...heading(world, repository), policyText: input.policyText }
  }),
  DeleteRepositoryPolicy: write((world, input: Where) => {
    const { repository, policyText } = policyOf(world, input)
    repository.policyText = undefined
    return { ...heading(world, repository), policyText }
  }),
  GetAuthorizationToken: read((world) => {
    const { password, until } = world.ecr.issuePassword()
    return {
      authorizationData: [
        {
          authorizationToken: Buffer.from(`AWS:${password}`).toString('base64'),
          expiresAt: date(until),
          proxyEndpoint: `https://${world.ecr.host}`
        }
      ]
    }
  })
}
