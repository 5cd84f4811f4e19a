import type { JsonObject } from '../domain/task-definition.js'
import type { Surroundings } from '../ports.js'
import type { Facts } from './facts.js'
import { known } from './known.js'
import { secretNeeds, textOf } from './needs.js'
import type { FactReader } from './reader.js'

/** What the execution role may do with the secrets that tasks start with, by IAM's simulator. */
export async function simulatedFor(
  around: Surroundings,
  definition: JsonObject,
  read: FactReader
): Promise<Facts['simulated']> {
  const role = textOf(definition, 'executionRoleArn')
  const needs = secretNeeds(definition)
  const arns = (service: string) =>
    [...new Set(needs.map((n) => n.from))].filter((from) => from.includes(`:${service}:`))
  const secrets = arns('secretsmanager').map((from) => from.split(':').slice(0, 7).join(':'))
  const parameters = arns('ssm')
  if (role === undefined || secrets.length + parameters.length === 0) return known([])
  const simulate = around.simulate?.bind(around)
  return await read.read(
    'iam:SimulatePrincipalPolicy',
    simulate &&
      (async () => [
        ...(secrets.length === 0 ? [] : await simulate(role, ['secretsmanager:GetSecretValue'], secrets)),
        ...(parameters.length === 0 ? [] : await simulate(role, ['ssm:GetParameters'], parameters))
      ])
  )
}
