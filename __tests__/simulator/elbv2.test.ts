import { DescribeNetworkInterfacesCommand } from '@aws-sdk/client-ec2'
import { DescribeTasksCommand } from '@aws-sdk/client-ecs'
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DeregisterTargetsCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand,
  RegisterTargetsCommand,
  waitUntilTargetInService
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { expect, test } from '@jest/globals'
import type { Answer, Behaviour, TargetGroupOptions } from '../../simulator/index.js'
import { matches } from '../../simulator/world/elb/target-checks.js'
import { clients, refusal, shop, until } from './support.js'

/** A shop whose next task behaves so, and its target. */
function deployed(behaviour: Behaviour, targetGroup: TargetGroupOptions = {}) {
  const s = shop({
    service: { gracePeriodSeconds: 3000 },
    targetGroup: { intervalSeconds: 10, timeoutSeconds: 5, ...targetGroup }
  })
  s.deploy({ behaviour })
  // The old task may go first, when its image does not answer these checks either.
  const old = s.targetGroup!.targetList[0]
  const added = () => s.targetGroup!.targetList.find((t) => t !== old)
  until(s.world, () => added() !== undefined)
  const target = added()!
  return { ...s, target: () => target }
}

test.each<[string, TargetGroupOptions, Answer, string, string | undefined]>([
  ['200 in 200,301', { matcher: '200,301' }, { status: 301 }, 'healthy', undefined],
  ['302 not in 200,301', { matcher: '200,301' }, { status: 302 }, 'unhealthy', 'Target.ResponseCodeMismatch'],
  ['204 in 200-299', { matcher: '200-299' }, { status: 204 }, 'healthy', undefined],
  ['404 in 200-299,404', { matcher: '200-299,404' }, { status: 404 }, 'healthy', undefined],
  ['as slow as the timeout', {}, { status: 200, seconds: 5 }, 'healthy', undefined],
  ['slower than the timeout', {}, { status: 200, seconds: 5.5 }, 'unhealthy', 'Target.Timeout'],
  ['no HTTP', {}, 'malformed', 'unhealthy', 'Target.FailedHealthChecks'],
  [
    'HTTPS',
    { protocol: 'HTTPS', healthCheckProtocol: 'HTTPS' },
    { status: 503 },
    'unhealthy',
    'Target.ResponseCodeMismatch'
  ],
  [
    'gRPC, unimplemented is the default code',
    { protocolVersion: 'GRPC' },
    { status: 200, grpcStatus: 12 },
    'healthy',
    undefined
  ],
  [
    'gRPC, another code',
    { protocolVersion: 'GRPC', matcher: '0' },
    { status: 200, grpcStatus: 14 },
    'unhealthy',
    'Target.ResponseCodeMismatch'
  ],
  ['gRPC, a range', { protocolVersion: 'GRPC', matcher: '0-5' }, { status: 200 }, 'healthy', undefined],
  ['TCP does not read answers', { protocol: 'TCP' }, { status: 500, seconds: 60 }, 'healthy', undefined],
  ['TCP to nobody', { protocol: 'TCP' }, 'refused', 'unhealthy', 'Target.FailedHealthChecks'],
  [
    'NLB with an HTTP check',
    { protocol: 'TCP', healthCheckProtocol: 'HTTP' },
    { status: 399 },
    'healthy',
    undefined
  ],
  [
    'NLB names no codes',
    { protocol: 'TCP', healthCheckProtocol: 'HTTP' },
    { status: 500 },
    'unhealthy',
    'Target.FailedHealthChecks'
  ],
  ['NLB names no timeouts', { protocol: 'TCP' }, 'timeout', 'unhealthy', 'Target.FailedHealthChecks']
])('a health check: %s', (_, targetGroup, healthCheck, state, reason) => {
  const d = deployed({ healthCheck }, targetGroup)
  until(d.world, () => d.target().state === state, 60)
  expect(d.target().reason).toBe(reason)
})

test('matchers: codes, lists and ranges', () => {
  expect(['200', '200,301', '200-299', '200-299,404'].map((m) => matches(m, 200))).toEqual([
    true,
    true,
    true,
    true
  ])
  expect(['200', '200,301', '200-299', '200-299,404'].map((m) => matches(m, 404))).toEqual([
    false,
    false,
    false,
    true
  ])
})

test('a health check port of its own: the container answers there or not', () => {
  const there = deployed({ listensOn: 9090 }, { healthCheckPort: '9090' })
  until(there.world, () => there.target().state === 'healthy', 60)
  const not = deployed({ listensOn: 8080 }, { healthCheckPort: '9090' })
  until(not.world, () => not.target().state === 'unhealthy', 60)
  expect(not.target().reason).toBe('Target.FailedHealthChecks')
})

test('answers that flap: unhealthy while they last, healthy again after the threshold', () => {
  const d = deployed(
    { flaps: { after: 100, period: 300, down: 60, into: { status: 500 } } },
    { unhealthyThreshold: 3, healthyThreshold: 4 }
  )
  until(d.world, () => d.target().state === 'healthy', 60)
  const seen: string[] = []
  d.world.onHappening((h) => {
    if (h.ids.target === `${d.target().id}:8080`) seen.push(h.ids.state!)
  })
  const down = until(d.world, () => d.target().state === 'unhealthy', 200)
  expect(down).toBeGreaterThan(80)
  const up = until(d.world, () => d.target().state === 'healthy', 200)
  expect(up).toBeGreaterThan(60)
  expect(up).toBeLessThan(90)
  until(d.world, () => d.target().state === 'unhealthy', 400)
  expect(seen).toEqual(['unhealthy', 'healthy', 'unhealthy'])
})

test('an NLB may drain unhealthy targets first', () => {
  const d = deployed(
    { turns: { after: 60, into: 'refused' } },
    { protocol: 'TCP', unhealthyDrainingSeconds: 120 }
  )
  until(d.world, () => d.target().state === 'unhealthy.draining')
  expect(d.target().reason).toBe('Target.FailedHealthChecks')
  expect(until(d.world, () => d.target().state === 'unhealthy')).toBeCloseTo(120, 0)
})

test("the load balancer's own trouble, and checks that are off", () => {
  const d = deployed({})
  until(d.world, () => d.target().state === 'healthy')
  d.world.elb.internalError(d.targetGroup!, 60)
  until(d.world, () => d.target().state === 'unhealthy', 60)
  expect(d.target()).toMatchObject({
    reason: 'Elb.InternalError',
    description: 'Health checks failed due to an internal error'
  })
  until(d.world, () => d.target().state === 'healthy', 200)
  const off = shop({ targetGroup: { healthCheckEnabled: false } })
  expect(off.targetGroup!.targetList[0]).toMatchObject({
    state: 'unavailable',
    reason: 'Target.HealthCheckDisabled',
    description: 'Health checks are disabled'
  })
})

test('with a deregistration delay of 0 a target is gone at once', () => {
  const s = shop({ targetGroup: { deregistrationDelaySeconds: 0 } })
  const states = new Set<string>()
  s.world.onHappening((h) => h.ids.state !== undefined && states.add(h.ids.state))
  s.deploy()
  until(s.world, () => s.service.primary.rolloutState === 'COMPLETED')
  expect(states).toEqual(new Set(['initial', 'healthy']))
})

test('a target group comes into use with a listener, and its targets with it', () => {
  const s = shop({ targetGroup: { loadBalancer: null } })
  expect(s.targetGroup!.targetList[0]!.state).toBe('unused')
  const balancer = s.world.elb.loadBalancer('late')
  s.world.elb.listener(balancer, { port: 80, forward: s.targetGroup! })
  expect(s.targetGroup!.targetList[0]).toMatchObject({
    state: 'initial',
    reason: 'Elb.RegistrationInProgress'
  })
  until(s.world, () => s.targetGroup!.targetList[0]!.state === 'healthy', 5)
})

test('targets by hand: a task, and an address where nobody is; and out again', async () => {
  const s = shop()
  const { elb } = await clients(s.world)
  const group = s.world.elb.targetGroup('hand', {
    port: 8080,
    loadBalancer: 'shop-tg-alb',
    intervalSeconds: 10,
    deregistrationDelaySeconds: 20
  })
  const TargetGroupArn = group.arn
  const task = s.targetGroup!.targetList[0]!.id
  const nobody = '10.0.16.200'
  await elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: task }, { Id: nobody }] }))
  s.world.clock.advanceBy(60_000)
  const health = async () =>
    (await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }))).TargetHealthDescriptions!.map(
      (d) => [d.Target!.Id, d.TargetHealth!.State, d.TargetHealth!.Reason]
    )
  expect(await health()).toEqual([
    [task, 'healthy', undefined],
    [nobody, 'unhealthy', 'Target.Timeout']
  ])
  await elb.send(new DeregisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: task }] }))
  expect((await health())[0]).toEqual([task, 'draining', 'Target.DeregistrationInProgress'])
  s.world.clock.advanceBy(20_000)
  expect(await health()).toHaveLength(1)
  const asked = [task, nobody].map((Id) => ({ Id }))
  const { TargetHealthDescriptions } = await elb.send(
    new DescribeTargetHealthCommand({ TargetGroupArn, Targets: asked })
  )
  expect(TargetHealthDescriptions!.map((d) => d.TargetHealth!.Reason)).toEqual([
    'Target.NotRegistered',
    'Target.Timeout'
  ])
  const outside = new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: '8.8.8.8' }] })
  expect(await refusal(elb.send(outside))).toMatchObject({
    name: 'ValidationError',
    message: "The IP address '8.8.8.8' is not a valid IPv4 address"
  })
})

test('the address of a load balancer cannot be a target', async () => {
  const s = shop()
  const { elb, ec2 } = await clients(s.world)
  const { NetworkInterfaces } = await ec2.send(
    new DescribeNetworkInterfacesCommand({ Filters: [{ Name: 'description', Values: ['ELB app/*'] }] })
  )
  const Id = NetworkInterfaces![0]!.PrivateIpAddress!
  const TargetGroupArn = s.targetGroup!.arn
  await elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id, Port: 80 }] }))
  const { TargetHealthDescriptions } = await elb.send(
    new DescribeTargetHealthCommand({ TargetGroupArn, Targets: [{ Id, Port: 80 }] })
  )
  expect(TargetHealthDescriptions![0]!.TargetHealth).toEqual({
    State: 'unused',
    Reason: 'Target.IpUnusable',
    Description: 'The IP address cannot be used as a target, as it is in use by a load balancer'
  })
})

test('an instance that is gone is a target in an invalid state', async () => {
  const s = shop()
  const { elb } = await clients(s.world)
  const instance = s.world.ecs.containerInstance('c')
  const group = s.world.elb.targetGroup('hosts', { targetType: 'instance' })
  const Targets = [{ Id: instance.instanceId, Port: 32768 }]
  await elb.send(new RegisterTargetsCommand({ TargetGroupArn: group.arn, Targets }))
  s.world.clock.advanceBy(60_000)
  expect(group.targetList[0]).toMatchObject({ state: 'unhealthy', reason: 'Target.FailedHealthChecks' })
  s.world.ecs.loseHost(instance.instanceId)
  expect(group.targetList[0]).toMatchObject({
    state: 'unused',
    reason: 'Target.InvalidState',
    description: 'Target is in the terminated state'
  })
  expect(
    await refusal(
      elb.send(new RegisterTargetsCommand({ TargetGroupArn: group.arn, Targets: [{ Id: 'i-0123' }] }))
    )
  ).toMatchObject({ name: 'InvalidTargetException' })
})

test('Include: anomalies and overrides only when they are asked for', async () => {
  const s = shop()
  const { elb } = await clients(s.world)
  const ask = async (Include?: ('All' | 'AnomalyDetection')[]) =>
    (await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: s.targetGroup!.arn, Include })))
      .TargetHealthDescriptions![0]!
  expect(Object.keys(await ask()).sort()).toEqual(['HealthCheckPort', 'Target', 'TargetHealth'])
  expect((await ask(['AnomalyDetection'])).AnomalyDetection).toEqual({
    Result: 'normal',
    MitigationInEffect: 'no'
  })
  expect((await ask(['All'])).AdministrativeOverride).toMatchObject({ State: 'no_override' })
})

test('listeners and rules: default, paths, weights; the groups of a load balancer', async () => {
  const s = shop()
  const { elb } = await clients(s.world)
  const blue = s.targetGroup!
  const green = s.world.elb.targetGroup('green', {
    loadBalancer: null,
    tags: [{ key: 'team', value: 'shop' }]
  })
  const [balancer] = (await elb.send(new DescribeLoadBalancersCommand({}))).LoadBalancers!
  const handle = s.world.elb.loadBalancer('shop-tg-alb')
  const listener = s.world.elb.listener(handle, {
    port: 443,
    forward: [
      { targetGroup: blue, weight: 90 },
      { targetGroup: green, weight: 10 }
    ]
  })
  listener.rule({ priority: 5, paths: ['/api/*'], forward: green })
  const { Listeners } = await elb.send(
    new DescribeListenersCommand({ LoadBalancerArn: balancer!.LoadBalancerArn })
  )
  expect(Listeners!.map((l) => [l.Port, l.Protocol, l.DefaultActions![0]!.TargetGroupArn])).toEqual([
    [80, 'HTTP', blue.arn],
    [443, 'HTTPS', undefined]
  ])
  const { Rules } = await elb.send(new DescribeRulesCommand({ ListenerArn: listener.arn }))
  expect(Rules!.map((r) => [r.Priority, r.IsDefault, r.Conditions![0]?.Values])).toEqual([
    ['5', false, ['/api/*']],
    ['default', true, undefined]
  ])
  expect(Rules![1]!.Actions![0]!.ForwardConfig!.TargetGroups).toEqual([
    { TargetGroupArn: blue.arn, Weight: 90 },
    { TargetGroupArn: green.arn, Weight: 10 }
  ])
  const { TargetGroups } = await elb.send(
    new DescribeTargetGroupsCommand({ LoadBalancerArn: balancer!.LoadBalancerArn })
  )
  expect(TargetGroups!.map((g) => g.TargetGroupName)).toEqual(['shop-tg', 'green'])
  const { TagDescriptions } = await elb.send(new DescribeTagsCommand({ ResourceArns: [green.arn, blue.arn] }))
  expect(TagDescriptions).toEqual([
    { ResourceArn: green.arn, Tags: [{ Key: 'team', Value: 'shop' }] },
    { ResourceArn: blue.arn, Tags: [] }
  ])
})

test('the SDK makes a load balancer, a target group and a listener, and waits for a target', async () => {
  const s = shop({ targetGroup: null })
  const { elb } = await clients(s.world)
  const subnets = ['a', 'b'].map((zone, i) =>
    s.world.ec2.subnet({ cidr: `10.0.${100 + i}.0/24`, availabilityZone: `us-west-2${zone}` })
  )
  const made = await elb.send(
    new CreateLoadBalancerCommand({
      Name: 'new',
      Subnets: subnets.map((x) => x.id),
      SecurityGroups: ['sg-0fedcba9876543210']
    })
  )
  expect(made.LoadBalancers![0]).toMatchObject({ State: { Code: 'provisioning' }, Scheme: 'internet-facing' })
  const group = await elb.send(
    new CreateTargetGroupCommand({
      Name: 'new-tg',
      Protocol: 'HTTP',
      Port: 8080,
      VpcId: s.world.ec2.mainVpc.id,
      TargetType: 'ip',
      HealthCheckIntervalSeconds: 10
    })
  )
  const TargetGroupArn = group.TargetGroups![0]!.TargetGroupArn!
  expect(group.TargetGroups![0]).toMatchObject({ HealthCheckTimeoutSeconds: 6, LoadBalancerArns: [] })
  const id = s.service.tasks[0]!.id
  const ip = await address(s, id)
  await elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: ip }] }))
  const state = async () =>
    (await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }))).TargetHealthDescriptions![0]!
      .TargetHealth!
  expect(await state()).toMatchObject({ State: 'unused', Reason: 'Target.NotInUse' })
  await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: made.LoadBalancers![0]!.LoadBalancerArn,
      Port: 80,
      Protocol: 'HTTP',
      DefaultActions: [{ Type: 'forward', TargetGroupArn }]
    })
  )
  s.world.clock.advanceBy(120_000)
  const waited = await waitUntilTargetInService({ client: elb, maxWaitTime: 30 }, { TargetGroupArn })
  expect(waited.state).toBe('SUCCESS')
  const { LoadBalancers } = await elb.send(new DescribeLoadBalancersCommand({ Names: ['new'] }))
  expect(LoadBalancers![0]!.State!.Code).toBe('active')
})

/** The private address of a task. */
async function address(s: ReturnType<typeof shop>, id: string): Promise<string> {
  const { ecs } = await clients(s.world)
  const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster: 'c', tasks: [id] }))
  return tasks![0]!.containers![0]!.networkInterfaces![0]!.privateIpv4Address!
}

test('health check settings can be changed and count from the next check', async () => {
  const s = shop()
  const { elb } = await clients(s.world)
  const TargetGroupArn = s.targetGroup!.arn
  until(s.world, () => s.targetGroup!.targetList[0]!.state === 'healthy')
  s.world.ecs.misbehave(s.service.tasks[0]!.arn, { paths: { '/ok': 200 } })
  await elb.send(
    new ModifyTargetGroupCommand({ TargetGroupArn, HealthCheckPath: '/ok', HealthCheckIntervalSeconds: 10 })
  )
  s.world.clock.advanceBy(120_000)
  expect(s.targetGroup!.targetList[0]!.state).toBe('healthy')
  await elb.send(new ModifyTargetGroupCommand({ TargetGroupArn, HealthCheckPath: '/nowhere' }))
  until(s.world, () => s.targetGroup!.targetList[0]!.state === 'unhealthy', 40)
  await elb.send(
    new ModifyTargetGroupAttributesCommand({
      TargetGroupArn,
      Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '5' }]
    })
  )
  const { Attributes } = await elb.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn }))
  expect(Attributes).toContainEqual({ Key: 'deregistration_delay.timeout_seconds', Value: '5' })
})

test('ELBv2 refuses: what is not there, what is there twice, what does not fit', async () => {
  const s = shop()
  const { elb } = await clients(s.world)
  const arn = s.targetGroup!.arn
  const VpcId = s.world.ec2.mainVpc.id
  const group = { Name: 'x', Protocol: 'HTTP' as const, Port: 80, VpcId, TargetType: 'ip' as const }
  const ask: [Promise<unknown>, string, string][] = [
    [
      elb.send(new DescribeTargetGroupsCommand({ Names: ['no'] })),
      'TargetGroupNotFoundException',
      'One or more target groups not found'
    ],
    [
      elb.send(new DescribeLoadBalancersCommand({ Names: ['no'] })),
      'LoadBalancerNotFoundException',
      "Load balancers '[no]' not found"
    ],
    [
      elb.send(new DescribeListenersCommand({ ListenerArns: ['no'] })),
      'ListenerNotFoundException',
      'One or more listeners not found'
    ],
    [
      elb.send(new DescribeRulesCommand({ RuleArns: ['no'] })),
      'RuleNotFoundException',
      'One or more rules not found'
    ],
    [elb.send(new DescribeRulesCommand({})), 'ValidationError', 'either a listener ARN or rule ARNs'],
    [
      elb.send(new CreateTargetGroupCommand({ ...group, Name: 'shop-tg' })),
      'DuplicateTargetGroupNameException',
      'exists'
    ],
    [
      elb.send(new CreateTargetGroupCommand({ ...group, TargetType: 'lambda' })),
      'UnknownOperationException',
      "target groups of type 'lambda'"
    ],
    [
      elb.send(new CreateTargetGroupCommand({ ...group, TargetType: 'alb' })),
      'UnknownOperationException',
      "target groups of type 'alb'"
    ],
    [
      elb.send(new CreateTargetGroupCommand({ ...group, HealthCheckEnabled: false })),
      'ValidationError',
      'must be true'
    ],
    [
      elb.send(new ModifyTargetGroupCommand({ TargetGroupArn: arn, HealthCheckIntervalSeconds: 4 })),
      'ValidationError',
      'between 5 and 300'
    ],
    [
      elb.send(new ModifyTargetGroupCommand({ TargetGroupArn: arn, HealthCheckTimeoutSeconds: 31 })),
      'ValidationError',
      'the interval'
    ],
    [
      elb.send(new ModifyTargetGroupCommand({ TargetGroupArn: arn, HealthyThresholdCount: 11 })),
      'ValidationError',
      'between 2 and 10'
    ],
    [
      elb.send(new CreateLoadBalancerCommand({ Name: 'y', Subnets: ['subnet-0'] })),
      'SubnetNotFoundException',
      'does not exist'
    ],
    [
      elb.send(new CreateLoadBalancerCommand({ Name: 'y', Subnets: ['subnet-0aaa1111bbb2222cc'] })),
      'ValidationError',
      'two different Availability Zones'
    ]
  ]
  for (const [call, name, message] of ask)
    expect(await refusal(call)).toEqual({ name, message: expect.stringContaining(message), status: 400 })
})

test('ELBv2: what is created again as it is stays; a name with other settings is taken', async () => {
  const { world } = shop()
  const { elb } = await clients(world)
  const { LoadBalancers: known } = await elb.send(new DescribeLoadBalancersCommand({}))
  const VpcId = known![0]!.VpcId!
  const Subnets = known![0]!.AvailabilityZones!.map((z) => z.SubnetId!)
  const balancer = { Name: 'web', Subnets }
  const first = await elb.send(new CreateLoadBalancerCommand(balancer))
  const again = await elb.send(new CreateLoadBalancerCommand({ ...balancer, Subnets: Subnets.toReversed() }))
  expect(again.LoadBalancers![0]!.LoadBalancerArn).toBe(first.LoadBalancers![0]!.LoadBalancerArn)
  for (const other of [
    { Scheme: 'internal' as const },
    { Subnets: Subnets.slice(1) },
    { Type: 'network' as const }
  ])
    expect((await refusal(elb.send(new CreateLoadBalancerCommand({ ...balancer, ...other })))).name).toBe(
      'DuplicateLoadBalancerNameException'
    )
  const group = { Name: 'web', Protocol: 'HTTP' as const, Port: 80, VpcId, TargetType: 'ip' as const }
  const made = await elb.send(new CreateTargetGroupCommand(group))
  const same = await elb.send(new CreateTargetGroupCommand({ ...group, HealthCheckIntervalSeconds: 30 }))
  expect(same.TargetGroups![0]!.TargetGroupArn).toBe(made.TargetGroups![0]!.TargetGroupArn)
  for (const other of [{ Port: 81 }, { HealthCheckPath: '/x' }, { TargetType: 'instance' as const }])
    expect((await refusal(elb.send(new CreateTargetGroupCommand({ ...group, ...other })))).name).toBe(
      'DuplicateTargetGroupNameException'
    )
})

test('ELBv2: values that it does not know are refused, and nothing of the request is done', async () => {
  const { world, targetGroup } = shop()
  const { elb } = await clients(world)
  const TargetGroupArn = targetGroup!.arn
  const { LoadBalancers: known } = await elb.send(new DescribeLoadBalancersCommand({}))
  const { LoadBalancerArn, VpcId, AvailabilityZones } = known![0]!
  const Subnets = AvailabilityZones!.map((z) => z.SubnetId!)
  const look = async () => {
    const { TargetGroups } = await elb.send(new DescribeTargetGroupsCommand({}))
    const { Attributes } = await elb.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn }))
    const { LoadBalancers } = await elb.send(new DescribeLoadBalancersCommand({}))
    const { Listeners } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn }))
    return { TargetGroups, Attributes, LoadBalancers, Listeners }
  }
  const before = await look()
  const group = { Name: 'new', Protocol: 'HTTP', Port: 80, VpcId }
  const groups = [
    { Protocol: 'SMTP' },
    { ProtocolVersion: 'HTTP9' },
    { Port: 0 },
    { Port: 70_000 },
    { HealthCheckPort: 'http' },
    { HealthCheckPath: 'health' },
    { HealthCheckProtocol: 'TCP' },
    { Matcher: { HttpCode: '600' } },
    { Matcher: { HttpCode: 'ok' } },
    { Matcher: { HttpCode: '299-200' } }
  ]
  const balancers = [
    { Name: 'web', Type: 'network' as const },
    { Name: 'w_b', Subnets },
    { Name: 'internal-web', Subnets },
    { Name: 'w'.repeat(33), Subnets },
    { Name: 'web', Subnets, Scheme: 'public' as never },
    { Name: 'web', Subnets: [...Subnets, Subnets[0]!] }
  ]
  const DefaultActions = [{ Type: 'forward' as const, TargetGroupArn }]
  const listener = { LoadBalancerArn, Port: 81, Protocol: 'HTTP' as const, DefaultActions }
  const listeners = [
    { Port: 0 },
    { Protocol: 'TCP' as const },
    { DefaultActions: [{ Type: 'forward' as const }] }
  ]
  const Key = 'deregistration_delay.timeout_seconds'
  const draining = 'target_health_state.unhealthy.draining_interval_seconds'
  const attributes = [
    [{ Key, Value: '' }],
    [
      { Key, Value: '1' },
      { Key, Value: '3601' }
    ],
    [
      { Key, Value: '1' },
      { Key: draining, Value: 'x' }
    ]
  ]
  const calls = [
    ...groups.map((wrong) => elb.send(new CreateTargetGroupCommand({ ...group, ...wrong } as never))),
    ...groups
      .filter((wrong) => !('Protocol' in wrong || 'ProtocolVersion' in wrong || 'Port' in wrong))
      .map((wrong) => elb.send(new ModifyTargetGroupCommand({ TargetGroupArn, ...wrong } as never))),
    ...balancers.map((wrong) => elb.send(new CreateLoadBalancerCommand(wrong))),
    ...listeners.map((wrong) => elb.send(new CreateListenerCommand({ ...listener, ...wrong }))),
    ...attributes.map((Attributes) =>
      elb.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes }))
    ),
    elb.send(new DescribeLoadBalancersCommand({ PageSize: 401 })),
    elb.send(new DescribeLoadBalancersCommand({ Names: ['a'], LoadBalancerArns: ['b'] })),
    elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: '10.0.0.9', Port: 70_000 }] }))
  ]
  for (const call of calls)
    expect((await refusal(call)).name).toMatch(/^(ValidationError|InvalidConfigurationRequestException)$/)
  expect(await look()).toMatchObject(before)
})
