import { AwsFault, type Logs, type LogStream } from '../ports.js'
import { call, type Patience } from './call.js'
import type { Clients } from './clients.js'

/** GetLogEvents may answer an empty page and still have more; so many are asked for. */
const mostPages = 3

/** Amazon CloudWatch Logs through the SDK. */
export class CloudWatchLogs implements Logs {
  constructor(
    private readonly clients: Clients,
    private readonly patience: Patience
  ) {}

  async lastLines(
    { group, stream, region }: LogStream,
    most: number,
    until?: AbortSignal
  ): Promise<string[]> {
    const client = await this.clients.logs(region)
    const { GetLogEventsCommand } = await import('@aws-sdk/client-cloudwatch-logs')
    const signals = [this.patience.signal, until].filter((s) => s !== undefined)
    const signal = AbortSignal.any(signals)
    const patience = { ...this.patience, signal }
    let lines: string[] = []
    let token: string | undefined
    for (let page = 0; page < mostPages && lines.length < most; page += 1) {
      const input = {
        logGroupName: group,
        logStreamName: stream,
        limit: most,
        // From the end; the token then leads backwards.
        startFromHead: false,
        ...(token === undefined ? {} : { nextToken: token })
      }
      const answer = await call('logs:GetLogEvents', patience, () =>
        client.send(new GetLogEventsCommand(input), { abortSignal: signal })
      ).catch((error: unknown) => {
        if (error instanceof AwsFault && error.errorCode === 'ResourceNotFoundException') return undefined
        throw error
      })
      if (!answer) return lines
      lines = [...(answer.events ?? []).map((e) => e.message ?? ''), ...lines]
      // The end is reached when the token stays the same.
      if (answer.nextBackwardToken === undefined || answer.nextBackwardToken === token) break
      token = answer.nextBackwardToken
    }
    return lines.slice(-most)
  }
}
