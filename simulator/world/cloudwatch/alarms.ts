/** CloudWatch alarms: names with a state, and whoever watches them. */
import type { Clock } from '../../clock.js'
import { alarmTexts } from './alarm-texts.js'
import { parseRule, type AlarmRule } from './alarm-rules.js'
import type { AlarmHandle, AlarmOptions, AlarmState, CloudWatchBuilder } from '../api.js'
import type { Happen } from '../happenings.js'
import { lastOf } from '../ids.js'

export interface AlarmChange {
  time: number
  from: AlarmState
  to: AlarmState
  reason: string
}

/** One alarm, of a metric or composite. */
export class Alarm implements AlarmHandle {
  state: AlarmState
  reason: string
  reasonData: string | undefined
  /** Epoch ms of the last report of a state, and of the last that differed from the one before. */
  updatedAt: number
  transitionedAt: number
  readonly createdAt: number
  readonly arn: string
  /** Oldest first. */
  readonly history: AlarmChange[] = []
  readonly rule: AlarmRule | undefined

  constructor(
    private readonly home: Alarms,
    readonly name: string,
    readonly options: AlarmOptions,
    now: number
  ) {
    this.arn = `${home.prefix}:alarm:${name}`
    this.rule = options.rule === undefined ? undefined : parseRule(options.rule)
    this.state = options.state ?? 'OK'
    this.reason = this.state === 'INSUFFICIENT_DATA' ? alarmTexts.created.say() : this.usualReason(this.state)
    this.createdAt = this.updatedAt = this.transitionedAt = now
  }

  get threshold(): number {
    const given = this.options.metric?.Threshold
    return typeof given === 'number' ? given : 1
  }

  /** Seconds from one period's trouble to an alarm that knows it. */
  get window(): number {
    return (this.options.period ?? 60) * (this.options.evaluationPeriods ?? 1)
  }

  private usualReason(state: AlarmState): string {
    if (state === 'INSUFFICIENT_DATA') return alarmTexts.noData.say()
    return state === 'ALARM'
      ? alarmTexts.crossed.say(this.threshold + 4, this.threshold)
      : alarmTexts.within.say(0, this.threshold)
  }

  set(state: AlarmState, reason = this.usualReason(state), reasonData?: string): void {
    this.home.change(this, state, reason, reasonData)
  }
}

/** Every alarm of the region. */
export class Alarms implements CloudWatchBuilder {
  readonly all = new Map<string, Alarm>()
  readonly prefix: string
  private listeners: ((alarm: Alarm) => void)[] = []

  constructor(
    private readonly clock: Clock,
    region: string,
    account: string,
    private readonly happen: Happen
  ) {
    this.prefix = `arn:aws:cloudwatch:${region}:${account}`
  }

  alarm(name: string, options: AlarmOptions = {}): Alarm {
    const made = new Alarm(this, name, options, this.clock.now())
    this.all.set(name, made)
    for (const { after, state, reason } of options.changes ?? [])
      this.clock.after(after * 1000, () => made.set(state, reason))
    if (made.rule !== undefined) this.evaluate(made, made)
    return made
  }

  /** The alarm of a name or an ARN. */
  find(ref: string): Alarm | undefined {
    return this.all.get(ref.startsWith('arn:') ? lastOf(ref.replace(':alarm:', ':alarm/')) : ref)
  }

  /** Tells whoever watches when an alarm's state is another than before. */
  watch(listener: (alarm: Alarm) => void): void {
    this.listeners.push(listener)
  }

  /** A state is reported for an alarm; composite alarms over it follow at once. */
  change(alarm: Alarm, state: AlarmState, reason: string, reasonData: string | undefined): void {
    const now = this.clock.now()
    const from = alarm.state
    alarm.reason = reason
    alarm.reasonData = reasonData
    alarm.updatedAt = now
    if (from === state) return
    alarm.state = state
    alarm.transitionedAt = now
    alarm.history.push({ time: now, from, to: state, reason })
    this.happen('alarm-state', `alarm ${alarm.name} is ${state}`, { alarm: alarm.name, state })
    for (const listener of this.listeners) listener(alarm)
    for (const other of this.all.values())
      if (other.rule?.children.some((child) => this.find(child) === alarm) === true)
        this.evaluate(other, alarm)
  }

  private evaluate(composite: Alarm, cause: Alarm): void {
    const state = composite.rule!.holds((name) => this.find(name)?.state) ? 'ALARM' : 'OK'
    if (state !== composite.state)
      this.change(composite, state, alarmTexts.composite.say(cause.arn, cause.state), undefined)
  }
}
