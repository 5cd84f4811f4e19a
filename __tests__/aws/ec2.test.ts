/** The shapes that are written by hand, against answers in EC2's real ones. */
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { createWorld, proofLinkService, startServer, type SimulatorServer } from '../../simulator/index.js'
import { Clients } from '../../src/aws/clients.js'
import { Ec2 } from '../../src/aws/ec2.js'
import { SmallClient } from '../../src/aws/small-client.js'

const world = createWorld()
const { network } = proofLinkService(world)
world.ec2.vpcEndpoint({
  vpc: network.vpc,
  service: 'ecr.api',
  subnets: [network.privateSubnet],
  securityGroups: [network.ecsGroup]
})
let server: SimulatorServer
let ec2: Ec2
const before = { ...process.env }

beforeAll(async () => {
  server = await startServer(world, { pace: { kind: 'manual' } })
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_EC2: server.url,
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true'
  })
  const clock = { now: () => 0, sleep: () => Promise.resolve(), random: () => 0.5 }
  const clients = new Clients({ region: world.region, requestTimeoutMs: 5000 })
  ec2 = new Ec2(new SmallClient(clients, { clock, patienceMs: 0, count: () => undefined }))
})

afterAll(async () => {
  process.env = before
  await server.close()
})

test('a private subnet, its table and its NAT gateway', async () => {
  const { privateSubnet, vpc, nat, ecsGroup, albGroup } = network
  expect(await ec2.subnets([privateSubnet.id])).toEqual([
    {
      id: privateSubnet.id,
      vpc: vpc.id,
      zone: privateSubnet.availabilityZone,
      cidr: '10.0.11.0/24',
      freeAddresses: privateSubnet.availableIps
    }
  ])
  const tables = await ec2.routeTables(vpc.id)
  expect(tables.map((t) => t.main)).toEqual([true, false, false])
  const table = tables.find((t) => t.subnets.includes(privateSubnet.id))
  expect(table?.routes).toEqual([
    { to: '10.0.0.0/16', via: 'local', state: 'active' },
    { to: '0.0.0.0/0', via: nat!.id, state: 'active' }
  ])
  expect(await ec2.natGateways([nat!.id])).toEqual([
    { id: nat!.id, state: 'available', subnet: network.publicSubnets[0]!.id }
  ])
  const [group] = await ec2.securityGroups([ecsGroup.id])
  expect(group).toMatchObject({ id: ecsGroup.id, name: 'prooflink-ecs-sg', vpc: vpc.id })
  expect(group?.ingress).toEqual([
    { protocol: 'tcp', from: 3000, to: 3000, cidrs: [], groups: [albGroup.id], prefixLists: [] }
  ])
  expect(group?.egress[0]).toMatchObject({ protocol: 'tcp', from: 443, to: 443, cidrs: ['0.0.0.0/0'] })
})

test('an endpoint with its subnets and groups', async () => {
  expect(await ec2.endpoints(network.vpc.id)).toEqual([
    expect.objectContaining({
      service: `com.amazonaws.${world.region}.ecr.api`,
      type: 'Interface',
      state: 'available',
      privateDns: true,
      subnets: [network.privateSubnet.id],
      groups: [network.ecsGroup.id],
      routeTables: []
    })
  ])
})

test('what does not exist is an error with the code of EC2', async () => {
  await expect(ec2.subnets(['subnet-0123456789abcdef0'])).rejects.toMatchObject({
    operation: 'ec2:DescribeSubnets',
    errorCode: 'InvalidSubnetID.NotFound'
  })
})
