import type * as sdk from '@aws-sdk/client-elastic-load-balancing-v2'
import type { TargetGroup } from '../domain/service.js'
import type { Balancer, Listener } from '../domain/surroundings.js'
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

function toListener(l: sdk.Listener): Listener {
  return {
    arn: l.ListenerArn ?? '',
    targetGroups: (l.DefaultActions ?? []).flatMap((a) => [
      ...(a.TargetGroupArn === undefined ? [] : [a.TargetGroupArn]),
      ...(a.ForwardConfig?.TargetGroups ?? []).flatMap((t) => t.TargetGroupArn ?? [])
    ]),
    ...(l.Port === undefined ? {} : { port: l.Port }),
    ...(l.Protocol === undefined ? {} : { protocol: l.Protocol })
  }
}
