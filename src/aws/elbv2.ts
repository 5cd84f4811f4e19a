import type * as sdk from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Target, TargetGroup } from '../domain/service.js'
import type { Targets } from '../ports.js'
import { call, type Patience } from './call.js'
import type { Clients } from './clients.js'

/** Elastic Load Balancing v2 through the SDK. */
export class Elb implements Targets {
  constructor(
    private readonly clients: Clients,
    private readonly patience: Patience
  ) {}

  async health(targetGroupArn: string): Promise<Target[]> {
    const elb = await this.clients.elb()
    const { DescribeTargetHealthCommand } = await import('@aws-sdk/client-elastic-load-balancing-v2')
    const options = this.patience.signal ? { abortSignal: this.patience.signal } : {}
    const answer = await call('elasticloadbalancing:DescribeTargetHealth', this.patience, () =>
      elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }), options)
    )
    return (answer.TargetHealthDescriptions ?? []).map(toTarget)
  }

  async describe(targetGroupArns: string[]): Promise<TargetGroup[]> {
    const elb = await this.clients.elb()
    const { DescribeTargetGroupsCommand } = await import('@aws-sdk/client-elastic-load-balancing-v2')
    const options = this.patience.signal ? { abortSignal: this.patience.signal } : {}
    const answer = await call('elasticloadbalancing:DescribeTargetGroups', this.patience, () =>
      elb.send(new DescribeTargetGroupsCommand({ TargetGroupArns: targetGroupArns }), options)
    )
    return (answer.TargetGroups ?? []).map(toTargetGroup)
  }
}

/** One entry of DescribeTargetGroups. */
export function toTargetGroup(g: sdk.TargetGroup): TargetGroup {
  const ms = (seconds: number | undefined) => (seconds === undefined ? undefined : seconds * 1000)
  const group = {
    arn: g.TargetGroupArn ?? '',
    intervalMs: ms(g.HealthCheckIntervalSeconds),
    timeoutMs: ms(g.HealthCheckTimeoutSeconds),
    unhealthyThreshold: g.UnhealthyThresholdCount,
    protocol: g.HealthCheckProtocol,
    port: g.HealthCheckPort,
    path: g.HealthCheckPath,
    healthyThreshold: g.HealthyThresholdCount,
    matcher: g.Matcher?.HttpCode ?? g.Matcher?.GrpcCode,
    targetType: g.TargetType,
    vpc: g.VpcId,
    trafficPort: g.Port,
    addressType: g.IpAddressType,
    loadBalancers: g.LoadBalancerArns
  }
  return Object.fromEntries(
    Object.entries(group).filter(([, v]) => v !== undefined)
  ) as unknown as TargetGroup
}

/** One entry of DescribeTargetHealth. */
export function toTarget(d: sdk.TargetHealthDescription): Target {
  return {
    id: d.Target?.Id ?? '',
    state: d.TargetHealth?.State ?? 'unknown',
    ...(d.Target?.Port === undefined ? {} : { port: d.Target.Port }),
    ...(d.TargetHealth?.Reason === undefined ? {} : { reason: d.TargetHealth.Reason }),
    ...(d.TargetHealth?.Description === undefined ? {} : { description: d.TargetHealth.Description })
  }
}
