import {
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  DescribePullThroughCacheRulesCommand,
  DescribeRepositoriesCommand,
  GetRepositoryPolicyCommand,
  PutImageTagMutabilityCommand,
  SetRepositoryPolicyCommand
} from '@aws-sdk/client-ecr'
import { expect, test } from '@jest/globals'
import { createWorld } from '../../simulator/index.js'
import { clients, refusal } from './support.js'

const account = '043309339649'

test('ECR: repositories are created, described, changed and deleted, in AWS words', async () => {
  const world = createWorld()
  const { ecr } = await clients(world)
  const create = async (repositoryName: string, rest: object = {}) =>
    (await ecr.send(new CreateRepositoryCommand({ repositoryName, ...rest }))).repository!
  expect(await create('team/app')).toMatchObject({
    repositoryArn: `arn:aws:ecr:us-west-2:${account}:repository/team/app`,
    repositoryUri: `${account}.dkr.ecr.us-west-2.amazonaws.com/team/app`,
    imageTagMutability: 'MUTABLE'
  })
  expect(await refusal(create('team/app'))).toMatchObject({
    name: 'RepositoryAlreadyExistsException',
    message: `The repository with name 'team/app' already exists in the registry with id '${account}'`
  })
  for (const name of ['a', 'Upper', 'a//b', '-a', 'a.', 'x'.repeat(257)])
    expect((await refusal(create(name))).name).toBe('InvalidParameterException')
  const filters = { imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'dev-*' }] }
  expect((await refusal(create('bad', filters))).name).toBe('InvalidParameterException')
  expect((await refusal(create('bad', { imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION' }))).name).toBe(
    'InvalidParameterException'
  )
  await ecr.send(
    new PutImageTagMutabilityCommand({
      repositoryName: 'team/app',
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'dev-*' }]
    })
  )
  const { repositories } = await ecr.send(new DescribeRepositoriesCommand({}))
  expect(repositories![0]).toMatchObject({
    imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
    imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'dev-*' }]
  })
  world.ecr.repository('team/app').push({ tags: ['v1'] })
  const remove = async (force?: boolean) =>
    await ecr.send(new DeleteRepositoryCommand({ repositoryName: 'team/app', force }))
  expect(await refusal(remove())).toMatchObject({
    name: 'RepositoryNotEmptyException',
    message: `The repository with name 'team/app' in registry with id '${account}' cannot be deleted because it still contains images`
  })
  await remove(true)
  expect((await refusal(remove())).name).toBe('RepositoryNotFoundException')
})

test('ECR: a repository has no policy until it is given one', async () => {
  const world = createWorld()
  world.ecr.repository('app')
  const { ecr } = await clients(world)
  const get = async () => await ecr.send(new GetRepositoryPolicyCommand({ repositoryName: 'app' }))
  expect(await refusal(get())).toMatchObject({
    name: 'RepositoryPolicyNotFoundException',
    message: `Repository policy does not exist for the repository with name 'app' in the registry with id '${account}'`
  })
  await ecr.send(new SetRepositoryPolicyCommand({ repositoryName: 'app', policyText: '{"Statement":[]}' }))
  expect((await get()).policyText).toBe('{"Statement":[]}')
})

test('ECR: pull-through cache rules are told, in pages and by prefix', async () => {
  const world = createWorld()
  const { ecr } = await clients(world)
  const ask = async (input: object = {}) =>
    (await ecr.send(new DescribePullThroughCacheRulesCommand(input))).pullThroughCacheRules
  expect(await ask()).toEqual([])
  world.ecr.pullThroughCache('docker-hub', 'registry-1.docker.io')
  world.ecr.pullThroughCache('quay', 'quay.io')
  expect(await ask()).toMatchObject([
    { ecrRepositoryPrefix: 'docker-hub', upstreamRegistryUrl: 'registry-1.docker.io', registryId: account },
    { ecrRepositoryPrefix: 'quay' }
  ])
  expect(await ask({ maxResults: 1 })).toHaveLength(1)
  expect(await ask({ ecrRepositoryPrefixes: ['quay'] })).toMatchObject([{ upstreamRegistryUrl: 'quay.io' }])
  expect((await refusal(ask({ ecrRepositoryPrefixes: ['none'] }))).name).toBe(
    'PullThroughCacheRuleNotFoundException'
  )
})
