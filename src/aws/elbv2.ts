import type * as sdk from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Target } from '../domain/service.js'
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
