/** The rules of composite alarms: AND, OR, NOT, TRUE, FALSE and the states of other alarms. */
import type { AlarmState } from '../api.js'
import { AwsError } from '../errors.js'

/** Splits a rule into words; a name may stand in quotes. */
const words = /\s*(?:(\()|(\))|"([^"]*)"|([^\s()"]+))/y

type Word = { kind: 'open' | 'close' } | { kind: 'text'; text: string }

/** A rule that can be asked, and the names (or ARNs) of the alarms it looks at. */
export interface AlarmRule {
  holds(stateOf: (name: string) => AlarmState | undefined): boolean
  readonly children: readonly string[]
}

/** Reads a rule; throws ValidationError when it is none. Documented by CloudWatch's PutCompositeAlarm. */
export function parseRule(rule: string): AlarmRule {
  const wrong = (): never => {
    throw new AwsError('ValidationError', `AlarmRule is not valid: ${rule}`)
  }
  const list = split(rule.trim(), wrong)
  const children: string[] = []
  let at = 0
  const isText = (text: string): boolean => {
    const word = list[at]
    return word?.kind === 'text' && word.text === text
  }
  type Term = (stateOf: (name: string) => AlarmState | undefined) => boolean
  const either = (): Term => {
    let left = both()
    while (isText('OR')) {
      at++
      const [a, b] = [left, both()]
      left = (s) => a(s) || b(s)
    }
    return left
  }
  const both = (): Term => {
    let left = term()
    while (isText('AND')) {
      at++
      const [a, b] = [left, term()]
      left = (s) => a(s) && b(s)
    }
    return left
  }
  const close = (): void => {
    if (list[at++]?.kind !== 'close') wrong()
  }
  const term = (): Term => {
    const word = list[at++]
    if (word?.kind === 'open') {
      const inside = either()
      close()
      return inside
    }
    if (word?.kind !== 'text') return wrong()
    if (word.text === 'NOT') {
      const negated = term()
      return (s) => !negated(s)
    }
    if (word.text === 'TRUE' || word.text === 'FALSE') return () => word.text === 'TRUE'
    const { text: state } = word
    if (state !== 'ALARM' && state !== 'OK' && state !== 'INSUFFICIENT_DATA') return wrong()
    if (list[at++]?.kind !== 'open') return wrong()
    const name = list[at++]
    if (name?.kind !== 'text') return wrong()
    close()
    children.push(name.text)
    return (stateOf) => stateOf(name.text) === state
  }
  const holds = either()
  if (at !== list.length) wrong()
  return { holds, children }
}

function split(rule: string, wrong: () => never): Word[] {
  const list: Word[] = []
  words.lastIndex = 0
  while (words.lastIndex < rule.length) {
    const found = words.exec(rule)
    if (found === null) return wrong()
    const [, open, closing, quoted, plain] = found
    if (open !== undefined) list.push({ kind: 'open' })
    else if (closing !== undefined) list.push({ kind: 'close' })
    else list.push({ kind: 'text', text: quoted ?? plain ?? '' })
  }
  return list
}
