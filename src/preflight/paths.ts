import type { Permission, SecurityGroup } from '../domain/surroundings.js'

/** What a rule says to a packet: it may pass, it may not, or the rule cannot be read from here (a prefix list). */
export type Passes = 'yes' | 'maybe' | 'no'

/** The other side of a packet's way. */
export interface Side {
  groups: readonly string[]
  /** Where it stands: the CIDRs of its subnets; empty when they are not known. */
  cidrs: readonly string[]
}

/** Somewhere in the internet. */
export const internet: Side = { groups: [], cidrs: ['0.0.0.0/0'] }

/** Whether TCP to this port passes any of these rules. */
export function passes(rules: readonly Permission[], port: number, other: Side): Passes {
  const answers = rules.filter((rule) => onPort(rule, port)).map((rule) => admits(rule, other))
  return answers.includes('yes') ? 'yes' : answers.includes('maybe') ? 'maybe' : 'no'
}

/** Security groups add up: what one of them admits, passes. Groups that were not found may admit anything. */
export function passesAny(
  ids: readonly string[],
  known: ReadonlyMap<string, SecurityGroup>,
  direction: 'ingress' | 'egress',
  port: number,
  other: Side
): Passes {
  const answers = ids.map((id) => {
    const group = known.get(id)
    // A group without any rule in either direction is more likely one that was not described.
    if (!group || group.ingress.length + group.egress.length === 0) return 'maybe'
    return passes(group[direction], port, other)
  })
  return answers.includes('yes') ? 'yes' : answers.includes('maybe') || answers.length === 0 ? 'maybe' : 'no'
}

function onPort({ protocol, from, to }: Permission, port: number): boolean {
  if (protocol === '-1') return true
  if (protocol !== 'tcp' && protocol !== '6') return false
  return from === undefined || (port >= from && port <= (to ?? from))
}

function admits(rule: Permission, other: Side): Passes {
  // What it lets through is of a kind that is not read: IPv6, say.
  if (rule.groups.length + rule.cidrs.length + rule.prefixLists.length === 0) return 'maybe'
  if (rule.groups.some((id) => other.groups.includes(id))) return 'yes'
  if (other.cidrs.length > 0 && other.cidrs.every((cidr) => rule.cidrs.some((r) => covers(r, cidr))))
    return 'yes'
  const near =
    other.cidrs.length === 0
      ? rule.cidrs.length > 0
      : other.cidrs.some((cidr) => rule.cidrs.some((r) => covers(r, cidr) || covers(cidr, r)))
  return near || rule.prefixLists.length > 0 ? 'maybe' : 'no'
}

/** True when every address of the second block is in the first. */
export function covers(outer: string, inner: string): boolean {
  const a = block(outer)
  const b = block(inner)
  if (!a || !b || a.bits > b.bits) return false
  const shift = 32 - a.bits
  return a.bits === 0 || Math.floor(a.start / 2 ** shift) === Math.floor(b.start / 2 ** shift)
}

/** The first address and the length of a block of IPv4 addresses; undefined for anything else. */
function block(cidr: string): { start: number; bits: number } | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/.exec(cidr)
  if (!match) return undefined
  const [a = 0, b = 0, c = 0, d = 0] = match.slice(1, 5).map(Number)
  const bits = Number(match[5] ?? 32)
  return { start: ((a * 256 + b) * 256 + c) * 256 + d, bits }
}
