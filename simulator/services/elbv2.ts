/** ELBv2 operations over the world. */
import { AwsError } from '../world/errors.js'
import type { LoadBalancer, Target, TargetGroup } from '../world/load-balancers.js'
import { targetTexts } from '../world/texts.js'
import type { SimulatedWorld } from '../world/world.js'
import { read, type Operation } from './operation.js'
import { page } from './paging.js'

function groupOf(world: SimulatedWorld, arn: string): TargetGroup {
  const found = world.elb.groups.get(arn)
  if (found === undefined) throw new AwsError('TargetGroupNotFound', 'One or more target groups not found')
  return found
}

function healthOf(group: TargetGroup, target: Target): Record<string, unknown> {
  const { healthCheckPort, targetType } = group.settings
  return {
    Target: {
      Id: target.id,
      Port: target.port,
      ...(targetType === 'ip' ? { AvailabilityZone: target.endpoint.availabilityZone } : {})
    },
    HealthCheckPort: healthCheckPort === 'traffic-port' ? String(target.port) : healthCheckPort,
    TargetHealth: {
      State: target.state,
      Reason: target.reason,
      Description: target.description
    }
  }
}

function describeTargetHealth(
  world: SimulatedWorld,
  input: { TargetGroupArn: string; Targets?: { Id: string; Port?: number }[] }
): Record<string, unknown> {
  const group = groupOf(world, input.TargetGroupArn)
  if (input.Targets === undefined)
    return { TargetHealthDescriptions: group.targetList.map((t) => healthOf(group, t)) }
  return {
    TargetHealthDescriptions: input.Targets.map((wanted) => {
      const found = group.targetList.find(
        (t) => t.id === wanted.Id && (wanted.Port === undefined || t.port === wanted.Port)
      )
      if (found !== undefined) return healthOf(group, found)
      return {
        Target: { Id: wanted.Id, Port: wanted.Port ?? group.settings.port },
        TargetHealth: {
          State: 'unused',
          Reason: targetTexts.notRegistered.reason,
          Description: targetTexts.notRegistered.description
        }
      }
    })
  }
}

function groupShape(group: TargetGroup): Record<string, unknown> {
  const s = group.settings
  const http = s.protocol.startsWith('HTTP')
  return {
    TargetGroupArn: group.arn,
    TargetGroupName: group.name,
    Protocol: s.protocol,
    Port: s.port,
    VpcId: s.vpcId,
    HealthCheckProtocol: s.protocol,
    HealthCheckPort: s.healthCheckPort,
    HealthCheckEnabled: true,
    HealthCheckIntervalSeconds: s.intervalSeconds,
    HealthCheckTimeoutSeconds: s.timeoutSeconds,
    HealthyThresholdCount: s.healthyThreshold,
    UnhealthyThresholdCount: s.unhealthyThreshold,
    ...(http
      ? { HealthCheckPath: s.healthCheckPath, Matcher: { HttpCode: s.matcher }, ProtocolVersion: 'HTTP1' }
      : {}),
    LoadBalancerArns: group.loadBalancer === undefined ? [] : [group.loadBalancer.arn],
    TargetType: s.targetType,
    IpAddressType: 'ipv4'
  }
}

function describeTargetGroups(
  world: SimulatedWorld,
  input: {
    LoadBalancerArn?: string
    TargetGroupArns?: string[]
    Names?: string[]
    Marker?: string
    PageSize?: number
  }
): Record<string, unknown> {
  let groups = [...world.elb.groups.values()]
  if (input.TargetGroupArns !== undefined) groups = input.TargetGroupArns.map((arn) => groupOf(world, arn))
  if (input.Names !== undefined)
    groups = input.Names.map((name) => {
      const found = groups.find((g) => g.name === name)
      if (found === undefined)
        throw new AwsError('TargetGroupNotFound', 'One or more target groups not found')
      return found
    })
  if (input.LoadBalancerArn !== undefined) {
    balancerOf(world, input.LoadBalancerArn)
    groups = groups.filter((g) => g.loadBalancer?.arn === input.LoadBalancerArn)
  }
  const { items, next } = page(groups, input.Marker, input.PageSize, 'ValidationError')
  return { TargetGroups: items.map(groupShape), NextMarker: next }
}

function balancerOf(
  world: SimulatedWorld,
  arn: string
): SimulatedWorld['elb']['balancers'] extends Map<string, infer B> ? B : never {
  const found = [...world.elb.balancers.values()].find((b) => b.arn === arn)
  if (found === undefined) throw new AwsError('LoadBalancerNotFound', 'One or more load balancers not found')
  return found
}

/** The name that clients use; that of an internal one says so. */
function dnsNameOf(world: SimulatedWorld, b: LoadBalancer): string {
  const internal = b.scheme === 'internal' ? 'internal-' : ''
  return b.type === 'network'
    ? `${b.name}-${b.id}.elb.${world.region}.amazonaws.com`
    : `${internal}${b.name}-1234567890.${world.region}.elb.amazonaws.com`
}

function describeLoadBalancers(
  world: SimulatedWorld,
  input: { LoadBalancerArns?: string[]; Names?: string[]; Marker?: string; PageSize?: number }
): Record<string, unknown> {
  let balancers = [...world.elb.balancers.values()]
  if (input.LoadBalancerArns !== undefined)
    balancers = input.LoadBalancerArns.map((arn) => balancerOf(world, arn))
  if (input.Names !== undefined)
    balancers = input.Names.map((name) => {
      const found = world.elb.balancers.get(name)
      if (found === undefined)
        throw new AwsError('LoadBalancerNotFound', 'One or more load balancers not found')
      return found
    })
  const { items, next } = page(balancers, input.Marker, input.PageSize, 'ValidationError')
  return {
    LoadBalancers: items.map((b) => ({
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
    })),
    NextMarker: next
  }
}

export const elbOperations: Record<string, Operation> = {
  DescribeTargetHealth: read(describeTargetHealth),
  DescribeTargetGroups: read(describeTargetGroups),
  DescribeTargetGroupAttributes: read((world, input: { TargetGroupArn: string }) => {
    const group = groupOf(world, input.TargetGroupArn)
    return {
      Attributes: [
        {
          Key: 'deregistration_delay.timeout_seconds',
          Value: String(group.settings.deregistrationDelaySeconds)
        },
        { Key: 'stickiness.enabled', Value: 'false' },
        { Key: 'load_balancing.algorithm.type', Value: 'round_robin' },
        { Key: 'slow_start.duration_seconds', Value: '0' }
      ]
    }
  }),
  DescribeLoadBalancers: read(describeLoadBalancers)
}
