import { GetRoleCommand, IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam'
import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { DescribeParametersCommand, paginateDescribeParameters, SSMClient } from '@aws-sdk/client-ssm'
import { afterEach, expect, test } from '@jest/globals'
import { createWorld, startServer, type World } from '../../simulator/index.js'
import { messages, refusal, shop, until } from './support.js'

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

async function clients(world: World) {
  const server = await startServer(world)
  const config = {
    endpoint: server.url,
    region: world.region,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1
  }
  const all = {
    iam: new IAMClient(config),
    secrets: new SecretsManagerClient(config),
    ssm: new SSMClient(config)
  }
  open.push(async () => {
    for (const client of Object.values(all)) client.destroy()
    await server.close()
    expect(server.violations).toEqual([])
  })
  return { ...all, server }
}

const role = 'arn:aws:iam::043309339649:role/team/execution'
const secret = 'arn:aws:secretsmanager:us-west-2:043309339649:secret:db-AbCdEf'

test('IAM: a role with its trust policy, percent-encoded; one that is not there', async () => {
  const world = createWorld()
  const { iam } = await clients(world)
  const answer = await iam.send(new GetRoleCommand({ RoleName: 'execution' }))
  const document = answer.Role?.AssumeRolePolicyDocument ?? ''
  expect(document).not.toMatch(/[{"]/)
  expect(JSON.parse(decodeURIComponent(document))).toMatchObject({
    Statement: [{ Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' } }]
  })
  world.role(role, { missing: true })
  expect(await refusal(iam.send(new GetRoleCommand({ RoleName: 'execution' })))).toEqual({
    name: 'NoSuchEntityException',
    message: 'The role with name execution cannot be found.',
    status: 404
  })
})

test('IAM: the policy simulator says what may not be read, and which conditions it knows nothing of', async () => {
  const world = createWorld()
  const { iam } = await clients(world)
  const simulated = async () => {
    const { EvaluationResults = [] } = await iam.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: role,
        ActionNames: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
        ResourceArns: [secret]
      })
    )
    return EvaluationResults.map((r) => [r.EvalActionName, r.EvalDecision, r.MissingContextValues])
  }
  world.secret(secret, 'denied')
  world.role(role, { conditions: ['aws:SourceVpce'] })
  expect(await simulated()).toEqual([
    ['secretsmanager:GetSecretValue', 'implicitDeny', ['aws:SourceVpce']],
    ['secretsmanager:DescribeSecret', 'allowed', ['aws:SourceVpce']]
  ])
  world.secret(secret, 'there')
  expect((await simulated())[0]).toEqual(['secretsmanager:GetSecretValue', 'allowed', ['aws:SourceVpce']])
})

test('Secrets Manager: a secret without its value: its stages, its deletion, none', async () => {
  const world = createWorld()
  const { secrets } = await clients(world)
  const describe = () => secrets.send(new DescribeSecretCommand({ SecretId: secret }))
  const there = await describe()
  expect(there).toMatchObject({ ARN: secret, Name: 'db' })
  expect(Object.values(there.VersionIdsToStages ?? {})).toEqual([['AWSCURRENT']])
  expect(JSON.stringify(there)).not.toMatch(/SecretString|SecretBinary/)
  world.secret(secret, 'empty')
  expect((await describe()).VersionIdsToStages).toBeUndefined()
  world.secret(secret, 'deleted')
  expect((await describe()).DeletedDate).toBeInstanceOf(Date)
  world.secret(secret, 'missing')
  expect(await refusal(describe())).toMatchObject({
    name: 'ResourceNotFoundException',
    message: "Secrets Manager can't find the specified secret.",
    status: 400
  })
})

test('Systems Manager: which of the parameters there are, after a page without any', async () => {
  const world = createWorld()
  const { ssm } = await clients(world)
  const Values = Array.from({ length: 8 }, (_, i) => `/shop/key-${i}`)
  const ParameterFilters = [{ Key: 'Name', Option: 'Equals', Values }]
  world.secret('/shop/key-3', 'missing')
  world.secret('arn:aws:ssm:us-west-2:043309339649:parameter/shop/key-5', 'missing')
  const first = await ssm.send(new DescribeParametersCommand({ ParameterFilters }))
  expect(first.Parameters).toEqual([])
  const found: string[] = []
  for await (const p of paginateDescribeParameters({ client: ssm }, { ParameterFilters, MaxResults: 50 }))
    found.push(...(p.Parameters ?? []).map((one) => one.Name!))
  expect(found).toEqual(Values.filter((v) => !/[35]$/.test(v)))
  const other = ssm.send(
    new DescribeParametersCommand({ ParameterFilters: [{ Key: 'Path', Values: ['/shop'] }] })
  )
  expect((await refusal(other)).name).toBe('InvalidFilterOption')
})

test('a role that is missing, or trusts another service: no task is made, and the event says which', () => {
  const s = shop({ targetGroup: null, taskDefinition: { executionRoleArn: role } })
  s.world.role(role, {
    trust: { Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' } }] }
  })
  const deployment = s.deploy()
  until(s.world, () => deployment.failedTasks > 0)
  expect(s.service.tasks.filter((t) => t.deploymentId === deployment.id)).toEqual([])
  const said = `(service shop) failed to launch a task with (error ECS was unable to assume the role 'arn:aws:iam::043309339649:role/execution' that was provided for this task.`
  expect(messages(s.service).some((m) => m.startsWith(said))).toBe(true)
  s.world.role(role, {
    missing: false,
    trust: { Statement: [{ Principal: { Service: ['ecs-tasks.amazonaws.com'] } }] }
  })
  const next = s.deploy()
  until(s.world, () => next.rolloutState === 'COMPLETED')
})

test('a secret that is being deleted, or was never given a value, stops the task before its containers', () => {
  const s = shop({ targetGroup: null, container: { secrets: [{ name: 'DB', valueFrom: secret }] } })
  for (const [state, word] of [
    ['deleted', 'marked for deletion'],
    ['empty', 'for staging label: AWSCURRENT']
  ] as const) {
    s.world.secret(secret, state)
    const deployment = s.deploy()
    until(s.world, () => deployment.failedTasks > 0)
    expect(s.service.tasks.find((t) => t.deploymentId === deployment.id)!.stoppedReason).toContain(word)
  }
})
