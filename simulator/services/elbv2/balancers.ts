/** Load balancers, listeners, rules and tags over the wire. */
import type { Forward, Tag } from '../../world/api.js'
import { AwsError } from '../../world/errors.js'
import type { Listener, Rule } from '../../world/elb/listeners.js'
import type { LoadBalancer } from '../../world/elb/load-balancers.js'
import type { SimulatedWorld } from '../../world/world.js'
import { read, write } from '../operation.js'
import { page } from '../paging.js'
import { checkEnum, checkListener, checkName, checkQuestion } from './checks.js'
import { balancerNamed, balancerOf, groupOf, invalid, listenerOf, ruleOf, type Pages } from './find.js'

type Shape = Record<string, unknown>

/** The name that clients use; that of an internal one says so. */
function dnsNameOf(world: SimulatedWorld, b: LoadBalancer): string {
  const internal = b.scheme === 'internal' ? 'internal-' : ''
  return b.type === 'network'
    ? `${b.name}-${b.id}.elb.${world.region}.amazonaws.com`
    : `${internal}${b.name}-1234567890.${world.region}.elb.amazonaws.com`
}

function balancerShape(world: SimulatedWorld, b: LoadBalancer): Shape {
  return {
    LoadBalancerArn: b.arn,
    DNSName: dnsNameOf(world, b),
    CanonicalHostedZoneId: 'Z1H1FL5HABSF5',
    CreatedTime: new Date(b.createdAt),
    LoadBalancerName: b.name,
    Scheme: b.scheme,
    VpcId: b.vpcId,
    State: { Code: b.state },
    Type: b.type,
    AvailabilityZones: b.subnets.map((subnet) => ({
      ZoneName: subnet.availabilityZone,
      SubnetId: subnet.id,
      LoadBalancerAddresses: []
    })),
    // A network load balancer that was made without security groups has no such member.
    ...(b.groups.length === 0 ? {} : { SecurityGroups: b.groups.map((g) => g.id) }),
    IpAddressType: 'ipv4'
  }
}

export const describeLoadBalancers = read(
  (world, input: Pages & { LoadBalancerArns?: string[]; Names?: string[] }) => {
    checkQuestion(input, input.LoadBalancerArns, input.Names)
    let balancers = [...world.elb.balancers.values()]
    if (input.LoadBalancerArns !== undefined)
      balancers = input.LoadBalancerArns.map((arn) => balancerOf(world, arn))
    if (input.Names !== undefined) balancers = input.Names.map((name) => balancerNamed(world, name))
    const { items, next } = page(balancers, input.Marker, input.PageSize, 'ValidationError')
    return { LoadBalancers: items.map((b) => balancerShape(world, b)), NextMarker: next }
  }
)

/** A forward action: one group stands in both places, several only in the list of weights. */
function forwardShape(rule: Rule): Shape {
  const only = rule.forward.length === 1 ? rule.forward[0]?.group : undefined
  return {
    Type: 'forward',
    ...(only === undefined ? {} : { TargetGroupArn: only.arn }),
    Order: 1,
    ForwardConfig: {
      TargetGroups: rule.forward.map((f) => ({ TargetGroupArn: f.group.arn, Weight: f.weight })),
      TargetGroupStickinessConfig: { Enabled: false }
    }
  }
}

function listenerShape(listener: Listener): Shape {
  return {
    ListenerArn: listener.arn,
    LoadBalancerArn: listener.balancer.arn,
    Port: listener.port,
    Protocol: listener.protocol,
    DefaultActions: [forwardShape(listener.rules[0]!)]
  }
}

function ruleShape(rule: Rule): Shape {
  const condition = (Field: string, config: string, values: readonly string[]): Shape[] =>
    values.length === 0 ? [] : [{ Field, Values: values, [config]: { Values: values } }]
  return {
    RuleArn: rule.arn,
    Priority: String(rule.priority),
    Conditions: [
      ...condition('path-pattern', 'PathPatternConfig', rule.paths),
      ...condition('host-header', 'HostHeaderConfig', rule.hosts)
    ],
    Actions: [forwardShape(rule)],
    IsDefault: rule.priority === 'default'
  }
}

export const describeListeners = read(
  (world, input: Pages & { LoadBalancerArn?: string; ListenerArns?: string[] }) => {
    checkQuestion(input, input.LoadBalancerArn, input.ListenerArns)
    if (input.LoadBalancerArn === undefined && input.ListenerArns === undefined)
      throw invalid('You must specify either listener ARNs or a load balancer ARN')
    const { LoadBalancerArn: arn, ListenerArns: arns } = input
    const found =
      arns === undefined
        ? world.elb.listeners.filter((l) => l.balancer === balancerOf(world, arn ?? ''))
        : arns.map((one) => listenerOf(world, one))
    const { items, next } = page(found, input.Marker, input.PageSize, 'ValidationError')
    return { Listeners: items.map(listenerShape), NextMarker: next }
  }
)

export const describeRules = read((world, input: Pages & { ListenerArn?: string; RuleArns?: string[] }) => {
  checkQuestion(input)
  const { ListenerArn: arn, RuleArns: arns } = input
  if ((arn === undefined) === (arns === undefined))
    throw invalid('You must specify either a listener ARN or rule ARNs')
  const rules =
    arns === undefined ? listenerOf(world, arn ?? '').rules : arns.map((one) => ruleOf(world, one))
  // The default rule comes last.
  const order = (r: Rule): number => (r.priority === 'default' ? Infinity : r.priority)
  const sorted = [...rules].sort((a, b) => order(a) - order(b))
  const { items, next } = page(sorted, input.Marker, input.PageSize, 'ValidationError')
  return { Rules: items.map(ruleShape), NextMarker: next }
})

/** The tags of whatever an ARN names. */
function tagsOf(world: SimulatedWorld, arn: string): readonly Tag[] {
  if (arn.includes(':targetgroup/')) return groupOf(world, arn).settings.tags
  if (arn.includes(':loadbalancer/')) return balancerOf(world, arn).tags
  if (arn.includes(':listener-rule/')) ruleOf(world, arn)
  else listenerOf(world, arn)
  return []
}

export const describeTags = read((world, input: { ResourceArns: string[] }) => ({
  TagDescriptions: input.ResourceArns.map((ResourceArn) => ({
    ResourceArn,
    Tags: tagsOf(world, ResourceArn).map((t) => ({ Key: t.key, Value: t.value }))
  }))
}))

export const createLoadBalancer = write(
  (
    world,
    input: {
      Name: string
      Subnets?: string[]
      SubnetMappings?: { SubnetId?: string }[]
      SecurityGroups?: string[]
      Scheme?: string
      Type?: string
      Tags?: { Key: string; Value?: string }[]
    }
  ) => {
    const { Name: name, Type: type = 'application' } = input
    if (type !== 'application' && type !== 'network')
      throw new AwsError(
        'UnknownOperationException',
        `The simulator does not play load balancers of type '${type}'`
      )
    checkName('Load balancer', name)
    checkEnum('Scheme', input.Scheme, ['internet-facing', 'internal'])
    const ids = input.Subnets ?? (input.SubnetMappings ?? []).map((m) => m.SubnetId ?? '')
    const subnets = ids.map((id) => {
      const found = world.ec2.findSubnet(id)
      if (found === undefined) throw new AwsError('SubnetNotFound', `The subnet ID '${id}' does not exist`)
      return found
    })
    if (type === 'application' && new Set(subnets.map((s) => s.availabilityZone)).size < 2)
      throw invalid('At least two subnets in two different Availability Zones must be specified')
    if (subnets.length === 0) throw invalid('At least one subnet must be specified')
    if (new Set(subnets.map((s) => s.availabilityZone)).size < subnets.length)
      throw new AwsError(
        'InvalidConfigurationRequest',
        'A load balancer cannot be attached to multiple subnets in the same Availability Zone'
      )
    if (new Set(subnets.map((s) => s.vpc)).size > 1)
      throw new AwsError('InvalidConfigurationRequest', 'All subnets must belong to the same VPC')
    const securityGroups = input.SecurityGroups?.map((id) => {
      const found = world.ec2.findSecurityGroup(id)
      if (found === undefined)
        throw new AwsError('InvalidSecurityGroup', `Security group '${id}' does not exist`)
      return found
    })
    const scheme = input.Scheme === 'internal' ? 'internal' : 'internet-facing'
    const known = world.elb.balancers.get(name)
    if (known !== undefined) {
      const idsOf = (some: readonly { id: string }[]): string =>
        some
          .map(({ id }) => id)
          .sort()
          .join()
      const same =
        known.type === type &&
        known.scheme === scheme &&
        idsOf(known.subnets) === idsOf(subnets) &&
        (securityGroups === undefined || idsOf(known.groups) === idsOf(securityGroups))
      if (!same)
        throw new AwsError(
          'DuplicateLoadBalancerName',
          `A load balancer with the same name '${name}' exists, but with different settings`
        )
      return { LoadBalancers: [balancerShape(world, known)] }
    }
    const made = world.elb.loadBalancer(name, {
      type,
      scheme,
      subnets,
      ...(securityGroups === undefined ? {} : { securityGroups }),
      tags: (input.Tags ?? []).map((t) => ({ key: t.Key, value: t.Value ?? '' }))
    })
    made.state = 'provisioning'
    world.clock.after(provisioningMs, () => {
      made.state = 'active'
    })
    return { LoadBalancers: [balancerShape(world, made)] }
  }
)

/** How long a load balancer that was just made is `provisioning`. */
const provisioningMs = 120_000

interface ActionInput {
  Type: string
  TargetGroupArn?: string
  ForwardConfig?: { TargetGroups?: { TargetGroupArn?: string; Weight?: number }[] }
}

export const createListener = write(
  (
    world,
    input: { LoadBalancerArn: string; Port?: number; Protocol?: string; DefaultActions: ActionInput[] }
  ) => {
    const balancer = balancerOf(world, input.LoadBalancerArn)
    const [action] = input.DefaultActions
    if (action?.Type !== 'forward')
      throw new AwsError('UnknownOperationException', 'The simulator plays forward actions only')
    if (input.Port === undefined) throw invalid('A port must be specified')
    checkListener(balancer.type, input.Protocol, input.Port)
    if (world.elb.listeners.some((l) => l.balancer === balancer && l.port === input.Port))
      throw new AwsError('DuplicateListener', 'A listener already exists on this port for this load balancer')
    const one = action.TargetGroupArn
    const forward: Forward =
      one !== undefined
        ? groupOf(world, one)
        : (action.ForwardConfig?.TargetGroups ?? []).map((g) => ({
            targetGroup: groupOf(world, g.TargetGroupArn ?? ''),
            weight: g.Weight ?? 1
          }))
    if (!('arn' in forward) && forward.length === 0)
      throw invalid('A forward action needs at least one target group')
    const made = world.elb.listener(balancer, {
      port: input.Port,
      forward,
      ...(input.Protocol === undefined ? {} : { protocol: input.Protocol })
    })
    return { Listeners: [listenerShape(made)] }
  }
)
