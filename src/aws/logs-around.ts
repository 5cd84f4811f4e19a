import { AwsFault, NotFound } from '../ports.js'
import { call, type Patience } from './call.js'
import type { Clients } from './clients.js'

/** Whether a log group exists: asked for one of its streams, since only that answer names exactly this group. */
export class LogsAround {
  constructor(
    private readonly clients: Clients,
    private readonly patience: Patience
  ) {}

  async logGroup(logGroupName: string, region?: string): Promise<void> {
    const { DescribeLogStreamsCommand } = await import('@aws-sdk/client-cloudwatch-logs')
    const client = await this.clients.logs(region)
    const options = this.patience.signal ? { abortSignal: this.patience.signal } : {}
    await call('logs:DescribeLogStreams', this.patience, () =>
      client.send(new DescribeLogStreamsCommand({ logGroupName, limit: 1 }), options)
    ).catch((error: unknown) => {
      if (error instanceof AwsFault && error.errorCode === 'ResourceNotFoundException')
        throw new NotFound(`log group ${logGroupName} does not exist`)
      throw error
    })
  }
}
