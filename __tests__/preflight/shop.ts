/** The facts of a well-made production service, to change in one place a test. */
import type { Container, Service, TargetGroup, Task } from '../../src/domain/service.js'
import type {
  ListenerRule,
  Permission,
  RouteTable,
  SecurityGroup,
  Subnet
} from '../../src/domain/surroundings.js'
import type { JsonObject } from '../../src/domain/task-definition.js'
import type { Facts } from '../../src/preflight/facts.js'
import { known, unknown, type Known } from '../../src/preflight/known.js'

export const region = 'eu-west-1'
export const groupArn = `arn:aws:elasticloadbalancing:${region}:123456789012:targetgroup/shop-web/0123456789abcdef`
export const balancerArn = `arn:aws:elasticloadbalancing:${region}:123456789012:loadbalancer/app/shop/0123456789abcdef`
export const role = 'arn:aws:iam::123456789012:role/execution'
export const secret = `arn:aws:secretsmanager:${region}:123456789012:secret:shop-AbCdEf`

export const image = `123456789012.dkr.ecr.${region}.amazonaws.com/shop@sha256:${'a'.repeat(64)}`

/** A definition with everything that a check may ask about. */
export const definition = (container: JsonObject = {}, more: JsonObject = {}): JsonObject => ({
  family: 'shop-web',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '256',
  memory: '512',
  executionRoleArn: role,
  containerDefinitions: [
    {
      name: 'web',
      image,
      essential: true,
      portMappings: [{ containerPort: 8080, protocol: 'tcp' }],
      secrets: [{ name: 'TOKEN', valueFrom: secret }],
      logConfiguration: {
        logDriver: 'awslogs',
        options: { 'awslogs-group': '/ecs/shop', 'awslogs-region': region, 'awslogs-stream-prefix': 'web' }
      },
      ...container
    }
  ],
  ...more
})

export const service = (change: Partial<Service> = {}): Service => ({
  arn: `arn:aws:ecs:${region}:123456789012:service/shop/shop-web`,
  name: 'shop-web',
  clusterArn: `arn:aws:ecs:${region}:123456789012:cluster/shop`,
  status: 'ACTIVE',
  controller: 'ECS',
  strategy: 'ROLLING',
  scheduling: 'REPLICA',
  taskDefinition: `arn:aws:ecs:${region}:123456789012:task-definition/shop-web:7`,
  desired: 2,
  running: 2,
  pending: 0,
  deployments: [
    {
      id: 'ecs-svc/1',
      status: 'PRIMARY',
      taskDefinition: `arn:aws:ecs:${region}:123456789012:task-definition/shop-web:7`,
      desired: 2,
      pending: 0,
      running: 2,
      failed: 0,
      rolloutState: 'COMPLETED'
    }
  ],
  events: [],
  loadBalancers: [{ targetGroupArn: groupArn, containerName: 'web', containerPort: 8080 }],
  gracePeriodMs: 60_000,
  breaker: { enable: true, rollback: true },
  minimumHealthyPercent: 100,
  maximumPercent: 200,
  network: { subnets: ['subnet-a', 'subnet-b'], securityGroups: ['sg-task'], publicIp: false },
  launchType: 'FARGATE',
  ...change
})

/** A task of the revision that serves, whose container `web` is so. */
export const serving = (container: Partial<Container> = {}, change: Partial<Task> = {}): Task => ({
  arn: `arn:aws:ecs:${region}:123456789012:task/shop/1`,
  startedBy: 'ecs-svc/1',
  taskDefinition: service().taskDefinition,
  lastStatus: 'RUNNING',
  desiredStatus: 'RUNNING',
  addresses: [],
  containers: [{ name: 'web', lastStatus: 'RUNNING', addresses: [], bindings: [], ...container }],
  ...change
})

export const group = (change: Partial<TargetGroup> = {}): TargetGroup => ({
  arn: groupArn,
  intervalMs: 15_000,
  timeoutMs: 5000,
  unhealthyThreshold: 2,
  healthyThreshold: 5,
  protocol: 'HTTP',
  port: 'traffic-port',
  path: '/healthz',
  matcher: '200',
  targetType: 'ip',
  vpc: 'vpc-1',
  trafficPort: 8080,
  loadBalancers: [balancerArn],
  ...change
})

const anywhere: Permission = { protocol: '-1', cidrs: ['0.0.0.0/0'], groups: [], prefixLists: [] }
export const taskGroup: SecurityGroup = {
  id: 'sg-task',
  name: 'tasks',
  vpc: 'vpc-1',
  ingress: [{ protocol: 'tcp', from: 8080, to: 8080, cidrs: [], groups: ['sg-lb'], prefixLists: [] }],
  egress: [anywhere]
}
export const balancerGroup: SecurityGroup = {
  id: 'sg-lb',
  name: 'load-balancer',
  vpc: 'vpc-1',
  ingress: [{ protocol: 'tcp', from: 443, to: 443, cidrs: ['0.0.0.0/0'], groups: [], prefixLists: [] }],
  egress: [anywhere]
}
export const subnets: Subnet[] = [
  { id: 'subnet-a', vpc: 'vpc-1', zone: `${region}a`, cidr: '10.0.1.0/24', freeAddresses: 200 },
  { id: 'subnet-b', vpc: 'vpc-1', zone: `${region}b`, cidr: '10.0.2.0/24', freeAddresses: 200 }
]
const publicSubnets = [
  { id: 'subnet-x', vpc: 'vpc-1', zone: `${region}a`, cidr: '10.0.11.0/24', freeAddresses: 200 },
  { id: 'subnet-y', vpc: 'vpc-1', zone: `${region}b`, cidr: '10.0.12.0/24', freeAddresses: 200 }
]
const local = { to: '10.0.0.0/16', via: 'local', state: 'active' }
export const tables: RouteTable[] = [
  {
    id: 'rtb-private',
    vpc: 'vpc-1',
    main: true,
    subnets: [],
    routes: [local, { to: '0.0.0.0/0', via: 'nat-1', state: 'active' }]
  },
  {
    id: 'rtb-public',
    vpc: 'vpc-1',
    main: false,
    subnets: ['subnet-x', 'subnet-y'],
    routes: [local, { to: '0.0.0.0/0', via: 'igw-1', state: 'active' }]
  }
]
export const trust = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' }
  ]
}

/** A task of it, RUNNING and healthy for an hour. */
export const task = (change: Partial<Task> = {}): Task => ({
  arn: `arn:aws:ecs:${region}:123456789012:task/shop/1`,
  startedBy: 'ecs-svc/1',
  taskDefinition: service().taskDefinition,
  lastStatus: 'RUNNING',
  desiredStatus: 'RUNNING',
  createdAt: -3_624_000,
  startedAt: -3_600_000,
  addresses: ['10.0.1.5'],
  containers: [
    {
      name: 'web',
      lastStatus: 'RUNNING',
      image,
      imageDigest: image.split('@')[1]!,
      addresses: [],
      bindings: []
    }
  ],
  ...change
})

/** A task of it that stopped ten minutes ago, so long after its start, for this reason. */
export const dead = (stoppedReason: string, livedMs: number, change: Partial<Task> = {}): Task =>
  task({
    lastStatus: 'STOPPED',
    desiredStatus: 'STOPPED',
    stopCode: 'ServiceSchedulerInitiated',
    stoppedReason,
    startedAt: -600_000 - livedMs,
    endedAt: -600_000,
    ...change
  })

/** Alarms that ECS holds the service's deployments to. */
export const alarms = { names: ['shop-5xx'], enable: true, rollback: true }

/** A service that stands behind no load balancer. */
export const alone = { service: service({ loadBalancers: [] }) }

/** Another service's target group, which the listener forwards to by default. */
export const otherArn = groupArn.replace('shop-web', 'other')

/** The service gets its requests by these rules of a listener, the first with priority 10, the next with 20. */
export const byRules = (rules: Partial<ListenerRule>[]): Partial<Facts> => {
  const listener = { arn: 'listener', port: 443, protocol: 'HTTPS', targetGroups: [otherArn] }
  const path = { field: 'path-pattern', values: ['/shop/*'] }
  const all = rules.map((rule, i) => ({
    arn: `rule-${i + 1}`,
    priority: (i + 1) * 10,
    conditions: [path],
    targetGroups: [groupArn],
    ...rule
  }))
  return {
    listeners: new Map([[balancerArn, known([listener])]]),
    rules: new Map([['listener', known(all)]])
  }
}

/** Everything is well, and everything is known. */
export const facts = (change: Partial<Facts> = {}): Facts => ({
  purpose: 'deploy',
  service: service(),
  definition: definition(),
  running: definition(),
  desired: 2,
  undoes: true,
  timeoutMs: 1_800_000,
  region,
  now: 0,
  tasks: known([task()]),
  stopped: known([]),
  images: new Map([[image, known({ there: true as const })]]),
  alarms: known([]),
  groups: known([group()]),
  targets: new Map([[groupArn, known([{ id: '10.0.1.5', port: 8080, state: 'healthy' }])]]),
  attributes: new Map([[groupArn, known({ 'deregistration_delay.timeout_seconds': '30' })]]),
  strays: known([]),
  balancers: known([
    {
      arn: balancerArn,
      name: 'shop',
      type: 'application',
      vpc: 'vpc-1',
      dnsName: 'shop.example.org',
      securityGroups: ['sg-lb'],
      zones: [
        { zone: `${region}a`, subnet: 'subnet-x' },
        { zone: `${region}b`, subnet: 'subnet-y' }
      ]
    }
  ]),
  listeners: new Map([
    [balancerArn, known([{ arn: 'listener', port: 443, protocol: 'HTTPS', targetGroups: [groupArn] }])]
  ]),
  rules: new Map(),
  subnets: known(subnets),
  balancerSubnets: known(publicSubnets),
  securityGroups: known(new Map([taskGroup, balancerGroup].map((g) => [g.id, g]))),
  routeTables: known(tables),
  natGateways: known([{ id: 'nat-1', state: 'available', subnet: 'subnet-x' }]),
  endpoints: known([]),
  logGroups: new Map([['/ecs/shop', known(true)]]),
  secrets: new Map([[secret, known({ deleted: false, stages: ['AWSCURRENT'] })]]),
  parameters: new Map(),
  roles: new Map([[role, known({ arn: role, trust })]]),
  simulated: known([{ action: 'secretsmanager:GetSecretValue', resource: secret, decision: 'allowed' }]),
  ...change
})

/** Containers are started with a secret and with a parameter. */
export const bothKinds = (): Facts =>
  facts({
    definition: definition({
      secrets: [
        { name: 'TOKEN', valueFrom: secret },
        { name: 'KEY', valueFrom: '/shop/key' }
      ]
    }),
    parameters: new Map([['/shop/key', known(true)]])
  })

const denied = unknown('the role may not call it')
const allDenied = <T>(map: ReadonlyMap<string, Known<T>>): ReadonlyMap<string, Known<T>> =>
  new Map([...map.keys()].map((key) => [key, denied]))

/** The same service, of which the role may read nothing but itself and its definition. */
export const denying = (change: Partial<Facts> = {}): Facts => {
  const all = facts()
  return facts({
    tasks: denied,
    stopped: denied,
    images: allDenied(all.images),
    alarms: denied,
    groups: denied,
    targets: allDenied(all.targets),
    attributes: allDenied(all.attributes),
    strays: denied,
    balancers: denied,
    listeners: allDenied(all.listeners),
    subnets: denied,
    balancerSubnets: denied,
    securityGroups: denied,
    routeTables: denied,
    natGateways: denied,
    endpoints: denied,
    logGroups: allDenied(all.logGroups),
    secrets: allDenied(all.secrets),
    roles: allDenied(all.roles),
    simulated: denied,
    ...change
  })
}
