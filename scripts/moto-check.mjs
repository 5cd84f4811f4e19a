// moto's server, where the machine has it, beside the simulator: the same calls of ECR, Logs, ELBv2 and EC2 to both.
import * as ec2 from '@aws-sdk/client-ec2'
import * as ecr from '@aws-sdk/client-ecr'
import * as elb from '@aws-sdk/client-elastic-load-balancing-v2'
import * as logs from '@aws-sdk/client-cloudwatch-logs'
import { createHash } from 'node:crypto'
import { motoKnown } from './moto-known.mjs'
import { startMoto } from './peers.mjs'
import { ready } from './ready.mjs'

ready()
const { register } = await import('tsx/esm/api')
register()
const { createWorld, startServer } = await import('../simulator/index.ts')

const moto = await startMoto()
if (moto === undefined) {
  console.log('moto check: skipped, no moto_server here')
  process.exit(0)
}
const account = '123456789012'
const world = createWorld({ account, region: 'us-west-2' })
const server = await startServer(world, { limits: false })
const clientsOf = (endpoint) => {
  const credentials = { accessKeyId: account, secretAccessKey: 'secret' }
  const config = { endpoint, region: world.region, credentials, maxAttempts: 1 }
  return {
    ecr: new ecr.ECRClient(config),
    logs: new logs.CloudWatchLogsClient(config),
    elb: new elb.ElasticLoadBalancingV2Client(config),
    ec2: new ec2.EC2Client(config)
  }
}
const ours = clientsOf(server.url)
const theirs = clientsOf(moto.url)

let failures = 0
let agreed = 0
const met = new Set()

/** Leaves by path; what no two clouds have in common (ids, times, tokens) is only told to be there. */
function leaves(value, path = '', out = {}) {
  if (value instanceof Date) out[path] = 'a time'
  else if (Array.isArray(value)) {
    if (value.length === 0) out[path] = '[]'
    value.forEach((item, i) => leaves(item, `${path}[${i}]`, out))
  } else if (typeof value === 'object' && value !== null)
    for (const [name, member] of Object.entries(value))
      leaves(member, path === '' ? name : `${path}.${name}`, out)
  else if (value !== undefined) out[path] = mask(path, value)
  return out
}

function mask(path, value) {
  if (/[tT]oken$|Time$|timestamp$|eventId$|reatedAt$|expiresAt$/.test(path)) return 'some'
  return typeof value === 'string'
    ? value
        .replace(/sha256:[0-9a-f]{64}/g, 'sha256:…')
        .replace(/\b(vpc|subnet|sg|igw|rtb|rtbassoc|dopt|sgr)-[0-9a-f]+/g, '$1-id')
    : value
}

async function outcome(call) {
  try {
    const { $metadata, ...answer } = await call
    return leaves(answer)
  } catch (error) {
    return { error: error.name, message: mask('message', error.message) }
  }
}

/** Asks both; every leaf that differs must be a known difference. `show` keeps what is compared. */
async function same(service, command, input = {}, { name = '', show = (x) => x } = {}) {
  const modules = { ecr, logs, elb, ec2 }
  const ask = async (clients, given) =>
    await outcome(clients[service].send(new modules[service][`${command}Command`](given)).then(show))
  const [a, b] = [await ask(ours, input.ours ?? input), await ask(theirs, input.theirs ?? input)]
  const title = `${service} ${command}${name === '' ? '' : ` (${name})`}`
  const paths = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((p) => a[p] !== b[p])
  if (paths.length === 0) {
    agreed++
    console.log(`ok    ${title}`)
  }
  for (const path of paths) {
    const line = `${title}: ${path}`
    const why = motoKnown.find(([pattern]) => pattern.test(line))
    if (why !== undefined) met.add(why)
    else failures++
    const text = `${JSON.stringify(a[path])}, moto ${JSON.stringify(b[path])}`
    console.log(why === undefined ? `FAIL  ${line}: ${text}` : `known ${line}: ${text}: ${why[1]}`)
  }
}

const digestOf = (bytes) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`
const manifest = (n) => {
  const blob = `blob ${n}`
  const descriptor = (mediaType) => ({ mediaType, size: blob.length, digest: digestOf(blob) })
  world.ecr.repository('app').blobs.set(digestOf(blob), blob)
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
    config: descriptor('application/vnd.docker.container.image.v1+json'),
    layers: [descriptor('application/vnd.docker.image.rootfs.diff.tar.gzip')]
  })
}

async function playEcr() {
  const app = { repositoryName: 'app' }
  const nope = { repositoryName: 'nope' }
  await same('ecr', 'CreateRepository', app)
  await same('ecr', 'CreateRepository', app, { name: 'again' })
  await same('ecr', 'CreateRepository', { repositoryName: 'Not_A Name' }, { name: 'bad name' })
  await same('ecr', 'DescribeRepositories')
  await same('ecr', 'DescribeRepositories', { repositoryNames: ['nope'] }, { name: 'missing' })
  const [one, two] = [manifest(1), manifest(2)]
  const put = async (imageManifest, imageTag, name) =>
    await same('ecr', 'PutImage', { ...app, imageManifest, imageTag }, { name })
  await put(one, 'v1', 'new')
  await put(one, 'v1', 'the same again')
  await put(one, 'prod', 'second tag')
  await put(two, 'v2', 'another')
  await put(two, 'prod', 'a tag moves')
  const bare = JSON.stringify({ ...JSON.parse(one), mediaType: undefined })
  await put(bare, 'bare', 'no media type')
  await same(
    'ecr',
    'PutImage',
    { ...nope, imageManifest: one, imageTag: 'v1' },
    { name: 'missing repository' }
  )
  const ids = ({ imageIds }) => imageIds.map((i) => `${i.imageDigest} ${i.imageTag}`).sort()
  await same('ecr', 'ListImages', app, { show: ids })
  await same('ecr', 'ListImages', nope, { name: 'missing' })
  const details = ({ imageDetails }) => imageDetails.sort((a, b) => (a.imageDigest < b.imageDigest ? -1 : 1))
  await same('ecr', 'DescribeImages', app, { show: details })
  await same(
    'ecr',
    'DescribeImages',
    { ...app, imageIds: [{ imageTag: 'v1' }] },
    { name: 'by tag', show: details }
  )
  await same('ecr', 'DescribeImages', { ...app, imageIds: [{ imageTag: 'nope' }] }, { name: 'missing' })
  const get = async (imageId, name) =>
    await same('ecr', 'BatchGetImage', { ...app, imageIds: [imageId] }, { name })
  await get({ imageTag: 'v1' }, 'by tag')
  await get({ imageDigest: digestOf(two) }, 'by digest')
  await get({ imageTag: 'nope' }, 'missing')
  await same(
    'ecr',
    'BatchGetImage',
    { ...app, imageIds: [{ imageTag: 'v1' }] },
    {
      name: 'digest',
      show: ({ images: [i] }) => ({ isThatOfTheBytes: i.imageId.imageDigest === digestOf(i.imageManifest) })
    }
  )
  await same('ecr', 'DescribeImageScanFindings', { ...app, imageId: { imageTag: 'v1' } }, { name: 'no scan' })
  const remove = async (imageId, name) =>
    await same('ecr', 'BatchDeleteImage', { ...app, imageIds: [imageId] }, { name })
  await remove({ imageTag: 'prod' }, 'one of two tags')
  await remove({ imageTag: 'v2' }, 'the last tag')
  await remove({ imageTag: 'v2' }, 'missing')
  await remove({ imageDigest: 'junk' }, 'bad digest')
  await remove({}, 'neither')
  await same('ecr', 'PutImageTagMutability', { ...app, imageTagMutability: 'IMMUTABLE' })
  await put(two, 'v1', 'an immutable tag')
  await same('ecr', 'PutImageTagMutability', { ...app, imageTagMutability: 'SOLID' }, { name: 'bad mode' })
  await same('ecr', 'GetRepositoryPolicy', app, { name: 'none' })
  const policyText = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Sid: 'a', Effect: 'Allow', Principal: '*', Action: ['ecr:BatchGetImage'] }]
  })
  await same('ecr', 'SetRepositoryPolicy', { ...app, policyText })
  await same('ecr', 'GetRepositoryPolicy', app)
  await same('ecr', 'DeleteRepositoryPolicy', app)
  await same('ecr', 'GetLifecyclePolicy', app, { name: 'none' })
  const rule = {
    rulePriority: 1,
    selection: { tagStatus: 'untagged', countType: 'imageCountMoreThan', countNumber: 3 },
    action: { type: 'expire' }
  }
  const policy = (change = {}) => ({
    ...app,
    lifecyclePolicyText: JSON.stringify({ rules: [{ ...rule, ...change }] })
  })
  await same('ecr', 'PutLifecyclePolicy', policy())
  await same('ecr', 'GetLifecyclePolicy', app)
  const bad = async (name, change) => await same('ecr', 'PutLifecyclePolicy', policy(change), { name })
  await same('ecr', 'PutLifecyclePolicy', { ...app, lifecyclePolicyText: 'x' }, { name: 'not JSON' })
  await same('ecr', 'PutLifecyclePolicy', { ...app, lifecyclePolicyText: '{}' }, { name: 'no rules' })
  await bad('no selection', { selection: undefined })
  await bad('more members', { more: 1 })
  await bad('action', { action: { type: 'delete' } })
  await bad('tag status', { selection: { ...rule.selection, tagStatus: 'all' } })
  await bad('count type', { selection: { ...rule.selection, countType: 'x' } })
  await bad('count of 0', { selection: { ...rule.selection, countNumber: 0 } })
  await bad('tagged without a list', { selection: { ...rule.selection, tagStatus: 'tagged' } })
  await same('ecr', 'DeleteLifecyclePolicy', app)
  await same('ecr', 'GetAuthorizationToken')
  await same('ecr', 'DeleteRepository', app, { name: 'not empty' })
  await same('ecr', 'DeleteRepository', { ...app, force: true }, { name: 'by force' })
  await same('ecr', 'DeleteRepository', app, { name: 'missing' })
}

async function playLogs() {
  const group = { logGroupName: '/ecs/app' }
  await same('logs', 'CreateLogGroup', group)
  await same('logs', 'CreateLogGroup', group, { name: 'again' })
  const show = ({ logGroups }) => logGroups.map(({ logGroupName, arn }) => ({ logGroupName, arn }))
  await same('logs', 'DescribeLogGroups', { logGroupNamePrefix: '/ecs/' }, { show })
  const lines = ['listening on 8080', 'ERROR no database', 'bye']
  for (const line of lines) world.logs.group('/ecs/app').write('web/1', line)
  world.clock.advanceBy(60_000)
  await theirs.logs.send(new logs.CreateLogStreamCommand({ ...group, logStreamName: 'web/1' }))
  const now = Date.now()
  await theirs.logs.send(
    new logs.PutLogEventsCommand({
      ...group,
      logStreamName: 'web/1',
      logEvents: lines.map((message, i) => ({ timestamp: now - 3000 + i, message }))
    })
  )
  const names = ({ logStreams }) => logStreams.map((s) => ({ name: s.logStreamName, arn: s.arn }))
  await same('logs', 'DescribeLogStreams', group, { show: names })
  await same('logs', 'DescribeLogStreams', { logGroupName: 'nope' }, { name: 'missing' })
  const stream = { ...group, logStreamName: 'web/1' }
  const messages = ({ events }) => events.map((e) => e.message)
  await same('logs', 'GetLogEvents', { ...stream, startFromHead: true }, { show: messages })
  await same(
    'logs',
    'GetLogEvents',
    { ...stream, startFromHead: true, limit: 2 },
    { name: 'two', show: messages }
  )
  await same('logs', 'GetLogEvents', { ...group, logStreamName: 'nope' }, { name: 'missing stream' })
  await same('logs', 'FilterLogEvents', { ...group, filterPattern: 'ERROR' }, { show: messages })
  await same('logs', 'FilterLogEvents', { logGroupName: 'nope' }, { name: 'missing' })
  await same('logs', 'DeleteLogGroup', group)
  await same('logs', 'DeleteLogGroup', group, { name: 'missing' })
}

/** One VPC with two subnets, a way out and two groups, made by words here and by calls there. */
async function network() {
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

async function playEc2(net) {
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

async function playElb(net) {
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

await playEcr()
await playLogs()
const net = await network()
await playEc2(net)
await playElb(net)

for (const one of motoKnown.filter((k) => !met.has(k))) {
  failures++
  console.log(`FAIL  ${String(one[0])}: no difference any more`)
}
if (server.violations.length > 0) {
  failures++
  console.log(`FAIL  answers that broke the schemas: ${server.violations.join('; ')}`)
}
for (const clients of [ours, theirs]) for (const client of Object.values(clients)) client.destroy()
await server.close()
await moto.stop()
console.log(
  `moto check: ${agreed} calls agree, ${met.size} kinds of known differences, ${failures} unexpected`
)
process.exit(failures === 0 ? 0 : 1)
