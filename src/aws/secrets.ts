import { parseArn } from '../domain/arn.js'
import type { StoredSecret } from '../domain/surroundings.js'
import { AwsFault } from '../ports.js'
import { list, number, operation, structure, text, type Shape } from './shapes.js'
import { secretsService, ssmService, type SmallClient } from './small-client.js'

/** A map of texts to lists of texts. */
const stages: Shape = () => [2, 'safe-ecs-deploy', 'Stages', 0, text, () => list('Texts', text)]

// Neither operation answers with a value: none can be shown by mistake.
const describeSecret = operation(
  'DescribeSecret',
  structure('DescribeSecretRequest', { SecretId: text }),
  structure('DescribeSecretResponse', {
    ARN: text,
    DeletedDate: number,
    CreatedDate: number,
    VersionIdsToStages: stages
  })
)
const describeParameters = operation(
  'DescribeParameters',
  structure('DescribeParametersRequest', {
    ParameterFilters: () =>
      list('Filters', () =>
        structure('Filter', { Key: text, Option: text, Values: () => list('Texts', text) })
      ),
    MaxResults: number,
    NextToken: text
  }),
  structure('DescribeParametersResult', {
    Parameters: () => list('Parameters', () => structure('Parameter', { Name: text })),
    NextToken: text
  })
)

/** More pages than this are not read: Systems Manager may send empty ones. */
const mostPages = 10

/** Secrets Manager and the parameters of Systems Manager: what exists, never what it says. */
export class Secrets {
  constructor(private readonly client: SmallClient) {}

  /** A secret by ARN; undefined when Secrets Manager says that there is none. */
  async secret(SecretId: string): Promise<StoredSecret | undefined> {
    try {
      const answer = await this.client.send<{
        ARN?: string
        DeletedDate?: unknown
        CreatedDate?: unknown
        VersionIdsToStages?: Record<string, string[]>
      }>(
        secretsService,
        'secretsmanager:DescribeSecret',
        describeSecret,
        { SecretId },
        parseArn(SecretId)?.region
      )
      const versions = answer.VersionIdsToStages
      if (answer.ARN === undefined)
        throw new AwsFault(
          'unreachable',
          'secretsmanager:DescribeSecret',
          'NoAnswer',
          'no secret in the answer'
        )
      return {
        deleted: answer.DeletedDate !== undefined && answer.DeletedDate !== null,
        // A whole answer without versions is one of a secret that was never given a value.
        ...(versions === undefined && answer.CreatedDate === undefined
          ? {}
          : { stages: [...new Set(Object.values(versions ?? {}).flat())] })
      }
    } catch (error) {
      // Only its own words about a secret count: another "not found" says nothing of it.
      if (
        error instanceof AwsFault &&
        error.errorCode === 'ResourceNotFoundException' &&
        /secret/i.test(error.message)
      )
        return undefined
      throw error
    }
  }

  /** Those of the parameters that exist, at most 50 of them. */
  async parameters(Values: string[], region: string): Promise<string[]> {
    const found: string[] = []
    let NextToken: string | undefined
    for (let page = 0; page < mostPages; page += 1) {
      const answer = await this.client.send<{ Parameters?: { Name?: string }[]; NextToken?: string }>(
        ssmService,
        'ssm:DescribeParameters',
        describeParameters,
        {
          ParameterFilters: [{ Key: 'Name', Option: 'Equals', Values }],
          MaxResults: 50,
          ...(NextToken === undefined ? {} : { NextToken })
        },
        region
      )
      if (answer.Parameters === undefined) break
      found.push(...answer.Parameters.flatMap((p) => p.Name ?? []))
      NextToken = answer.NextToken
      if (NextToken === undefined || NextToken === '') return found
    }
    throw new AwsFault('unreachable', 'ssm:DescribeParameters', 'NoAnswer', 'no end of the list')
  }
}
