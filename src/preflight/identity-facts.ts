import { parseArn } from '../domain/arn.js'
import type { Surroundings } from '../ports.js'
import type { About, Facts } from './facts.js'
import { ask, known, unknown, type Known } from './known.js'
import { parameterKey, roleNeeds, secretNeeds, textOf, type SecretNeed } from './needs.js'
import { each, type FactReader, type Reading } from './reader.js'

/** How long roles and secrets may take, milliseconds: many a network and role has no way to them. */
export const limitMs = 2000

/** More secrets than this are not asked about one by one. */
const mostSecrets = 10

type IdentityFacts = Pick<Facts, 'secrets' | 'parameters' | 'roles' | 'simulated'>

/** What IAM, Secrets Manager and Systems Manager say of what the definition names. */
export function identityOf(around: Surroundings, about: About, within: FactReader): Reading<IdentityFacts> {
  const read = within.quicker(limitMs)
  return {
    secrets: secretsOf(around, about, read),
    parameters: parametersOf(around, about, read),
    roles: rolesOf(around, about, read),
    simulated: simulatedFor(around, about, read)
  }
}

/** The account of the service: others do not tell ours what they have. */
function isOurs(account: string | undefined, { service }: About): boolean {
  const own = parseArn(service.arn)?.account
  return account === undefined || account === '' || own === undefined || own === account
}

function needsOf(about: About, kind: SecretNeed['kind']): SecretNeed[] {
  return secretNeeds(about.definition).filter((n) => n.kind === kind && isOurs(n.account, about))
}

async function secretsOf(around: Surroundings, about: About, read: FactReader): Promise<Facts['secrets']> {
  const ids = [...new Set(needsOf(about, 'secret').map((n) => n.id))].slice(0, mostSecrets)
  return await each(ids, (id) => read.read('secretsmanager:DescribeSecret', around.secret, id))
}

async function parametersOf(
  around: Surroundings,
  about: About,
  read: FactReader
): Promise<Facts['parameters']> {
  // Those of AWS itself and references to secrets are not listed among the account's own.
  const needs = needsOf(about, 'parameter').filter((n) => !/^\/aws\/|:/.test(n.id))
  const regions = [...new Set(needs.map((n) => n.region ?? about.region))]
  const found = await Promise.all(
    regions.map(async (region) => {
      const here = needs.filter((n) => (n.region ?? about.region) === region)
      // An ARN does not tell NAME and /NAME apart.
      const namesOf = ({ id, from }: SecretNeed) =>
        from.startsWith('arn:') && !id.includes('/') ? [id, `/${id}`] : [id]
      const names = [...new Set(here.flatMap(namesOf))].slice(0, 50)
      const there = await read.read('ssm:DescribeParameters', around.parameters, names, region)
      return here
        .filter((n) => names.includes(n.id))
        .map((n): [string, Known<boolean>] => [
          parameterKey(n, about.region),
          ask(there, (list) => namesOf(n).some((name) => list.includes(name)))
        ])
    })
  )
  return new Map(found.flat())
}

async function rolesOf(around: Surroundings, about: About, read: FactReader): Promise<Facts['roles']> {
  return await each(
    roleNeeds(about.definition).map((r) => r.arn),
    async (arn) =>
      isOurs(parseArn(arn)?.account, about)
        ? await read.read('iam:GetRole', around.role, arn)
        : unknown(`${arn} is a role of another account`)
  )
}

/** What the execution role may do with what tasks start with, by IAM's simulator. */
async function simulatedFor(
  around: Surroundings,
  about: About,
  read: FactReader
): Promise<Facts['simulated']> {
  const role = textOf(about.definition, 'executionRoleArn')
  // Policies name secrets with the six characters that Secrets Manager adds: without them nothing is certain.
  const secrets = needsOf(about, 'secret').flatMap((n) => (/-[A-Za-z0-9]{6}$/.test(n.id) ? [n.id] : []))
  const parameters = needsOf(about, 'parameter').flatMap((n) => parameterArn(n, about) ?? [])
  if (role?.startsWith('arn:') !== true || secrets.length + parameters.length === 0) return known([])
  const simulate = around.simulate?.bind(around)
  return await read.read(
    'iam:SimulatePrincipalPolicy',
    simulate &&
      (async () => {
        const ask = (action: string, arns: string[]) =>
          arns.length === 0 ? [] : simulate(role, [action], [...new Set(arns)].slice(0, 20))
        const answers = await Promise.all([
          ask('secretsmanager:GetSecretValue', secrets),
          ask('ssm:GetParameters', parameters)
        ])
        return answers.flat()
      })
  )
}

/** The ARN that a policy means by a parameter; undefined where it cannot be told. */
export function parameterArn(
  { from, id }: Pick<SecretNeed, 'from' | 'id'>,
  { service, region }: Pick<About, 'service' | 'region'>
): string | undefined {
  if (parseArn(from)?.service === 'ssm') return from.split(':').slice(0, 6).join(':')
  const own = parseArn(service.arn)
  if (!own || id.includes(':')) return undefined
  return `arn:${own.partition}:ssm:${region}:${own.account}:parameter/${id.replace(/^\//, '')}`
}
