import {
  DescribeAvailabilityZonesCommand,
  DescribeInstancesCommand,
  DescribeInternetGatewaysCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkAclsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  paginateDescribeSecurityGroups,
  RunInstancesCommand
} from '@aws-sdk/client-ec2'
import { DescribeServicesCommand, DescribeTasksCommand } from '@aws-sdk/client-ecs'
import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { expect, test } from '@jest/globals'
import { createWorld, Faults } from '../../simulator/index.js'
import { clients, refusal, shop, until } from './support.js'

test('EC2: from a service to its subnets, routes and groups, as a diagnosis would look', async () => {
  const s = shop()
  const { ec2, ecs, elb } = await clients(s.world)
  const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'c', services: ['shop'] }))
  const { subnets, securityGroups } = services![0]!.networkConfiguration!.awsvpcConfiguration!
  const { Subnets } = await ec2.send(new DescribeSubnetsCommand({ SubnetIds: subnets! }))
  expect(Subnets!.map((x) => x.SubnetId)).toEqual(subnets)
  expect(Subnets![0]).toMatchObject({
    AvailabilityZone: 'us-west-2a',
    AvailabilityZoneId: 'usw2-az1',
    CidrBlock: '10.0.16.0/20',
    MapPublicIpOnLaunch: false,
    State: 'available'
  })
  const VpcId = Subnets![0]!.VpcId!
  const { RouteTables } = await ec2.send(
    new DescribeRouteTablesCommand({ Filters: [{ Name: 'vpc-id', Values: [VpcId] }] })
  )
  const main = RouteTables!.find((t) => t.Associations!.some((a) => a.Main === true))!
  const out = main.Routes!.find((r) => r.DestinationCidrBlock === '0.0.0.0/0')!
  expect(main.Routes![0]).toEqual({
    DestinationCidrBlock: '10.0.0.0/16',
    GatewayId: 'local',
    Origin: 'CreateRouteTable',
    State: 'active'
  })
  expect(out).toMatchObject({ NatGatewayId: expect.stringMatching(/^nat-/), State: 'active' })
  const { NatGateways } = await ec2.send(
    new DescribeNatGatewaysCommand({ NatGatewayIds: [out.NatGatewayId!] })
  )
  expect(NatGateways![0]).toMatchObject({ State: 'available', VpcId, ConnectivityType: 'public' })
  const around = await ec2.send(
    new DescribeRouteTablesCommand({
      Filters: [{ Name: 'association.subnet-id', Values: [NatGateways![0]!.SubnetId!] }]
    })
  )
  const GatewayId = around.RouteTables![0]!.Routes!.find((r) => r.GatewayId?.startsWith('igw-'))!.GatewayId!
  const { InternetGateways } = await ec2.send(
    new DescribeInternetGatewaysCommand({ InternetGatewayIds: [GatewayId] })
  )
  expect(InternetGateways![0]!.Attachments).toEqual([{ State: 'available', VpcId }])
  const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: securityGroups! }))
  expect(SecurityGroups![0]).toMatchObject({ GroupName: 'tasks', VpcId })
  expect(SecurityGroups![0]!.IpPermissions).toEqual([
    {
      IpProtocol: 'tcp',
      FromPort: 0,
      ToPort: 65535,
      IpRanges: [{ CidrIp: '10.0.0.0/8' }],
      Ipv6Ranges: [],
      PrefixListIds: [],
      UserIdGroupPairs: []
    }
  ])
  expect(SecurityGroups![0]!.IpPermissionsEgress![0]).toMatchObject({
    IpProtocol: '-1',
    IpRanges: [{ CidrIp: '0.0.0.0/0' }]
  })
  expect(SecurityGroups![0]!.IpPermissionsEgress![0]!.FromPort).toBeUndefined()
  const { LoadBalancers } = await elb.send(new DescribeLoadBalancersCommand({}))
  expect(LoadBalancers![0]!.VpcId).toBe(VpcId)
  const nodes = await ec2.send(
    new DescribeSubnetsCommand({ SubnetIds: LoadBalancers![0]!.AvailabilityZones!.map((z) => z.SubnetId!) })
  )
  expect(nodes.Subnets!.every((x) => x.MapPublicIpOnLaunch)).toBe(true)
  await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: LoadBalancers![0]!.SecurityGroups! }))
  const { TargetGroups } = await elb.send(new DescribeTargetGroupsCommand({}))
  expect(TargetGroups![0]!.VpcId).toBe(VpcId)
  const { Vpcs } = await ec2.send(new DescribeVpcsCommand({ VpcIds: [VpcId] }))
  expect(Vpcs![0]).toMatchObject({ CidrBlock: '10.0.0.0/16', State: 'available', IsDefault: false })
  const { NetworkAcls } = await ec2.send(
    new DescribeNetworkAclsCommand({ Filters: [{ Name: 'vpc-id', Values: [VpcId] }] })
  )
  expect(NetworkAcls).toHaveLength(1)
  expect(NetworkAcls![0]!.Entries).toContainEqual({
    CidrBlock: '0.0.0.0/0',
    Egress: false,
    Protocol: '-1',
    RuleAction: 'allow',
    RuleNumber: 100
  })
})

test('EC2: network interfaces of tasks, load balancers, gateways and endpoints', async () => {
  const world = createWorld()
  const vpc = world.ec2.vpc({ cidr: '172.20.0.0/16' })
  const subnet = world.ec2.subnet({ vpc, cidr: '172.20.1.0/24', availabilityZone: 'us-west-2a' })
  const group = world.ec2.securityGroup({ vpc, name: 'all' })
  const igw = world.ec2.internetGateway({ vpc })
  world.ec2.mainRouteTable(vpc).route('0.0.0.0/0', igw)
  world.elb.loadBalancer('web', { subnets: [subnet], securityGroups: [group] })
  world.ec2.natGateway({ subnet })
  const endpoint = world.ec2.vpcEndpoint({
    vpc,
    service: 'ecr.api',
    subnets: [subnet],
    securityGroups: [group]
  })
  const image = world.ecr.repository('shop').push()
  const service = world.ecs.service({
    cluster: 'c',
    name: 'shop',
    desiredCount: 2,
    taskDefinition: world.ecs.taskDefinition({
      family: 'shop',
      networkMode: 'awsvpc',
      cpu: '256',
      memory: '512',
      containerDefinitions: [{ name: 'app', image: image.uri }]
    }),
    subnets: [subnet.id],
    securityGroups: [group.id],
    assignPublicIp: 'ENABLED'
  })
  const { ec2, ecs } = await clients(world)
  const of = async (Name: string, value: string) =>
    (await ec2.send(new DescribeNetworkInterfacesCommand({ Filters: [{ Name, Values: [value] }] })))
      .NetworkInterfaces!
  expect((await of('description', 'ELB app/web/*')).map((n) => n.RequesterId)).toEqual(['amazon-elb'])
  expect((await of('interface-type', 'nat_gateway'))[0]!.Description).toMatch(
    /^Interface for NAT Gateway nat-/
  )
  expect((await of('interface-type', 'vpc_endpoint'))[0]!.Description).toBe(
    `VPC Endpoint Interface ${endpoint.id}`
  )
  const { tasks } = await ecs.send(
    new DescribeTasksCommand({ cluster: 'c', tasks: service.tasks.map((t) => t.arn) })
  )
  const details = Object.fromEntries(tasks![0]!.attachments![0]!.details!.map((d) => [d.name!, d.value!]))
  const { NetworkInterfaces } = await ec2.send(
    new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [details.networkInterfaceId!] })
  )
  expect(NetworkInterfaces![0]).toMatchObject({
    PrivateIpAddress: details.privateIPv4Address,
    MacAddress: details.macAddress,
    SubnetId: subnet.id,
    Groups: [{ GroupId: group.id, GroupName: 'all' }],
    Association: { PublicIp: expect.stringMatching(/^54\./) },
    Status: 'in-use'
  })
  const left = async () =>
    (await ec2.send(new DescribeSubnetsCommand({ SubnetIds: [subnet.id] }))).Subnets![0]!
      .AvailableIpAddressCount
  // 256 less the five of AWS, two tasks, one node, one NAT gateway, one endpoint.
  expect(await left()).toBe(246)
  world.ecs.scale(service, 0)
  until(world, () => service.tasks.every((t) => t.status === 'STOPPED'))
  expect(await left()).toBe(248)
  expect(await of('subnet-id', subnet.id)).toHaveLength(3)
})

test('EC2: endpoints, and the routes that gateways, endpoints and lost gateways make', async () => {
  const world = createWorld()
  const vpc = world.ec2.vpc({ cidr: '172.20.0.0/16', name: 'own' })
  const open = world.ec2.subnet({ vpc, cidr: '172.20.0.0/24', availabilityZone: 'us-west-2a', name: 'open' })
  const nat = world.ec2.natGateway({ subnet: open })
  const table = world.ec2.routeTable({ vpc, routes: [{ to: '0.0.0.0/0', via: nat }], subnets: [open] })
  world.ec2.vpcEndpoint({ vpc, service: 's3', routeTables: [table] })
  const endpoint = world.ec2.vpcEndpoint({ vpc, service: 'ecr.dkr', subnets: [open], privateDns: false })
  endpoint.state = 'pending'
  const { ec2 } = await clients(world)
  const routes = async () =>
    (await ec2.send(new DescribeRouteTablesCommand({ RouteTableIds: [table.id] }))).RouteTables![0]!.Routes!
  expect((await routes()).map((r) => [r.DestinationCidrBlock ?? r.DestinationPrefixListId, r.State])).toEqual(
    [
      ['172.20.0.0/16', 'active'],
      ['0.0.0.0/0', 'active'],
      ['pl-68a54001', 'active']
    ]
  )
  nat.state = 'deleted'
  expect((await routes())[1]).toMatchObject({ NatGatewayId: nat.id, State: 'blackhole' })
  const { VpcEndpoints } = await ec2.send(
    new DescribeVpcEndpointsCommand({ Filters: [{ Name: 'vpc-id', Values: [vpc.id] }] })
  )
  expect(VpcEndpoints).toMatchObject([
    { VpcEndpointType: 'Gateway', ServiceName: 'com.amazonaws.us-west-2.s3', RouteTableIds: [table.id] },
    {
      VpcEndpointType: 'Interface',
      ServiceName: 'com.amazonaws.us-west-2.ecr.dkr',
      PrivateDnsEnabled: false,
      State: 'pending',
      SubnetIds: [open.id]
    }
  ])
  nat.state = 'failed'
  const { NatGateways } = await ec2.send(
    new DescribeNatGatewaysCommand({ Filter: [{ Name: 'state', Values: ['failed'] }] })
  )
  expect(NatGateways).toMatchObject([{ NatGatewayId: nat.id, FailureCode: 'Gateway.NotAttached' }])
})

test('EC2: filters, wildcards, tags and small pages', async () => {
  const world = createWorld()
  const vpc = world.ec2.vpc({ cidr: '172.20.0.0/16', isDefault: true })
  const db = world.ec2.securityGroup({ vpc, name: 'db', tags: [{ key: 'tier', value: 'data' }] })
  for (let i = 0; i < 7; i++)
    world.ec2.securityGroup({ vpc, name: `web-${i}`, ingress: [{ port: 5432, group: db }] })
  const { ec2 } = await clients(world)
  const names = async (Name: string, ...Values: string[]) => {
    const found: string[] = []
    const pages = paginateDescribeSecurityGroups({ client: ec2 }, { Filters: [{ Name, Values }] })
    for await (const page of pages) {
      expect(page.SecurityGroups!.length).toBeLessThanOrEqual(5)
      found.push(...page.SecurityGroups!.map((g) => g.GroupName!))
    }
    return found
  }
  expect(await names('group-name', 'web-*')).toHaveLength(7)
  expect(await names('group-name', 'web-?', 'db')).toHaveLength(8)
  expect(await names('tag:tier', 'data')).toEqual(['db'])
  expect(await names('tag-key', 'tier')).toEqual(['db'])
  expect(await names('ip-permission.group-id', db.id)).toHaveLength(7)
  expect(await names('ip-permission.from-port', '5432')).toHaveLength(7)
  const { Vpcs } = await ec2.send(
    new DescribeVpcsCommand({ Filters: [{ Name: 'is-default', Values: ['true'] }] })
  )
  expect(Vpcs!.map((v) => v.VpcId)).toEqual([vpc.id])
  const byName = await ec2.send(new DescribeSecurityGroupsCommand({ GroupNames: ['db'] }))
  expect(byName.SecurityGroups!.map((g) => g.GroupId)).toEqual([db.id])
  const { AvailabilityZones } = await ec2.send(new DescribeAvailabilityZonesCommand({}))
  expect(AvailabilityZones!.map((z) => z.ZoneName)).toEqual(['us-west-2a', 'us-west-2b', 'us-west-2c'])
})

test('EC2: container instances as instances, those that are gone too', async () => {
  const world = createWorld()
  const first = world.ecs.containerInstance('c')
  const second = world.ecs.containerInstance('c', { availabilityZone: 'us-west-2b' })
  world.ecs.loseHost(first.instanceId)
  const { ec2 } = await clients(world)
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({}))
  const instances = Reservations!.flatMap((r) => r.Instances!)
  expect(instances.map((i) => [i.InstanceId, i.State!.Name])).toEqual([
    [first.instanceId, 'terminated'],
    [second.instanceId, 'running']
  ])
  expect(instances[1]).toMatchObject({
    Placement: { AvailabilityZone: 'us-west-2b' },
    SecurityGroups: [{ GroupName: 'tasks' }]
  })
  const running = await ec2.send(
    new DescribeInstancesCommand({ Filters: [{ Name: 'instance-state-name', Values: ['running'] }] })
  )
  expect(running.Reservations).toHaveLength(1)
})

test('EC2: what does not exist, what is malformed, what cannot be asked', async () => {
  const { ec2 } = await clients(createWorld())
  const zeros = '0'.repeat(17)
  const ask: [Promise<unknown>, string, string][] = [
    [
      ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [`sg-${zeros}`] })),
      'InvalidGroup.NotFound',
      `The security group 'sg-${zeros}' does not exist`
    ],
    [
      ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: ['default'] })),
      'InvalidGroupId.Malformed',
      'Invalid id: "default" (expecting "sg-...")'
    ],
    [
      ec2.send(new DescribeSecurityGroupsCommand({ GroupNames: ['nobody'] })),
      'InvalidGroup.NotFound',
      "The security group 'nobody' does not exist"
    ],
    [
      ec2.send(new DescribeSubnetsCommand({ SubnetIds: [`subnet-${zeros}`] })),
      'InvalidSubnetID.NotFound',
      `The subnet ID 'subnet-${zeros}' does not exist`
    ],
    [ec2.send(new DescribeSubnetsCommand({ SubnetIds: ['x'] })), 'InvalidSubnetID.Malformed', 'Invalid id'],
    [
      ec2.send(new DescribeVpcsCommand({ VpcIds: [`vpc-${zeros}`] })),
      'InvalidVpcID.NotFound',
      `The vpc ID 'vpc-${zeros}' does not exist`
    ],
    [
      ec2.send(new DescribeRouteTablesCommand({ RouteTableIds: [`rtb-${zeros}`] })),
      'InvalidRouteTableID.NotFound',
      'does not exist'
    ],
    [
      ec2.send(new DescribeNatGatewaysCommand({ NatGatewayIds: [`nat-${zeros}`] })),
      'NatGatewayNotFound',
      `NAT gateway nat-${zeros} was not found`
    ],
    [
      ec2.send(new DescribeInstancesCommand({ InstanceIds: [`i-${zeros}`] })),
      'InvalidInstanceID.NotFound',
      'does not exist'
    ],
    [
      ec2.send(new DescribeSubnetsCommand({ Filters: [{ Name: 'colour', Values: ['red'] }] })),
      'InvalidParameterValue',
      "The filter 'colour' is invalid"
    ],
    [
      ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: ['sg-0123456789abcdef0'], MaxResults: 5 })),
      'InvalidParameterCombination',
      'cannot be used with the parameter maxResults'
    ],
    [
      ec2.send(new DescribeSecurityGroupsCommand({ MaxResults: 1 })),
      'InvalidParameterValue',
      'Expecting a value between 5 and 1000'
    ],
    [
      ec2.send(new DescribeSecurityGroupsCommand({ NextToken: 'nonsense' })),
      'InvalidNextToken',
      'Invalid token'
    ],
    [
      ec2.send(new RunInstancesCommand({ MinCount: 1, MaxCount: 1 })),
      'UnknownOperationException',
      'The simulator does not play ec2:RunInstances'
    ]
  ]
  for (const [call, name, message] of ask)
    expect(await refusal(call)).toEqual({ name, message: expect.stringContaining(message), status: 400 })
})

test('EC2: faults in its own words', async () => {
  const faults = new Faults()
  const { ec2 } = await clients(createWorld(), { faults })
  const hit = async (kind: 'throttle' | 'access-denied' | 'expired-token' | 'server-error') => {
    const forget = faults.add({ fault: { kind }, operation: 'DescribeSubnets' })
    const said = await refusal(ec2.send(new DescribeSubnetsCommand({})))
    forget()
    return said
  }
  expect(await hit('throttle')).toMatchObject({ name: 'RequestLimitExceeded', status: 503 })
  expect(await hit('access-denied')).toMatchObject({
    name: 'UnauthorizedOperation',
    status: 403,
    message: expect.stringContaining('ec2:DescribeSubnets')
  })
  expect(await hit('expired-token')).toMatchObject({ name: 'RequestExpired', status: 400 })
  expect(await hit('server-error')).toMatchObject({ name: 'InternalError', status: 500 })
})
