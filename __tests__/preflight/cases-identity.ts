import type { JsonObject } from '../../src/domain/task-definition.js'
import type { Facts } from '../../src/preflight/facts.js'
import { known, unknown } from '../../src/preflight/known.js'
import type { Case } from './cases.js'
import { definition, facts, region, role, service, serving, trust } from './shop.js'

/** No task runs that proves anything. */
const none = { tasks: known([]) }
const trusting = (statement: JsonObject) =>
  facts({
    ...none,
    roles: new Map([
      [role, known({ arn: role, trust: { Statement: [{ ...trust.Statement[0], ...statement }] } })]
    ])
  })
const when = (operator: string, key: string, value: string) => ({
  Condition: { [operator]: { [key]: value } }
})
const runs = { tasks: known([serving()]) }
const noRole = { roles: new Map([[role, known(undefined)]]) }

const fresh = `arn:aws:secretsmanager:${region}:123456789012:secret:new-XyZ123`
const given = (valueFrom: string, change: Partial<Facts> = {}) =>
  facts({ definition: definition({ secrets: [{ name: 'KEY', valueFrom }] }), ...change })
const stored = (stages: string[] | undefined, deleted = false): Partial<Facts> => ({
  secrets: new Map([[fresh, known(stages === undefined ? undefined : { deleted, stages })]])
})
const parameter = `arn:aws:ssm:${region}:123456789012:parameter/shop/token`
const listed = (there: boolean) => ({ parameters: new Map([['/shop/token', known(there)]]) })
const decided = (
  decision: string,
  more: object = {},
  resource = fresh,
  action = 'secretsmanager:GetSecretValue'
) => ({
  simulated: known([{ action, resource, decision, ...more }]),
  ...stored(['AWSCURRENT'])
})
const without = () => {
  const bare = definition()
  delete bare['executionRoleArn']
  return bare
}

export const identityCases: Case[] = [
  {
    check: 'roles',
    when: 'a role that does not exist',
    state: 'error',
    says: /execution role execution does not exist.*executionRoleArn/,
    world: () => facts({ ...noRole, ...none })
  },
  {
    check: 'roles',
    when: 'it does not exist, and tasks run as it: the world says two things',
    state: 'warning',
    says: /tasks that have it run now/,
    world: () => facts({ ...noRole, ...runs })
  },
  {
    check: 'roles',
    when: 'another service is trusted',
    state: 'error',
    says: /does not trust ecs-tasks.*lets in ec2.amazonaws.com.*update-assume-role-policy --role-name execution/,
    world: () => trusting({ Principal: { Service: 'ec2.amazonaws.com' } })
  },
  {
    check: 'roles',
    when: 'several are, and one action stands for all',
    state: 'ok',
    says: /trusts ecs-tasks/,
    world: () =>
      trusting({ Principal: { Service: ['ec2.amazonaws.com', 'ecs-tasks.amazonaws.com'] }, Action: 'sts:*' })
  },
  {
    check: 'roles',
    when: 'by a pattern of actions, and an account that is a number',
    state: 'ok',
    says: /trusts ecs-tasks/,
    world: () =>
      trusting({
        Principal: { Service: 'ecs-tasks.amazonaws.com' },
        Action: 'sts:Assume*',
        Condition: { StringEquals: { 'aws:SourceAccount': 123456789012 } }
      })
  },
  {
    check: 'roles',
    when: 'only for another account',
    state: 'error',
    says: /only for aws:SourceAccount 999999999999/,
    world: () => trusting(when('StringEquals', 'aws:SourceAccount', '999999999999'))
  },
  {
    check: 'roles',
    when: 'for this account and its ARNs',
    state: 'ok',
    says: /trusts ecs-tasks/,
    world: () =>
      trusting({
        Condition: {
          StringEquals: { 'aws:SourceAccount': '123456789012' },
          ArnLike: { 'aws:SourceArn': `arn:aws:ecs:${region}:123456789012:*` }
        }
      })
  },
  {
    check: 'roles',
    when: 'only for another region',
    state: 'error',
    says: /only for aws:SourceArn/,
    world: () => trusting(when('ArnLike', 'aws:SourceArn', 'arn:aws:ecs:us-east-1:123456789012:*'))
  },
  {
    check: 'roles',
    when: 'a condition that is not known here',
    state: 'unknown',
    says: /the condition aws:PrincipalOrgID/,
    world: () => trusting(when('StringEquals', 'aws:PrincipalOrgID', 'o-1'))
  },
  {
    check: 'roles',
    when: 'something is denied',
    state: 'unknown',
    says: /denies something/,
    world: () => trusting({ Effect: 'Deny' })
  },
  {
    check: 'roles',
    when: 'the answer holds no trust policy',
    state: 'unknown',
    says: /cannot be read/,
    world: () => facts({ roles: new Map([[role, known({ arn: role })]]) })
  },
  {
    check: 'roles',
    when: 'no role at all',
    state: 'ok',
    says: /names no role/,
    world: () => facts({ definition: without() })
  },
  {
    check: 'execution-role',
    when: 'the new definition has lost it',
    state: 'error',
    says: /images of ECR, awslogs, secrets need one.*Set executionRoleArn to arn:aws:iam/,
    world: () => facts({ definition: without() })
  },
  {
    check: 'execution-role',
    when: 'what runs has none, and does without',
    state: 'ok',
    says: /do without it too/,
    world: () => facts({ definition: without(), running: without() })
  },
  {
    check: 'execution-role',
    when: 'there never was one, and nothing runs yet',
    state: 'warning',
    says: /no executionRoleArn/,
    world: () => facts({ definition: without(), running: without(), service: service({ running: 0 }) })
  },
  {
    check: 'execution-role',
    when: 'instances pull by themselves',
    state: 'ok',
    says: /Nothing needs/,
    world: () => {
      const bare = definition({ secrets: [] }, { requiresCompatibilities: ['EC2'] })
      delete bare['executionRoleArn']
      return facts({ definition: bare, service: service({ launchType: 'EC2' }) })
    }
  },
  {
    check: 'secrets',
    when: 'there is no such secret',
    state: 'error',
    says: /secret \S+new-XyZ123, which container web gets as KEY, does not exist.*describe-secret --region eu-west-1/,
    code: 'secret-missing',
    world: () => given(fresh, stored(undefined))
  },
  {
    check: 'secrets',
    when: 'it is being deleted',
    state: 'error',
    says: /is being deleted.*restore-secret/,
    code: 'secret-missing',
    world: () => given(fresh, stored(['AWSCURRENT'], true))
  },
  {
    check: 'secrets',
    when: 'a key of it, at a stage that it has',
    state: 'ok',
    says: /KEY of web exists/,
    world: () => given(`${fresh}:password:AWSPREVIOUS:`, stored(['AWSCURRENT', 'AWSPREVIOUS']))
  },
  {
    check: 'secrets',
    when: 'a stage that it has not',
    state: 'error',
    says: /has no version BLUE.*its versions are AWSCURRENT/,
    world: () => given(`${fresh}::BLUE:`, stored(['AWSCURRENT']))
  },
  {
    check: 'secrets',
    when: 'a version by its id says nothing of stages',
    state: 'ok',
    says: /exists/,
    world: () => given(`${fresh}:::0123`, stored(['AWSCURRENT']))
  },
  {
    check: 'secrets',
    when: 'it was never given a value',
    state: 'warning',
    says: /never given a value/,
    world: () => given(fresh, stored([]))
  },
  {
    check: 'secrets',
    when: 'a key without the colons behind it',
    state: 'warning',
    says: /valueFrom of KEY has 8 parts.*json-key:version-stage:version-id/,
    world: () => given(`${fresh}:password`, stored(['AWSCURRENT']))
  },
  {
    check: 'secrets',
    when: 'another account has it',
    state: 'ok',
    says: /was not asked about/,
    world: () => given(fresh.replace('123456789012', '999999999999'))
  },
  {
    check: 'secrets',
    when: 'an ARN of something else',
    state: 'warning',
    says: /names neither a secret nor a parameter/,
    world: () => given('arn:aws:s3:::bucket')
  },
  {
    check: 'secrets',
    when: 'there is no such parameter',
    state: 'error',
    says: /gets as KEY, \/shop\/token, does not exist.*Values=\/shop\/token/,
    code: 'secret-missing',
    world: () => given(parameter, listed(false))
  },
  {
    check: 'secrets',
    when: 'there is none by its plain name, which is not repeated',
    state: 'error',
    says: /^(?!.*shop\/token).*no parameter of the name that KEY has.*whole ARN/,
    world: () => given('/shop/token', listed(false))
  },
  {
    check: 'secrets',
    when: 'tasks that run have it',
    state: 'warning',
    says: /tasks that have it run now/,
    world: () => given(parameter, { ...listed(false), ...runs, running: given(parameter).definition })
  },
  {
    check: 'secrets',
    when: 'a version of a parameter that is there',
    state: 'ok',
    says: /KEY of web exists/,
    world: () => given('/shop/token:3', listed(true))
  },
  {
    check: 'secrets',
    when: 'the role may not look at parameters',
    state: 'unknown',
    says: /may not call/,
    world: () =>
      given(parameter, { parameters: new Map([['/shop/token', unknown('the role may not call it')]]) })
  },
  {
    check: 'secrets-allowed',
    when: 'a policy denies it',
    state: 'error',
    says: /denies the execution role execution.*explicitDeny/,
    code: 'secret-denied',
    world: () => given(fresh, decided('explicitDeny'))
  },
  {
    check: 'secrets-allowed',
    when: 'no policy allows it',
    state: 'warning',
    says: /No policy of the execution role.*unless a policy of the secret allows it/,
    world: () => given(fresh, decided('implicitDeny'))
  },
  {
    check: 'secrets-allowed',
    when: 'no policy allows a parameter by its plain name, which is not repeated',
    state: 'warning',
    says: /^(?!.*shop\/token).*ssm:GetParameters on the parameter of KEY/,
    world: () =>
      given('/shop/token', {
        ...listed(true),
        ...decided('implicitDeny', {}, parameter, 'ssm:GetParameters')
      })
  },
  {
    check: 'secrets-allowed',
    when: 'a condition decides that the simulator knows nothing of',
    state: 'ok',
    says: /Nothing says/,
    world: () => given(fresh, decided('implicitDeny', { unsure: true }))
  },
  {
    check: 'secrets-allowed',
    when: 'tasks that run have read it',
    state: 'ok',
    says: /was read when the tasks that run now/,
    world: () => given(fresh, { ...decided('implicitDeny'), ...runs, running: given(fresh).definition })
  },
  {
    check: 'secrets-allowed',
    when: 'the simulator may not be asked',
    state: 'unknown',
    says: /may not call/,
    world: () => facts({ simulated: unknown('the role may not call iam:SimulatePrincipalPolicy') })
  },
  {
    check: 'secrets-allowed',
    when: 'no secrets',
    state: 'ok',
    says: /reads no secret/,
    world: () => facts({ definition: definition({ secrets: [] }) })
  }
]
