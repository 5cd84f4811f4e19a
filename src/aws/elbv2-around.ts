import type * as sdk from '@aws-sdk/client-elastic-load-balancing-v2'
import type { TargetGroup } from '../domain/service.js'
import type { Balancer, Listener, ListenerRule } from '../domain/surroundings.js'
import { call, type Patience } from './call.js'
import type { Clients } from './clients.js'
import { toTargetGroup } from './elbv2.js'

/** What Elastic Load Balancing v2 says of load balancers, listeners and attributes. */
export class ElbAround {
  constructor(
    private readonly clients: Clients,
    private readonly patience: Patience
  ) {}

  async targetGroups(): Promise<TargetGroup[]> {
    const { DescribeTargetGroupsCommand } = await import('@aws-sdk/client-elastic-load-balancing-v2')
    const client = await this.clients.elb()
    const found: TargetGroup[] = []
    let Marker: string | undefined
    do {
      const input = Marker === undefined ? {} : { Marker }
      const answer = await call('elasticloadbalancing:DescribeTargetGroups', this.patience, () =>
        client.send(new DescribeTargetGroupsCommand(input), this.abort())
      )
      found.push(...(answer.TargetGroups ?? []).map(toTargetGroup))
      Marker = answer.NextMarker
    } while (Marker !== undefined && Marker !== '')
    return found
  }

  async attributes(TargetGroupArn: string): Promise<Record<string, string>> {
    const { DescribeTargetGroupAttributesCommand } = await import('@aws-sdk/client-elastic-load-balancing-v2')
    const client = await this.clients.elb()
    const answer = await call('elasticloadbalancing:DescribeTargetGroupAttributes', this.patience, () =>
      client.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn }), this.abort())
    )
    return Object.fromEntries((answer.Attributes ?? []).map((a) => [a.Key ?? '', a.Value ?? '']))
  }

  async balancers(LoadBalancerArns: string[]): Promise<Balancer[]> {
    const { DescribeLoadBalancersCommand } = await import('@aws-sdk/client-elastic-load-balancing-v2')
    const client = await this.clients.elb()
    const answer = await call('elasticloadbalancing:DescribeLoadBalancers', this.patience, () =>
      client.send(new DescribeLoadBalancersCommand({ LoadBalancerArns }), this.abort())
    )
    return (answer.LoadBalancers ?? []).map(toBalancer)
  }

  async listeners(LoadBalancerArn: string): Promise<Listener[]> {
    const { DescribeListenersCommand } = await import('@aws-sdk/client-elastic-load-balancing-v2')
    const client = await this.clients.elb()
    const found: Listener[] = []
    let Marker: string | undefined
    do {
      const input = { LoadBalancerArn, ...(Marker === undefined ? {} : { Marker }) }
      const answer = await call('elasticloadbalancing:DescribeListeners', this.patience, () =>
        client.send(new DescribeListenersCommand(input), this.abort())
      )
      found.push(...(answer.Listeners ?? []).map(toListener))
      Marker = answer.NextMarker
    } while (Marker !== undefined && Marker !== '')
    return found
  }

  async rules(ListenerArn: string): Promise<ListenerRule[]> {
    const { DescribeRulesCommand } = await import('@aws-sdk/client-elastic-load-balancing-v2')
    const client = await this.clients.elb()
    const found: ListenerRule[] = []
    let Marker: string | undefined
    do {
      const input = { ListenerArn, ...(Marker === undefined ? {} : { Marker }) }
      const answer = await call('elasticloadbalancing:DescribeRules', this.patience, () =>
        client.send(new DescribeRulesCommand(input), this.abort())
      )
      found.push(...(answer.Rules ?? []).flatMap(toRule))
      Marker = answer.NextMarker
    } while (Marker !== undefined && Marker !== '')
    return found
  }

  private abort(): { abortSignal?: AbortSignal } {
    return this.patience.signal ? { abortSignal: this.patience.signal } : {}
  }
}

function toBalancer(b: sdk.LoadBalancer): Balancer {
  return {
    arn: b.LoadBalancerArn ?? '',
    name: b.LoadBalancerName ?? '',
    securityGroups: b.SecurityGroups ?? [],
    zones: (b.AvailabilityZones ?? []).map((z) => ({
      zone: z.ZoneName ?? '',
      ...(z.SubnetId === undefined ? {} : { subnet: z.SubnetId })
    })),
    ...(b.Type === undefined ? {} : { type: b.Type }),
    ...(b.VpcId === undefined ? {} : { vpc: b.VpcId }),
    ...(b.DNSName === undefined ? {} : { dnsName: b.DNSName })
  }
}

/** The target groups that actions forward to; one of weight 0 gets no requests. */
function forwardedTo(actions: readonly sdk.Action[] = []): string[] {
  const arns = actions.flatMap(({ TargetGroupArn, ForwardConfig }) => {
    const weighed = ForwardConfig?.TargetGroups ?? []
    if (weighed.length === 0) return TargetGroupArn === undefined ? [] : [TargetGroupArn]
    return weighed.filter((t) => t.Weight !== 0).flatMap((t) => t.TargetGroupArn ?? [])
  })
  return [...new Set(arns)]
}

function toRule(r: sdk.Rule): ListenerRule[] {
  const priority = Number(r.Priority)
  if (r.IsDefault === true || r.RuleArn === undefined || !Number.isFinite(priority)) return []
  const conditions = (r.Conditions ?? []).map((c) => ({
    // Another header is another condition.
    field: [c.Field ?? '', c.HttpHeaderConfig?.HttpHeaderName].filter((t) => t !== undefined).join(' '),
    values: c.Values?.length ? c.Values : valuesOf(c)
  }))
  return [{ arn: r.RuleArn, priority, conditions, targetGroups: forwardedTo(r.Actions) }]
}

/** The values of a condition of any kind, in whichever member of its own it has them. */
function valuesOf(c: sdk.RuleCondition): string[] {
  const query = c.QueryStringConfig?.Values ?? []
  const others = [
    c.PathPatternConfig,
    c.HostHeaderConfig,
    c.HttpHeaderConfig,
    c.HttpRequestMethodConfig,
    c.SourceIpConfig
  ]
  return [
    ...others.flatMap((kind) => kind?.Values ?? []),
    ...query.map((v) => `${v.Key ?? ''}=${v.Value ?? ''}`)
  ]
}

function toListener(l: sdk.Listener): Listener {
  const targetGroups = forwardedTo(l.DefaultActions)
  const last = l.DefaultActions?.at(-1)
  const does = [last?.Type, last?.FixedResponseConfig?.StatusCode].filter((t) => t !== undefined).join(' ')
  return {
    arn: l.ListenerArn ?? '',
    targetGroups,
    ...(targetGroups.length > 0 || does === '' ? {} : { otherwise: does }),
    ...(l.Port === undefined ? {} : { port: l.Port }),
    ...(l.Protocol === undefined ? {} : { protocol: l.Protocol })
  }
}
