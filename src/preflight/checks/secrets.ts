import type { StoredSecret } from '../../domain/surroundings.js'
import { error, gravest, ok, unknowable, warning, type Answer, type Check } from '../check.js'
import { of, type Facts } from '../facts.js'
import { parameterKey, secretNeeds, type SecretNeed } from '../needs.js'
import { servingTasks } from '../running.js'

/** Secrets that are not there: a task stops before its containers start. */
export const secrets: Check = {
  name: 'secrets',
  area: 'definition',
  question: 'Do the secrets and parameters exist that containers are started with?',
  reads: ['secretsmanager:DescribeSecret', 'ssm:DescribeParameters'],
  worst: 'error',
  source:
    'A task that cannot have its secret stops at ResourceInitializationError; ECS developer guide, sensitive data',
  look: (facts) =>
    gravest(
      secretNeeds(facts.definition).map((need) =>
        need.kind === 'secret' ? secret(facts, need) : parameter(facts, need)
      ),
      'No container is started with a secret.'
    )
}

function secret(facts: Facts, need: SecretNeed): Answer {
  const { id, from, container, name, region = facts.region } = need
  const known = secretNeeds(facts.running).some((n) => n.from === from)
  const parts = from.split(':').length
  if (parts !== 7 && parts !== 10 && !known)
    return warning(
      `${name} of ${container} names its secret in a form that ECS may not read.`,
      [`valueFrom of ${name} has ${parts} parts, where 7 or 10 are known to work`],
      `Write ${name} of container ${container} as ${id} or as ${id}:json-key:version-stage:version-id, with all three colons.`
    )
  const there = facts.secrets.get(id)
  if (!there) return ok(`${name} of ${container} was not asked about.`)
  if (!there.known) return unknowable(there.why)
  if (!there.value)
    return missing(
      need,
      `Secrets Manager knows no ${id} in ${region}`,
      'does not exist',
      `aws secretsmanager describe-secret --region ${region} --secret-id '${id}'`
    )
  return value(need, there.value)
}

function value(need: SecretNeed, { deleted, stages }: StoredSecret): Answer {
  const { id, container, name, stage, region } = need
  const command = (what: string) => `aws secretsmanager ${what} --region ${region ?? ''} --secret-id '${id}'`
  if (deleted)
    return missing(need, `${id} is going to be deleted`, 'is being deleted', command('restore-secret'))
  if (stage === undefined || stages?.includes(stage) !== false) return ok(`${name} of ${container} exists.`)
  const says = `has no version ${stage}`
  if (stages.length > 0)
    return missing(need, `its versions are ${stages.join(', ')}`, says, command('list-secret-version-ids'))
  return warning(
    `The secret ${id}, which container ${container} gets as ${name}, ${says}: it seems that it was never given a value.`,
    [`Secrets Manager names no version of ${id}`],
    {
      todo: `Give the secret ${id} a value.`,
      console: `Secrets Manager → Secrets → ${id} → Retrieve secret value`
    }
  )
}

function missing({ id, container, name }: SecretNeed, proof: string, what: string, command: string): Answer {
  return error(
    `The secret ${id}, which container ${container} gets as ${name}, ${what}: no task can start.`,
    [proof],
    {
      todo: `Mend valueFrom of ${name} in container ${container}, or the secret.`,
      console: 'Secrets Manager → Secrets',
      command
    },
    'secret-missing'
  )
}

function parameter(facts: Facts, need: SecretNeed): Answer {
  const { id, from, container, name, region = facts.region } = need
  if (id.includes(':'))
    return warning(
      `${name} of ${container} names neither a secret nor a parameter.`,
      [`valueFrom of ${name} is an ARN of neither`],
      `Write ${name} of container ${container} as the ARN of a secret, or as the ARN or name of a parameter.`
    )
  const key = parameterKey(need, facts.region)
  if (!facts.parameters.has(key)) return ok(`${name} of ${container} was not asked about.`)
  const there = of(facts.parameters, key)
  if (!there.known) return unknowable(there.why)
  if (there.value) return ok(`${name} of ${container} exists.`)
  // What is no ARN may be anything, also the secret itself by mistake: it is not repeated.
  const arn = from.startsWith('arn:')
  const says = `The parameter that container ${container} gets as ${name}${arn ? `, ${id},` : ''} does not exist in ${region}: no task can start.`
  const evidence = [
    `Systems Manager lists no parameter ${arn ? id : `of the name that ${name} has`} in ${region}`
  ]
  const fix = {
    todo: `Create the parameter, or mend valueFrom of ${name} in container ${container}${arn ? '' : '; a secret of Secrets Manager is named by its whole ARN'}.`,
    console: 'Systems Manager → Parameter Store',
    // A name that a shell would read is not put into a command.
    ...(arn && /^[\w./-]+$/.test(id)
      ? {
          command: `aws ssm describe-parameters --region ${region} --parameter-filters Key=Name,Values=${id}`
        }
      : {})
  }
  // A list is said to be made on a best-effort basis: against tasks that had it, it is no proof.
  return servingTasks(facts).length > 0 && secretNeeds(facts.running).some((n) => n.from === from)
    ? warning(says, [...evidence, 'tasks that have it run now'], fix)
    : error(says, evidence, fix, 'secret-missing')
}
