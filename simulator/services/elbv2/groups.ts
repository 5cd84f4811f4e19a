/** Target groups over the wire: describe, create, modify, attributes. */
import { isDeepStrictEqual } from 'node:util'
import { AwsError } from '../../world/errors.js'
import type { TargetGroup } from '../../world/elb/load-balancers.js'
import type { TargetGroupOptions } from '../../world/api.js'
import { readsHttp, settingsOf } from '../../world/elb/target-checks.js'
import { read, write } from '../operation.js'
import { page } from '../paging.js'
import { checkHealthChecks, checkName, checkProtocol, checkQuestion } from './checks.js'
import { balancerOf, groupNamed, groupOf, invalid, type Pages } from './find.js'

function groupShape(group: TargetGroup): Record<string, unknown> {
  const s = group.settings
  const code = s.protocolVersion === 'GRPC' ? 'GrpcCode' : 'HttpCode'
  return {
    TargetGroupArn: group.arn,
    TargetGroupName: group.name,
    Protocol: s.protocol,
    Port: s.port,
    VpcId: s.vpcId,
    HealthCheckProtocol: s.healthCheckProtocol,
    HealthCheckPort: s.healthCheckPort,
    HealthCheckEnabled: s.healthCheckEnabled,
    HealthCheckIntervalSeconds: s.intervalSeconds,
    HealthCheckTimeoutSeconds: s.timeoutSeconds,
    HealthyThresholdCount: s.healthyThreshold,
    UnhealthyThresholdCount: s.unhealthyThreshold,
    ...(readsHttp(s) ? { HealthCheckPath: s.healthCheckPath, Matcher: { [code]: s.matcher } } : {}),
    ...(s.protocol.startsWith('HTTP') ? { ProtocolVersion: s.protocolVersion } : {}),
    LoadBalancerArns: group.loadBalancers.map((b) => b.arn),
    TargetType: s.targetType,
    IpAddressType: 'ipv4'
  }
}

export const describeTargetGroups = read(
  (world, input: Pages & { LoadBalancerArn?: string; TargetGroupArns?: string[]; Names?: string[] }) => {
    checkQuestion(input, input.LoadBalancerArn, input.TargetGroupArns, input.Names)
    let groups = [...world.elb.groups.values()]
    if (input.TargetGroupArns !== undefined) groups = input.TargetGroupArns.map((arn) => groupOf(world, arn))
    if (input.Names !== undefined) groups = input.Names.map((name) => groupNamed(world, name))
    if (input.LoadBalancerArn !== undefined) {
      const balancer = balancerOf(world, input.LoadBalancerArn)
      groups = groups.filter((g) => balancer.forwardsTo(g))
    }
    const { items, next } = page(groups, input.Marker, input.PageSize, 'ValidationError')
    return { TargetGroups: items.map(groupShape), NextMarker: next }
  }
)

/** The members that Create and Modify share. */
interface Checks {
  HealthCheckProtocol?: string
  HealthCheckPort?: string
  HealthCheckPath?: string
  HealthCheckEnabled?: boolean
  HealthCheckIntervalSeconds?: number
  HealthCheckTimeoutSeconds?: number
  HealthyThresholdCount?: number
  UnhealthyThresholdCount?: number
  Matcher?: { HttpCode?: string; GrpcCode?: string }
}

type Options = Partial<TargetGroup['settings']>

/** Leaves out what was not said, so that defaults and present settings stay. */
function said<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>
}

function checksOf(input: Checks): Options {
  return said({
    healthCheckProtocol: input.HealthCheckProtocol as TargetGroupOptions['healthCheckProtocol'],
    healthCheckPort: input.HealthCheckPort,
    healthCheckPath: input.HealthCheckPath,
    intervalSeconds: input.HealthCheckIntervalSeconds,
    timeoutSeconds: input.HealthCheckTimeoutSeconds,
    healthyThreshold: input.HealthyThresholdCount,
    unhealthyThreshold: input.UnhealthyThresholdCount,
    matcher: input.Matcher?.HttpCode ?? input.Matcher?.GrpcCode
  }) as Options
}

/** The documented ranges, and that a check ends before the next begins. */
function refuseBadChecks(options: Options, interval: number, timeout: number): void {
  const ranges = [
    ['Health check interval', options.intervalSeconds, 5, 300],
    ['Health check timeout', options.timeoutSeconds, 2, 120],
    ['Healthy threshold count', options.healthyThreshold, 2, 10],
    ['Unhealthy threshold count', options.unhealthyThreshold, 2, 10]
  ] as const
  for (const [name, value, low, high] of ranges)
    if (value !== undefined && (value < low || value > high))
      throw invalid(`${name} '${value}' must be between ${low} and ${high}`)
  if (timeout > interval)
    throw invalid(
      `Health check timeout '${timeout}' must be smaller than or equal to the interval '${interval}'`
    )
}

function refuseDisabled(enabled: boolean | undefined, type: string): void {
  if (enabled === false)
    throw invalid(`Health check enabled must be true for target groups with target type '${type}'`)
}

export const createTargetGroup = write(
  (
    world,
    input: Checks & {
      Name: string
      Protocol?: string
      ProtocolVersion?: string
      Port?: number
      VpcId?: string
      TargetType?: string
      Tags?: { Key: string; Value?: string }[]
    }
  ) => {
    const { Name: name, TargetType: type = 'instance' } = input
    if (type !== 'ip' && type !== 'instance')
      throw new AwsError(
        'UnknownOperationException',
        `The simulator does not play target groups of type '${type}'`
      )
    checkName('Target group', name)
    if (input.Port === undefined || input.Protocol === undefined)
      throw invalid('A port and a protocol must be specified')
    if (input.VpcId === undefined) throw invalid('A VPC ID must be specified')
    if (!world.ec2.vpcs.has(input.VpcId)) throw invalid(`The VPC ID '${input.VpcId}' is not found`)
    refuseDisabled(input.HealthCheckEnabled, type)
    checkProtocol(input.Protocol, input.ProtocolVersion, input.Port)
    const checks = checksOf(input)
    checkHealthChecks(checks, input.Protocol, input.ProtocolVersion === 'GRPC')
    const timeout = checks.timeoutSeconds ?? (input.Protocol === 'HTTP' ? 6 : 10)
    refuseBadChecks(checks, checks.intervalSeconds ?? 30, timeout)
    const wanted = {
      ...checks,
      protocol: input.Protocol,
      ...said({ protocolVersion: input.ProtocolVersion as TargetGroupOptions['protocolVersion'] }),
      port: input.Port,
      vpcId: input.VpcId,
      targetType: type,
      tags: (input.Tags ?? []).map((t) => ({ key: t.Key, value: t.Value ?? '' })),
      loadBalancer: null
    } as TargetGroupOptions
    // Who asks for what is there already has what he wants; with other settings the name is taken.
    const known = [...world.elb.groups.values()].find((g) => g.name === name)
    if (known !== undefined && !isDeepStrictEqual(known.settings, settingsOf(wanted, input.VpcId)))
      throw new AwsError(
        'DuplicateTargetGroupName',
        `A target group with the same name '${name}' exists, but with different settings`
      )
    const made = known ?? world.elb.targetGroup(name, wanted)
    return { TargetGroups: [groupShape(made)] }
  }
)

export const modifyTargetGroup = write((world, input: Checks & { TargetGroupArn: string }) => {
  const group = groupOf(world, input.TargetGroupArn)
  refuseDisabled(input.HealthCheckEnabled, group.settings.targetType)
  const checks = checksOf(input)
  const { intervalSeconds, timeoutSeconds, protocol, protocolVersion } = { ...group.settings, ...checks }
  checkHealthChecks(checks, protocol, protocolVersion === 'GRPC')
  refuseBadChecks(checks, intervalSeconds, timeoutSeconds)
  Object.assign(group.settings, checks)
  group.pokeAll()
  return { TargetGroups: [groupShape(group)] }
})

const delayKey = 'deregistration_delay.timeout_seconds'
const drainingKey = 'target_health_state.unhealthy.draining_interval_seconds'

function attributesOf(group: TargetGroup): { Key: string; Value: string }[] {
  const { deregistrationDelaySeconds, unhealthyDrainingSeconds, protocol } = group.settings
  const delay = { Key: delayKey, Value: String(deregistrationDelaySeconds) }
  const stickiness = { Key: 'stickiness.enabled', Value: 'false' }
  if (protocol.startsWith('HTTP'))
    return [
      delay,
      stickiness,
      { Key: 'load_balancing.algorithm.type', Value: 'round_robin' },
      { Key: 'slow_start.duration_seconds', Value: '0' }
    ]
  return [
    delay,
    stickiness,
    { Key: 'deregistration_delay.connection_termination.enabled', Value: 'false' },
    {
      Key: 'target_health_state.unhealthy.connection_termination.enabled',
      Value: String(unhealthyDrainingSeconds === 0)
    },
    { Key: drainingKey, Value: String(unhealthyDrainingSeconds) }
  ]
}

export const describeTargetGroupAttributes = read((world, input: { TargetGroupArn: string }) => ({
  Attributes: attributesOf(groupOf(world, input.TargetGroupArn))
}))

function secondsOf(key: string, value: string, most: number): number {
  const seconds = /^\d+$/.test(value) ? Number(value) : NaN
  if (!(seconds <= most))
    throw new AwsError('InvalidConfigurationRequest', `'${key}' must be between 0 and ${most} seconds`)
  return seconds
}

export const modifyTargetGroupAttributes = write(
  (world, input: { TargetGroupArn: string; Attributes: { Key?: string; Value?: string }[] }) => {
    const group = groupOf(world, input.TargetGroupArn)
    const changes: Options = {}
    for (const { Key: key, Value: value = '' } of input.Attributes) {
      if (key === delayKey) changes.deregistrationDelaySeconds = secondsOf(key, value, 3600)
      else if (key === drainingKey) changes.unhealthyDrainingSeconds = secondsOf(key, value, 360_000)
      else
        throw new AwsError(
          'InvalidConfigurationRequest',
          `The simulator does not play the attribute '${key ?? ''}'`
        )
    }
    Object.assign(group.settings, changes)
    return { Attributes: attributesOf(group) }
  }
)
