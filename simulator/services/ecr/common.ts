/** What every ECR operation begins with: the repository, and limits that the shape of a request has. */
import { constraintTexts, ecrTexts } from '../../world/ecr/ecr-texts.js'
import { AwsError } from '../../world/errors.js'
import type { Repository } from '../../world/ecr/repository.js'
import type { SimulatedWorld } from '../../world/world.js'

/** The members that name a repository. */
export interface Where {
  repositoryName: string
  registryId?: string
}

export interface Page {
  nextToken?: string
  maxResults?: number
}

const nameGrammar = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/

/** Throws a refusal. */
export function refuse(code: string, message: string): never {
  throw new AwsError(code, message)
}

/** Throws InvalidParameterException. */
export function invalid(message: string): never {
  return refuse('InvalidParameterException', message)
}

/** A repository's name as its grammar wants it (facts F1), or InvalidParameterException. */
export function checkName(name: string): void {
  if (name.length < 2) invalid(constraintTexts.tooShort.say('repositoryName', 2))
  if (name.length > 256) invalid(constraintTexts.tooLong.say('repositoryName', 256))
  if (!nameGrammar.test(name)) invalid(constraintTexts.repositoryName.say())
}

/** The repository that a request names, or AWS's refusal. */
export function repositoryOf(world: SimulatedWorld, input: Where): Repository {
  checkName(input.repositoryName)
  return world.ecr.require(input.repositoryName, input.registryId)
}

/** A list that has at least one and at most so many items, or InvalidParameterException. */
export function checkList(parameter: string, list: readonly unknown[], most: number): void {
  if (list.length < 1) invalid(constraintTexts.tooShort.say(parameter, 1))
  if (list.length > most) invalid(constraintTexts.tooLong.say(parameter, most))
}

/** `maxResults` within its range, and not beside `imageIds`, or InvalidParameterException. */
export function checkPage(
  { maxResults, nextToken, imageIds }: Page & { imageIds?: unknown },
  most: number
): void {
  if (maxResults !== undefined && maxResults < 1) invalid(constraintTexts.tooFew.say('maxResults', 1))
  if (maxResults !== undefined && maxResults > most) invalid(constraintTexts.tooMany.say('maxResults', most))
  if (imageIds === undefined) return
  if (maxResults !== undefined) invalid(ecrTexts.notWithImageIds.say('maxResults'))
  if (nextToken !== undefined) invalid(ecrTexts.notWithImageIds.say('nextToken'))
}

/** A value of an enumeration, or InvalidParameterException. */
export function checkEnum(parameter: string, value: string | undefined, values: readonly string[]): void {
  if (value !== undefined && !values.includes(value))
    invalid(constraintTexts.notInEnum.say(parameter, values))
}

/** How most answers begin. */
export function heading(world: SimulatedWorld, repository: Repository): Record<string, unknown> {
  return { registryId: world.account, repositoryName: repository.name }
}

/** A moment, if there was one. */
export function date(ms: number | undefined): Date | undefined {
  return ms === undefined ? undefined : new Date(ms)
}
