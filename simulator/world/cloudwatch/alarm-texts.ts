/** What CloudWatch says of alarms, in the form of texts.ts. */
import { text } from '../texts.js'

/** `StateReason` and the summaries of an alarm's history; the wordings are those of CloudWatch's examples. */
export const alarmTexts = {
  created: text('SDK-CW', 'INF', () => 'Unchecked: Initial alarm creation'),
  crossed: text(
    'SDK-CW',
    'DOC',
    (value: number, threshold: number) =>
      `Threshold Crossed: 1 datapoint [${value.toFixed(1)}] was greater than or equal to the threshold (${threshold.toFixed(1)}).`
  ),
  within: text(
    'SDK-CW',
    'DOC',
    (value: number, threshold: number) =>
      `Threshold Crossed: 1 datapoint [${value.toFixed(1)}] was not greater than or equal to the threshold (${threshold.toFixed(1)}).`
  ),
  noData: text('SDK-CW', 'DOC', () => 'Insufficient Data: 1 datapoint was unknown.'),
  composite: text(
    'SDK-CW',
    'INF',
    (arn: string, state: string) => `${arn} transitioned to ${state}; the rule was evaluated`
  ),
  updated: text('SDK-CW', 'DOC', (from: string, to: string) => `Alarm updated from ${from} to ${to}`),
  notThere: text('SDK-CW', 'INF', (name: string) => `Alarm ${name} does not exist`)
}
