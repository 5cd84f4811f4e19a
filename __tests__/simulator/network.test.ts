import { expect, test } from '@jest/globals'
import type {
  Ec2Builder,
  LoadBalancerHandle,
  SecurityGroupHandle,
  SubnetHandle,
  VpcHandle,
  World
} from '../../simulator/index.js'
import { createWorld } from '../../simulator/index.js'
import { messages, shop, until } from './support.js'

/** A VPC of its own: a public and a private subnet, a service in the private one behind an ALB in the public one. */
function own(
  options: {
    prepare?: (net: Net, ec2: Ec2Builder) => void
    container?: Record<string, unknown>
    targetGroup?: Record<string, unknown>
    in?: 'private' | 'public'
    assignPublicIp?: 'ENABLED' | 'DISABLED'
  } = {}
) {
  const world = createWorld()
  const { ec2 } = world
  const vpc = ec2.vpc({ cidr: '172.20.0.0/16', name: 'own' })
  const zone = `${world.region}a`
  const open = ec2.subnet({ vpc, cidr: '172.20.0.0/24', availabilityZone: zone, mapPublicIp: true })
  const closed = ec2.subnet({ vpc, cidr: '172.20.11.0/24', availabilityZone: zone })
  const albGroup = ec2.securityGroup({ vpc, name: 'alb', egress: [] })
  const taskGroup = ec2.securityGroup({
    vpc,
    name: 'task',
    ingress: [{ port: 8080, group: albGroup }]
  })
  albGroup.allow('egress', { port: 8080, group: taskGroup })
  const igw = ec2.internetGateway({ vpc })
  ec2.routeTable({ vpc, routes: [{ to: '0.0.0.0/0', via: igw }], subnets: [open] })
  const alb = world.elb.loadBalancer('alb', { subnets: [open], securityGroups: [albGroup] })
  const net = { vpc, open, closed, albGroup, taskGroup, alb, world }
  options.prepare?.(net, ec2)
  const targetGroup = world.elb.targetGroup('tg', {
    loadBalancer: 'alb',
    intervalSeconds: 10,
    ...options.targetGroup
  })
  const image = world.ecr.repository('shop').push({ tags: ['v1'] })
  const taskDefinition = world.ecs.taskDefinition({
    family: 'shop',
    networkMode: 'awsvpc',
    cpu: '256',
    memory: '512',
    containerDefinitions: [
      { name: 'app', image: image.uri, portMappings: [{ containerPort: 8080 }], ...options.container }
    ]
  })
  const service = world.ecs.service({
    cluster: 'c',
    name: 'shop',
    taskDefinition,
    desiredCount: 1,
    gracePeriodSeconds: 600,
    settled: false,
    subnets: [options.in === 'public' ? open.id : closed.id],
    securityGroups: [taskGroup.id],
    assignPublicIp: options.assignPublicIp ?? 'DISABLED',
    loadBalancers: [{ targetGroup, containerName: 'app', containerPort: 8080 }]
  })
  return { ...net, targetGroup, service }
}

interface Net {
  world: World
  vpc: VpcHandle
  open: SubnetHandle
  closed: SubnetHandle
  albGroup: SecurityGroupHandle
  taskGroup: SecurityGroupHandle
  alb: LoadBalancerHandle
}

/** A NAT gateway for the private subnet. */
function nat(net: Net, ec2: Ec2Builder) {
  const gateway = ec2.natGateway({ subnet: net.open })
  ec2.mainRouteTable(net.vpc).route('0.0.0.0/0', gateway)
  return gateway
}

/** The endpoints that a pull needs, with a security group that lets 443 in from `from`. */
function endpoints(net: Net, ec2: Ec2Builder, from: string, services = ['ecr.api', 'ecr.dkr', 's3']) {
  const group = ec2.securityGroup({
    vpc: net.vpc,
    name: 'endpoints',
    ingress: [{ protocol: 'tcp', port: 443, cidr: from }]
  })
  for (const service of services)
    ec2.vpcEndpoint(
      service === 's3'
        ? { vpc: net.vpc, service, routeTables: [ec2.mainRouteTable(net.vpc)] }
        : { vpc: net.vpc, service, subnets: [net.closed], securityGroups: [group] }
    )
}

/** An endpoint that lets nobody in. */
function shut(net: Net, ec2: Ec2Builder) {
  const group = ec2.securityGroup({ vpc: net.vpc, name: 'shut' })
  const { vpc, closed } = net
  return ec2.vpcEndpoint({ vpc, service: 'ecr.api', subnets: [closed], securityGroups: [group] })
}

test('a world that says nothing of networks has a healthy one', () => {
  const s = shop({ service: { desiredCount: 3 } })
  expect(s.targetGroup!.targetList.map((t) => t.state)).toEqual(['healthy', 'healthy', 'healthy'])
  s.deploy()
  until(s.world, () => s.service.primary.rolloutState === 'COMPLETED')
  const odd = shop({
    service: { subnets: ['subnet-0b11c22d33e44f551'], securityGroups: ['sg-0b11c22d33e44f552'] }
  })
  odd.deploy()
  until(odd.world, () => odd.service.primary.rolloutState === 'COMPLETED')
  expect(odd.world.ec2.findSubnet('subnet-0b11c22d33e44f551')).toMatchObject({
    availabilityZone: 'us-west-2a'
  })
})

test.each<[string, (n: ReturnType<typeof own>) => void, RegExp, (n: ReturnType<typeof own>) => void]>([
  [
    'the load balancer has no egress rule',
    (n) => n.albGroup.revoke('egress'),
    /^alb \(sg-\w+\) has no egress rule for TCP 8080 to task \(sg-\w+\)$/,
    (n) => n.albGroup.allow('egress', { cidr: '0.0.0.0/0' })
  ],
  [
    'the task has no ingress rule',
    (n) => n.taskGroup.revoke('ingress'),
    /^task \(sg-\w+\) has no ingress rule for TCP 8080 from alb \(sg-\w+\)$/,
    (n) => n.taskGroup.allow('ingress', { port: 8080, cidr: '172.20.0.0/24' })
  ],
  [
    'the rule is for another port',
    (n) => {
      n.taskGroup.revoke('ingress')
      n.taskGroup.allow('ingress', { port: 80, toPort: 443, group: n.albGroup })
    },
    /has no ingress rule for TCP 8080/,
    (n) => n.taskGroup.allow('ingress', { port: 3000, toPort: 9000, group: n.albGroup })
  ],
  [
    'the rule is for another block or protocol',
    (n) => {
      n.taskGroup.revoke('ingress')
      n.taskGroup.allow('ingress', { port: 8080, cidr: '172.20.11.0/24' })
      n.taskGroup.allow('ingress', { protocol: 'udp', port: 8080, cidr: '0.0.0.0/0' })
      n.taskGroup.allow('ingress', { port: 8080, cidrIpv6: '::/0' })
      n.taskGroup.allow('ingress', { port: 8080, prefixList: 'pl-68a54001' })
    },
    /has no ingress rule for TCP 8080/,
    (n) => n.taskGroup.allow('ingress', { protocol: '-1', cidr: '172.16.0.0/12' })
  ]
])('no way to the target: %s', (_, close, missing, mend) => {
  const n = own({ prepare: (net, ec2) => void nat(net, ec2) })
  until(n.world, () => n.targetGroup.targetList[0]?.state === 'healthy')
  close(n)
  until(n.world, () => n.targetGroup.targetList[0]?.state === 'unhealthy', 60)
  expect(n.targetGroup.targetList[0]).toMatchObject({
    reason: 'Target.Timeout',
    description: 'Request timed out',
    blocked: expect.stringMatching(missing)
  })
  mend(n)
  until(n.world, () => n.targetGroup.targetList[0]?.state === 'healthy', 60)
  expect(n.targetGroup.targetList[0]!.blocked).toBeUndefined()
})

test('a health check on another port needs a rule of its own', () => {
  const n = own({
    prepare: (net, ec2) => void nat(net, ec2),
    targetGroup: { healthCheckPort: '9090' }
  })
  until(n.world, () => n.targetGroup.targetList[0]?.state === 'unhealthy')
  expect(n.targetGroup.targetList[0]!.blocked).toContain('no egress rule for TCP 9090')
  n.albGroup.allow('egress', { port: 9090, group: n.taskGroup })
  n.taskGroup.allow('ingress', { port: 9090, group: n.albGroup })
  until(n.world, () => n.targetGroup.targetList[0]?.state === 'healthy', 120)
})

test('a load balancer of another VPC does not reach its targets', () => {
  const n = own({
    prepare: (net, ec2) => {
      nat(net, ec2)
      net.world.elb.loadBalancer('elsewhere')
    },
    targetGroup: { loadBalancer: 'elsewhere' }
  })
  until(n.world, () => n.targetGroup.targetList[0]?.state === 'unhealthy')
  expect(n.targetGroup.targetList[0]!.blocked).toMatch(
    /^172\.20\.11\.\d+ is in vpc-\w+, 10\.0\.0\.\d+ is in vpc-/
  )
})

test('a network load balancer without security groups comes from its own addresses', () => {
  const n = own({
    prepare: (net, ec2) => {
      nat(net, ec2)
      net.world.elb.loadBalancer('nlb', { type: 'network', subnets: [net.open] })
    },
    targetGroup: { loadBalancer: 'nlb', protocol: 'TCP' }
  })
  until(n.world, () => n.targetGroup.targetList[0]?.state === 'unhealthy')
  expect(n.targetGroup.targetList[0]).toMatchObject({
    reason: 'Target.FailedHealthChecks',
    blocked: expect.stringMatching(/has no ingress rule for TCP 8080 from 172\.20\.0\.\d+$/)
  })
  n.taskGroup.allow('ingress', { port: 8080, cidr: n.open.cidr })
  until(n.world, () => n.targetGroup.targetList[0]?.state === 'healthy', 120)
})

const logOptions = { 'awslogs-group': '/x', 'awslogs-region': 'us-west-2', 'awslogs-create-group': 'true' }
const auth =
  /^ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ecr registry auth: service call has been retried 3 time\(s\): RequestError: send request failed caused by: Post "https:\/\/api\.ecr\.us-west-2\.amazonaws\.com\/": dial tcp [\d.]+:443: i\/o timeout\. Please check your task network configuration\.$/
const manifest =
  /^CannotPullContainerError: pull image manifest has been retried 5 time\(s\): failed to resolve ref \S+: failed to do request: Head "https:\/\/\S+\/manifests\/\S+": dial tcp [\d.]+:443: i\/o timeout$/

test.each<[string, Parameters<typeof own>[0], RegExp]>([
  ['a private subnet without NAT', {}, auth],
  ['a public subnet, DISABLED', { in: 'public' }, auth],
  ['ENABLED in a subnet without internet gateway', { assignPublicIp: 'ENABLED' }, auth],
  [
    'an internet gateway that is detached',
    {
      in: 'public',
      assignPublicIp: 'ENABLED',
      prepare: ({ vpc, open }, ec2) => {
        const igw = ec2.internetGateway({ vpc })
        ec2.routeTableOf(open).route('0.0.0.0/0', igw)
        igw.attached = false
      }
    },
    auth
  ],
  ['a NAT gateway that failed', { prepare: (net, ec2) => void (nat(net, ec2).state = 'failed') }, auth],
  ['a NAT gateway that is deleted', { prepare: (net, ec2) => void (nat(net, ec2).state = 'deleted') }, auth],
  [
    'a NAT gateway in a private subnet',
    {
      prepare: (net, ec2) =>
        ec2.mainRouteTable(net.vpc).route('0.0.0.0/0', ec2.natGateway({ subnet: net.closed }))
    },
    auth
  ],
  [
    'no egress rule for 443',
    {
      prepare: (net, ec2) => {
        nat(net, ec2)
        net.taskGroup.revoke('egress')
        net.taskGroup.allow('egress', { port: 5432, cidr: '0.0.0.0/0' })
      }
    },
    auth
  ],
  [
    'endpoints whose group does not let the task in, although there is a NAT',
    {
      prepare: (net, ec2) => {
        nat(net, ec2)
        endpoints(net, ec2, '172.20.99.0/24')
      }
    },
    auth
  ],
  [
    'only one of the two ECR endpoints',
    { prepare: (net, ec2) => endpoints(net, ec2, '172.20.0.0/16', ['ecr.api', 's3']) },
    manifest
  ],
  [
    'no S3 gateway for the layers',
    { prepare: (net, ec2) => endpoints(net, ec2, '172.20.0.0/16', ['ecr.api', 'ecr.dkr']) },
    /^CannotPullContainerError: ref pull has been retried .*prod-us-west-2-starport-layer-bucket.* i\/o timeout$/
  ],
  [
    'an S3 gateway in another route table',
    {
      prepare: (net, ec2) => {
        endpoints(net, ec2, '172.20.0.0/16', ['ecr.api', 'ecr.dkr'])
        ec2.vpcEndpoint({ vpc: net.vpc, service: 's3', routeTables: [ec2.routeTableOf(net.open)] })
      }
    },
    /prod-us-west-2-starport-layer-bucket/
  ],
  [
    'endpoints, and a log driver without one',
    {
      prepare: (net, ec2) => endpoints(net, ec2, '172.20.0.0/16'),
      container: { logConfiguration: { logDriver: 'awslogs', options: logOptions } }
    },
    /^ResourceInitializationError: failed to validate logger args: .*There is a connection issue between the task and Amazon CloudWatch\./
  ],
  [
    'endpoints, and a secret without one',
    {
      prepare: (net, ec2) => endpoints(net, ec2, '172.20.0.0/16'),
      container: {
        secrets: [{ name: 'K', valueFrom: 'arn:aws:secretsmanager:us-west-2:043309339649:secret:k-AbCdEf' }]
      }
    },
    /unable to retrieve secret from asm: There is a connection issue between the task and AWS Secrets Manager\. Check your task network configuration\. failed to fetch secret arn:aws:secretsmanager:us-west-2:043309339649:secret:k-AbCdEf from/
  ],
  [
    'an image of Docker Hub behind endpoints only',
    {
      prepare: (net, ec2) => endpoints(net, ec2, '172.20.0.0/16'),
      container: { image: 'nginx:1' }
    },
    /failed to resolve ref docker\.io\/library\/nginx:1: failed to do request: Head "https:\/\/registry-1\.docker\.io\/v2\/library\/nginx\/manifests\/1": dial tcp 44\.205\.64\.79:443: i\/o timeout$/
  ],
  [
    'a subnet without a free address',
    {
      prepare: ({ closed, world }, ec2) => {
        for (let i = closed.availableIps; i > 0; i--) ec2.natGateway({ subnet: closed })
        expect(world.ec2.findSubnet(closed.id)!.availableIps).toBe(0)
      }
    },
    /^Unexpected EC2 error while attempting to Create Network Interface in subnet 'subnet-\w+': InsufficientFreeAddressesInSubnet$/
  ]
])('a task without a way out: %s', (_, options, reason) => {
  const n = own(options)
  until(n.world, () => n.service.tasks[0]?.desiredStatus === 'STOPPED', 200)
  expect(n.service.tasks[0]).toMatchObject({
    stopCode: 'TaskFailedToStart',
    stoppedReason: expect.stringMatching(reason)
  })
  until(n.world, () => messages(n.service).some((m) => m.includes('was unable to place a task')), 200)
  expect(messages(n.service).find((m) => m.includes('was unable to place a task'))).toContain(
    n.service.tasks[0]!.stoppedReason
  )
})

test.each<[string, Parameters<typeof own>[0]]>([
  ['a public subnet, ENABLED', { in: 'public', assignPublicIp: 'ENABLED' }],
  ['a private subnet with NAT', { prepare: (net, ec2) => void nat(net, ec2) }],
  [
    'endpoints only',
    {
      prepare: (net, ec2) => endpoints(net, ec2, '172.20.0.0/16', ['ecr.api', 'ecr.dkr', 's3', 'logs']),
      container: { logConfiguration: { logDriver: 'awslogs', options: logOptions } }
    }
  ],
  [
    'endpoints without private DNS are passed by, over the NAT',
    {
      prepare: (net, ec2) => {
        nat(net, ec2)
        shut(net, ec2).privateDns = false
      }
    }
  ],
  [
    'an endpoint that is still pending is passed by',
    {
      prepare: (net, ec2) => {
        nat(net, ec2)
        shut(net, ec2).state = 'pending'
      }
    }
  ],
  [
    'egress to the group of the endpoints and to the list of S3 only',
    {
      prepare: (net, ec2) => {
        const group = ec2.securityGroup({
          vpc: net.vpc,
          name: 'vpce',
          ingress: [{ port: 443, group: net.taskGroup }]
        })
        for (const service of ['ecr.api', 'ecr.dkr'])
          ec2.vpcEndpoint({ vpc: net.vpc, service, subnets: [net.closed], securityGroups: [group] })
        ec2.vpcEndpoint({ vpc: net.vpc, service: 's3', routeTables: [ec2.mainRouteTable(net.vpc)] })
        net.taskGroup.revoke('egress')
        net.taskGroup.allow('egress', { port: 443, group })
        net.taskGroup.allow('egress', { port: 443, prefixList: 'pl-68a54001' })
      }
    }
  ],
  [
    'a transit gateway',
    { prepare: ({ vpc }, ec2) => ec2.mainRouteTable(vpc).route('0.0.0.0/0', { id: 'tgw-0123456789abcdef0' }) }
  ]
])('a way out: %s', (_, options) => {
  const n = own(options)
  until(n.world, () => n.targetGroup.targetList[0]?.state === 'healthy', 200)
})

test('on EC2 instances the host fetches the image, in the words of its engine', () => {
  const world = createWorld()
  const vpc = world.ec2.vpc({ cidr: '172.20.0.0/16' })
  const subnet = world.ec2.subnet({ vpc, cidr: '172.20.1.0/24', availabilityZone: 'us-west-2a' })
  const group = world.ec2.securityGroup({ vpc, name: 'hosts' })
  world.ecs.containerInstance('c', { subnet: subnet.id, securityGroups: [group.id] })
  const image = world.ecr.repository('shop').push()
  const taskDefinition = world.ecs.taskDefinition({
    family: 'shop',
    containerDefinitions: [{ name: 'app', image: image.uri, memory: 100 }]
  })
  const service = world.ecs.service({
    cluster: 'c',
    name: 'shop',
    taskDefinition,
    desiredCount: 1,
    launchType: 'EC2',
    settled: false
  })
  until(world, () => service.tasks[0]?.desiredStatus === 'STOPPED', 200)
  expect(service.tasks[0]!.stoppedReason).toMatch(
    /^CannotPullContainerError: API error \(500\): Get https:\/\/\S+\/v2\/: net\/http: request canceled while waiting for connection$/
  )
})
