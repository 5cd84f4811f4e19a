import type { Listener, ListenerRule } from '../domain/surroundings.js'
import { isNetwork } from './behind.js'
import { of, type Facts } from './facts.js'

/** One way from a listener to a target group: its default action, or a rule. */
export interface Way {
  listener: Listener
  /** Absent: the default action. */
  rule?: { arn: string; priority: number; says: string }
  /** The priority of a rule that takes all of the same requests before. */
  before?: number
}

/** All ways by which requests come to a target group, and what of that could not be read. */
export interface Ways {
  ways: Way[]
  /** How many listeners were seen. */
  listeners: number
  unread?: string
}

/** How requests come to this target group from these load balancers. */
export function waysTo(facts: Facts, balancers: readonly string[], group: string): Ways {
  const ways: Way[] = []
  let listeners = 0
  let unread: string | undefined
  for (const balancer of balancers) {
    const seen = of(facts.listeners, balancer)
    if (!seen.known) {
      unread ??= seen.why
      continue
    }
    listeners += seen.value.length
    for (const listener of seen.value) {
      if (listener.targetGroups.includes(group)) ways.push({ listener })
      if (isNetwork(balancer)) continue
      const rules = of(facts.rules, listener.arn)
      if (rules.known) ways.push(...byRules(listener, rules.value, group))
      else unread ??= rules.why
    }
  }
  return { ways, listeners, ...(unread === undefined ? {} : { unread }) }
}

function byRules(listener: Listener, rules: readonly ListenerRule[], group: string): Way[] {
  return rules
    .filter((r) => r.targetGroups.includes(group))
    .map((rule) => {
      const before = rules
        .filter((r) => r.priority < rule.priority && !r.targetGroups.includes(group) && takesAll(r, rule))
        .map((r) => r.priority)
        .sort((a, b) => a - b)[0]
      const { arn, priority } = rule
      return {
        listener,
        rule: { arn, priority, says: sayConditions(rule) },
        ...(before === undefined ? {} : { before })
      }
    })
}

/** True when a rule takes every request that the other would take: certain, never guessed. */
function takesAll(first: ListenerRule, other: ListenerRule): boolean {
  return first.conditions.every(({ field, values }) => {
    if (values.some(isAnything)) return true
    return other.conditions.some(
      (c) =>
        c.field === field && c.values.length > 0 && c.values.every((v) => values.some((p) => covers(p, v)))
    )
  })
}

const isAnything = (pattern: string): boolean => pattern === '*' || pattern === '/*'

/** Whether a pattern takes all that the other takes; `*` stands for anything, elsewhere they must be equal. */
function covers(pattern: string, other: string): boolean {
  if (pattern === other) return true
  const open = pattern.endsWith('*') ? pattern.slice(0, -1) : undefined
  return open !== undefined && !/[*?]/.test(open) && other.startsWith(open)
}

function sayConditions({ conditions }: ListenerRule): string {
  return conditions.map(({ field, values }) => `${field} ${values.join(' or ')}`).join(', ')
}

/** `listener HTTPS 443` */
export function sayListener({ protocol, port }: Listener): string {
  return ['listener', protocol, port].filter((t) => t !== undefined).join(' ')
}
