import { error, gravest, ok, unknowable, warning, type Answer, type Check } from '../check.js'
import type { Facts } from '../facts.js'
import { parameterArn } from '../identity-facts.js'
import { secretNeeds, textOf, type SecretNeed } from '../needs.js'
import { servingTasks } from '../running.js'

/** An execution role without the permission to read what tasks start with. */
export const secretsAllowed: Check = {
  name: 'secrets-allowed',
  area: 'definition',
  question: 'May the execution role read the secrets and parameters that containers are started with?',
  reads: ['iam:SimulatePrincipalPolicy'],
  worst: 'error',
  source: 'IAM policy simulator; ECS developer guide, permissions of the task execution role for secrets',
  look(facts) {
    const needs = secretNeeds(facts.definition)
    if (needs.length === 0 || textOf(facts.definition, 'executionRoleArn') === undefined)
      return ok('The execution role reads no secret.')
    if (!facts.simulated.known) return unknowable(facts.simulated.why)
    return gravest(
      needs.map((need) => judged(facts, need)),
      ''
    )
  }
}

function judged(facts: Facts, need: SecretNeed): Answer {
  const { container, name } = need
  const role = textOf(facts.definition, 'executionRoleArn') ?? ''
  const action = need.kind === 'secret' ? 'secretsmanager:GetSecretValue' : 'ssm:GetParameters'
  const resource = need.kind === 'secret' ? need.id : parameterArn(need, facts)
  const said = facts.simulated.known
    ? facts.simulated.value.find(
        (s) => s.action.toLowerCase() === action.toLowerCase() && s.resource === resource
      )
    : undefined
  if (!said || said.unsure === true || !/Deny$/.test(said.decision))
    return ok(`Nothing says that ${name} of ${container} may not be read.`)
  const denies = said.decision === 'explicitDeny'
  const same =
    textOf(facts.running, 'executionRoleArn') === role &&
    secretNeeds(facts.running).some((n) => n.from === need.from) &&
    servingTasks(facts).length > 0
  // A policy of the secret itself may allow it, which the simulator was not shown.
  if (same) return ok(`${name} of ${container} was read when the tasks that run now were started.`)
  const roleName = role.slice(role.lastIndexOf('/') + 1)
  const says = denies
    ? `A policy denies the execution role ${roleName} the reading of ${name} of ${container}: no task can start.`
    : `No policy of the execution role ${roleName} lets it read ${name} of ${container}.`
  // What is no ARN may be anything, also the secret itself by mistake.
  const shown = need.from.startsWith('arn:') ? (resource ?? '') : `the parameter of ${name}`
  const evidence = [`${action} on ${shown}: ${said.decision}`]
  const fix = {
    todo: `Allow ${action} on ${shown} in a policy of ${roleName}${denies ? ', and take the deny away' : ', unless a policy of the secret allows it'}.`,
    console: `IAM → Roles → ${roleName} → Permissions`
  }
  return denies ? error(says, evidence, fix, 'secret-denied') : warning(says, evidence, fix)
}
