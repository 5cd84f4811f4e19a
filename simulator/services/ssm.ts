/** Systems Manager: which parameters there are, without their values. */
import { AwsError } from '../world/errors.js'
import { identityTexts } from '../world/texts.js'
import { read, type Operation } from './operation.js'
import { page } from './paging.js'

interface Question {
  ParameterFilters?: { Key: string; Option?: string; Values?: string[] }[]
  MaxResults?: number
  NextToken?: string
}

export const ssmOperations: Record<string, Operation> = {
  DescribeParameters: read((world, { ParameterFilters = [], MaxResults, NextToken }: Question) => {
    const [filter, ...others] = ParameterFilters
    // What nobody has named nobody can list: every parameter is there until told otherwise.
    if (
      filter === undefined ||
      others.length > 0 ||
      filter.Key !== 'Name' ||
      (filter.Option ?? 'Equals') !== 'Equals'
    )
      throw new AwsError('InvalidFilterOption', identityTexts.otherFilter.say())
    const there = (filter.Values ?? []).filter((name) =>
      world.secrets.hasParameter(name, world.region, world.account)
    )
    // AWS may stop at any point of its search: the first page is an empty one.
    if (NextToken === undefined) return { Parameters: [], NextToken: firstToken }
    const { items, next } = page(
      there,
      NextToken === firstToken ? undefined : NextToken,
      MaxResults,
      'InvalidNextToken'
    )
    return {
      Parameters: items.map((name) => ({
        Name: name,
        Type: 'SecureString',
        LastModifiedDate: new Date(world.identity.createdAt),
        Version: 1,
        Tier: 'Standard',
        DataType: 'text'
      })),
      NextToken: next
    }
  })
}

const firstToken = 'cGFnZSAw'
