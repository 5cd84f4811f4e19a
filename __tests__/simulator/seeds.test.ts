import { DescribeSecurityGroupsCommand, DescribeSubnetsCommand } from '@aws-sdk/client-ec2'
import { expect, test } from '@jest/globals'
import { createWorld, prodEService, proofLinkService, type ProofLinkMistake } from '../../simulator/index.js'
import { clients, messages, until } from './support.js'

test('prod-e-service as its document gives it', () => {
  const world = createWorld()
  const seed = prodEService(world)
  expect(seed.taskDefinition.raw).toMatchObject({
    family: 'prod-e-task',
    cpu: '256',
    memory: '512',
    networkMode: 'awsvpc',
    containerDefinitions: [
      {
        name: 'prod-e-container',
        image: '043309339649.dkr.ecr.us-west-2.amazonaws.com/prod-e-backend:latest',
        portMappings: [{ containerPort: 3000, hostPort: 3000 }],
        healthCheck: { interval: 30, timeout: 5, retries: 3, startPeriod: 60 }
      }
    ]
  })
  const deployed = seed.repository.push()
  const [container] = seed.taskDefinition.raw.containerDefinitions as Record<string, unknown>[]
  const next = world.ecs.taskDefinition({
    ...(seed.taskDefinition.raw as { family: string }),
    containerDefinitions: [{ ...container, image: deployed.uri }]
  })
  world.ecs.updateService(seed.service, { taskDefinition: next.arn })
  until(world, () => seed.service.primary.rolloutState === 'COMPLETED')
})

test('prod-e-service with its old check: an image without curl fails it', () => {
  const world = createWorld()
  const seed = prodEService(world, { containerHealthCheck: 'curl' })
  const [container] = seed.taskDefinition.raw.containerDefinitions as Record<string, unknown>[]
  const image = seed.repository.push({ lacks: ['curl'] })
  const next = world.ecs.taskDefinition({
    ...(seed.taskDefinition.raw as { family: string }),
    containerDefinitions: [{ ...container, image: image.uri }]
  })
  world.ecs.updateService(seed.service, { taskDefinition: next.arn })
  until(world, () => seed.service.tasks[1]?.stoppedReason === 'Task failed container health checks', 200)
})

test('prooflink-service as its document gives it', () => {
  const world = createWorld({ region: 'ap-northeast-1', account: '123456789012' })
  const seed = proofLinkService(world)
  expect(seed.service.name).toBe('prooflink-service')
  expect(seed.targetGroup.targetList).toMatchObject([{ port: 3000, state: 'healthy' }])
  expect(seed.service.deployments).toMatchObject([{ rolloutState: 'COMPLETED', status: 'PRIMARY' }])
})

test('prooflink-service: VPC, subnets and security groups as its document lists them', async () => {
  const world = createWorld({ region: 'ap-northeast-1' })
  const { network, service } = proofLinkService(world)
  const { ec2 } = await clients(world)
  const Filters = [{ Name: 'vpc-id', Values: [network.vpc.id] }]
  const { Subnets } = await ec2.send(new DescribeSubnetsCommand({ Filters }))
  expect(
    Subnets!.map((s) => [s.Tags!.find((t) => t.Key === 'Name')!.Value, s.CidrBlock, s.MapPublicIpOnLaunch])
  ).toContainEqual(['prooflink-dev-subnet-private1-ap-northeast-1a', '10.0.11.0/24', false])
  const groups: [string, (number | undefined)[], (number | undefined)[]][] = []
  const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ Filters }))
  for (const g of SecurityGroups!)
    groups.push([
      g.GroupName!,
      g.IpPermissions!.map((p) => p.FromPort),
      g.IpPermissionsEgress!.map((p) => p.FromPort)
    ])
  expect(groups).toContainEqual(['prooflink-ecs-sg', [3000], [443, 5432]])
  expect(groups).toContainEqual(['prooflink-alb-sg', [80], [3000]])
  world.ecs.updateService(service, { forceNewDeployment: true })
  until(world, () => service.primary.rolloutState === 'COMPLETED')
})

test.each<[ProofLinkMistake, string]>([
  ['public-subnet', 'unable to retrieve ecr registry auth'],
  ['public-ip-instead-of-nat', 'unable to retrieve ecr registry auth'],
  ['no-nat', 'unable to retrieve ecr registry auth'],
  ['no-ingress-rule', 'due to (reason Request timed out)'],
  ['alb-without-egress', 'due to (reason Request timed out)']
])('prooflink-service with the mistake %s', (mistake, event) => {
  const world = createWorld({ region: 'ap-northeast-1' })
  const { service } = proofLinkService(world, { mistake })
  until(world, () => messages(service).some((m) => m.includes(event)), 600)
  expect(service.primary.rolloutState).toBe('IN_PROGRESS')
})

test('prooflink-service without its target group: running, COMPLETED, and no target', () => {
  const world = createWorld({ region: 'ap-northeast-1' })
  const { service, targetGroup } = proofLinkService(world, { mistake: 'no-target-group' })
  until(world, () => service.primary.rolloutState === 'COMPLETED')
  expect(service.tasks.filter((t) => t.status === 'RUNNING')).toHaveLength(1)
  expect(targetGroup.targetList).toEqual([])
})
