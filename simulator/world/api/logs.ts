/** What stories and tests say to CloudWatch Logs. */

export interface LogGroupHandle {
  readonly name: string
  readonly arn: string
  /** Writes into a stream (made when new); each line is an event. */
  write(stream: string, text: string): void
}

export interface LogsBuilder {
  /**
   * A group that exists, made when new. The groups that the story's own task definitions name exist by themselves;
   * one that only a registration over the wire names does not.
   */
  group(name: string): LogGroupHandle
  /** Deletes a group with its streams: tasks that log to it do not start any more. */
  remove(name: string): void
}
