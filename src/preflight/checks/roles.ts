import { parseArn } from '../../domain/arn.js'
import { trustOf } from '../../domain/trust-policy.js'
import { error, gravest, ok, unknowable, warning, type Answer, type Check } from '../check.js'
import { of, type Facts } from '../facts.js'
import { roleNeeds } from '../needs.js'
import { servingTasks } from '../running.js'

const service = 'ecs-tasks.amazonaws.com'

/** Roles that nobody can take: no task is launched at all. */
export const roles: Check = {
  name: 'roles',
  area: 'definition',
  question: 'Do the task role and the execution role exist, and do they trust ECS tasks?',
  reads: ['iam:GetRole'],
  worst: 'error',
  source:
    'Service event: ECS was unable to assume the role; ECS developer guide, trust policy for ecs-tasks.amazonaws.com',
  look: (facts) =>
    gravest(
      roleNeeds(facts.definition).map((need) => judged(facts, need)),
      'The task definition names no role.'
    )
}

function judged(facts: Facts, { what, arn }: { what: string; arn: string }): Answer {
  const name = arn.slice(arn.lastIndexOf('/') + 1)
  const role = of(facts.roles, arn)
  if (!role.known) return unknowable(role.why)
  // Tasks that run were launched as this role.
  const runs = servingTasks(facts).length > 0 && roleNeeds(facts.running).some((r) => r.arn === arn)
  const found = (says: string, evidence: string[], command: string, todo: string) => {
    const fix = { todo, console: `IAM → Roles → ${name}`, command }
    return runs ? warning(says, [...evidence, 'tasks that have it run now'], fix) : error(says, evidence, fix)
  }
  if (role.value === undefined)
    return found(
      `The ${what} ${name} does not exist: ECS cannot launch a task with it.`,
      [`IAM knows no role ${name}`],
      `aws iam get-role --role-name ${name}`,
      `Create the role ${name}, or name the one that is meant as ${what === 'task role' ? 'taskRoleArn' : 'executionRoleArn'}.`
    )
  const own = parseArn(facts.service.arn)
  const trust = trustOf(role.value.trust, {
    service,
    account: own?.account ?? '',
    arnPrefix: `arn:${own?.partition ?? 'aws'}:ecs:${facts.region}:${own?.account ?? ''}:`
  })
  if (trust.trusts === 'yes') return ok(`${name} exists and trusts ${service}.`)
  if (trust.trusts === 'unknown') return unknowable(`whether role ${name} trusts ECS: ${trust.why}`)
  return found(
    `The ${what} ${name} does not trust ${service}: ECS cannot launch a task with it.`,
    [`role ${name}: ${trust.why}`],
    `aws iam update-assume-role-policy --role-name ${name} --policy-document '${JSON.stringify(trusting)}'`,
    `Let ${service} take the role ${name} in its trust policy.`
  )
}

const trusting = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }]
}
