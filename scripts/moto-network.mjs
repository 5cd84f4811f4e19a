// What moto and the simulator are asked about networks and load balancers.
import * as ec2 from '@aws-sdk/client-ec2'
import * as elb from '@aws-sdk/client-elastic-load-balancing-v2'

/** Plays EC2 and ELBv2: `world` is the simulator's, `theirs` moto's clients, `same` asks both. */
export async function playNetwork({ world, theirs, same }) {
  const net = await network(world, theirs)
  await playEc2(net, same)
  await playElb(net, world, theirs, same)
}

/** One VPC with two subnets, a way out and two groups, made by words here and by calls there. */
async function network(world, theirs) {
  const send = async (command, input) => await theirs.ec2.send(new ec2[`${command}Command`](input))
  const vpc = world.ec2.vpc({ cidr: '10.9.0.0/16' })
  const { Vpc } = await send('CreateVpc', { CidrBlock: '10.9.0.0/16' })
  const zones = ['us-west-2a', 'us-west-2b']
  const subnets = zones.map((availabilityZone, i) =>
    world.ec2.subnet({ vpc, cidr: `10.9.${i}.0/24`, availabilityZone })
  )
  const Subnets = []
  for (const [i, AvailabilityZone] of zones.entries()) {
    const input = { VpcId: Vpc.VpcId, CidrBlock: `10.9.${i}.0/24`, AvailabilityZone }
    Subnets.push((await send('CreateSubnet', input)).Subnet.SubnetId)
  }
  const gateway = world.ec2.internetGateway({ vpc })
  const { InternetGateway } = await send('CreateInternetGateway', {})
  const { InternetGatewayId } = InternetGateway
  await send('AttachInternetGateway', { InternetGatewayId, VpcId: Vpc.VpcId })
  world.ec2.mainRouteTable(vpc).route('0.0.0.0/0', gateway)
  const Filters = [{ Name: 'vpc-id', Values: [Vpc.VpcId] }]
  const { RouteTables } = await send('DescribeRouteTables', { Filters })
  await send('CreateRoute', {
    RouteTableId: RouteTables[0].RouteTableId,
    DestinationCidrBlock: '0.0.0.0/0',
    GatewayId: InternetGatewayId
  })
  const web = world.ec2.securityGroup({ vpc, name: 'web', description: 'the load balancer' })
  const app = world.ec2.securityGroup({ vpc, name: 'app', description: 'the tasks' })
  app.allow('ingress', { protocol: 'tcp', port: 8080, group: web })
  const make = async (GroupName, Description) =>
    (await send('CreateSecurityGroup', { GroupName, Description, VpcId: Vpc.VpcId })).GroupId
  const Web = await make('web', 'the load balancer')
  const App = await make('app', 'the tasks')
  await send('AuthorizeSecurityGroupIngress', {
    GroupId: App,
    IpPermissions: [{ IpProtocol: 'tcp', FromPort: 8080, ToPort: 8080, UserIdGroupPairs: [{ GroupId: Web }] }]
  })
  return {
    vpc,
    subnets,
    web,
    app,
    gateway,
    theirs: { vpc: Vpc.VpcId, subnets: Subnets, web: Web, app: App, gateway: InternetGatewayId }
  }
}

async function playEc2(net, same) {
  const by = (parameter, our, their) => ({ ours: { [parameter]: [our] }, theirs: { [parameter]: [their] } })
  const t = net.theirs
  await same('ec2', 'DescribeVpcs', by('VpcIds', net.vpc.id, t.vpc))
  await same('ec2', 'DescribeSubnets', by('SubnetIds', net.subnets[0].id, t.subnets[0]))
  await same('ec2', 'DescribeSecurityGroups', by('GroupIds', net.app.id, t.app))
  await same('ec2', 'DescribeInternetGateways', by('InternetGatewayIds', net.gateway.id, t.gateway))
  const inVpc = (id) => ({ Filters: [{ Name: 'vpc-id', Values: [id] }] })
  const filter = { ours: inVpc(net.vpc.id), theirs: inVpc(t.vpc) }
  await same('ec2', 'DescribeRouteTables', filter)
  const names = ({ SecurityGroups }) => SecurityGroups.map((g) => g.GroupName).sort()
  await same('ec2', 'DescribeSecurityGroups', filter, { name: 'by VPC', show: names })
  const missing = async (command, input) => await same('ec2', command, input, { name: 'missing' })
  await missing('DescribeVpcs', { VpcIds: ['vpc-0123456789abcdef0'] })
  await missing('DescribeSubnets', { SubnetIds: ['subnet-0123456789abcdef0'] })
  await missing('DescribeSecurityGroups', { GroupIds: ['sg-0aaaaaaaaaaaaaaaa'] })
  await missing('DescribeRouteTables', { RouteTableIds: ['rtb-0123456789abcdef0'] })
  await missing('DescribeInternetGateways', { InternetGatewayIds: ['igw-0123456789abcdef0'] })
  await missing('DescribeNatGateways', { NatGatewayIds: ['nat-0123456789abcdef0'] })
}

async function playElb(net, world, theirs, same) {
  const send = async (command, input) => await theirs.elb.send(new elb[`${command}Command`](input))
  const { subnets, web } = net
  const balancer = world.elb.loadBalancer('web-alb', { subnets, securityGroups: [web] })
  const group = world.elb.targetGroup('app-tg', {
    port: 8080,
    targetType: 'ip',
    healthCheckPath: '/health',
    matcher: '200-299',
    vpcId: net.vpc.id,
    loadBalancer: null
  })
  const { LoadBalancers } = await send('CreateLoadBalancer', {
    Name: 'web-alb',
    Subnets: net.theirs.subnets,
    SecurityGroups: [net.theirs.web]
  })
  const { TargetGroups } = await send('CreateTargetGroup', {
    Name: 'app-tg',
    Port: 8080,
    Protocol: 'HTTP',
    TargetType: 'ip',
    HealthCheckPath: '/health',
    Matcher: { HttpCode: '200-299' },
    VpcId: net.theirs.vpc
  })
  const [{ LoadBalancerArn }] = LoadBalancers
  const [{ TargetGroupArn }] = TargetGroups
  world.elb.listener(balancer, { port: 80, forward: group })
  await send('CreateListener', {
    LoadBalancerArn,
    Port: 80,
    Protocol: 'HTTP',
    DefaultActions: [{ Type: 'forward', TargetGroupArn }]
  })
  const arn = (text) => text.replace(/[0-9a-f]{16}/g, 'ID')
  const groups = ({ TargetGroups: found }) =>
    found.map((g) => ({
      ...g,
      TargetGroupArn: arn(g.TargetGroupArn),
      LoadBalancerArns: g.LoadBalancerArns.map(arn)
    }))
  await same('elb', 'DescribeTargetGroups', { Names: ['app-tg'] }, { show: groups })
  const balancers = ({ LoadBalancers: found }) =>
    found.map(
      ({
        LoadBalancerName,
        Scheme,
        Type,
        State,
        VpcId,
        IpAddressType,
        SecurityGroups,
        AvailabilityZones,
        ...b
      }) => ({
        LoadBalancerName,
        LoadBalancerArn: arn(b.LoadBalancerArn),
        Scheme,
        Type,
        State,
        VpcId,
        IpAddressType,
        SecurityGroups,
        AvailabilityZones
      })
    )
  await same('elb', 'DescribeLoadBalancers', { Names: ['web-alb'] }, { show: balancers })
  const both = (our, their, more = {}) => ({ ours: { ...our, ...more }, theirs: { ...their, ...more } })
  const ofGroup = both({ TargetGroupArn: group.arn }, { TargetGroupArn })
  const byKey = ({ Attributes }) =>
    Object.fromEntries(Attributes.map((a) => [a.Key.replaceAll('.', '/'), a.Value]))
  await same('elb', 'DescribeTargetGroupAttributes', ofGroup, { show: byKey })
  await same('elb', 'DescribeTargetHealth', ofGroup, { name: 'no targets' })
  const stranger = { Targets: [{ Id: '10.9.0.9', Port: 8080 }] }
  await same('elb', 'DescribeTargetHealth', both(ofGroup.ours, ofGroup.theirs, stranger), {
    name: 'not registered'
  })
  await same('elb', 'DescribeTargetGroups', { Names: ['nope'] }, { name: 'missing' })
  await same('elb', 'DescribeLoadBalancers', { Names: ['nope'] }, { name: 'missing' })
}
