/** What stories and tests say to CloudWatch. */

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'

export interface AlarmOptions {
  /** The state at the beginning. Default OK. */
  state?: AlarmState
  /** States it takes by itself, so many seconds from now. */
  changes?: { after: number; state: AlarmState; reason?: string }[]
  /** Makes it a composite alarm, e.g. `ALARM("errors") OR ALARM("latency")`; its state follows from the rule. */
  rule?: string
  description?: string
  /** Members of the metric alarm that differ from the defaults (Namespace, MetricName, Threshold, …). */
  metric?: Record<string, unknown>
  /** Seconds of one period and how many are looked at: the bake time of a deployment follows from them. */
  period?: number
  evaluationPeriods?: number
}

export interface AlarmHandle {
  readonly name: string
  readonly arn: string
  readonly state: AlarmState
  /** Gives the alarm a state, as its metric or SetAlarmState would. */
  set(state: AlarmState, reason?: string): void
}

export interface CloudWatchBuilder {
  alarm(name: string, options?: AlarmOptions): AlarmHandle
}
