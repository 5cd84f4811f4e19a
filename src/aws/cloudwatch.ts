import type { Alarm } from '../domain/service.js'
import type { Alarms } from '../ports.js'
import { call, type Patience } from './call.js'
import type { Clients } from './clients.js'

/** DescribeAlarms takes so many names at once. */
const mostNames = 100

/** Amazon CloudWatch alarms through the SDK. */
export class CloudWatch implements Alarms {
  constructor(
    private readonly clients: Clients,
    private readonly patience: Patience
  ) {}

  async states(names: string[]): Promise<Alarm[]> {
    const client = await this.clients.cloudWatch()
    const { DescribeAlarmsCommand } = await import('@aws-sdk/client-cloudwatch')
    const options = this.patience.signal ? { abortSignal: this.patience.signal } : {}
    const found: Alarm[] = []
    const wanted = [...new Set(names)]
    for (let i = 0; i < wanted.length; i += mostNames) {
      let token: string | undefined
      do {
        const page = await call('cloudwatch:DescribeAlarms', this.patience, () =>
          client.send(
            new DescribeAlarmsCommand({
              AlarmNames: wanted.slice(i, i + mostNames),
              // Without it, composite alarms are left out.
              AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
              MaxRecords: 100,
              ...(token === undefined ? {} : { NextToken: token })
            }),
            options
          )
        )
        for (const alarm of [...(page.MetricAlarms ?? []), ...(page.CompositeAlarms ?? [])])
          found.push(toAlarm(alarm))
        token = page.NextToken
      } while (token !== undefined && token !== '')
    }
    return found
  }
}

/** One alarm of DescribeAlarms, metric or composite. */
export function toAlarm(a: {
  AlarmName?: string | undefined
  StateValue?: string | undefined
  StateReason?: string | undefined
  Period?: number | undefined
  EvaluationPeriods?: number | undefined
}): Alarm {
  const windowMs = (a.Period ?? 0) * (a.EvaluationPeriods ?? 1) * 1000
  return {
    name: a.AlarmName ?? '',
    state: a.StateValue ?? 'UNKNOWN',
    ...(a.StateReason === undefined || a.StateReason === '' ? {} : { reason: a.StateReason }),
    ...(windowMs > 0 ? { windowMs } : {})
  }
}
