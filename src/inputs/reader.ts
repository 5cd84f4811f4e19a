import { parseDuration } from '../domain/duration.js'

/** Reads one input by its name in action.yml; an empty text means not given. */
export type GetInput = (name: string) => string

/** A value as it stands in a message: short, and with every invisible character made visible. */
export function shown(value: string): string {
  const visible = value.replace(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (c) => `\\u${(c.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`
  )
  return visible.length > 200 ? `${visible.slice(0, 200)}…` : visible
}

/** Typed access to inputs; each method adds to the problems and gives a stand-in when the value is wrong. */
export class Reader {
  constructor(
    readonly text: GetInput,
    private readonly problems: string[]
  ) {}

  lines(name: string): string[] {
    return this.text(name)
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '')
  }

  oneOf<T extends string>(name: string, allowed: readonly T[], fallback: T): T {
    const value = this.text(name)
    if (value === '') return fallback
    const found = allowed.find((a) => a === value)
    if (found === undefined)
      this.problems.push(`${name} "${shown(value)}" is not allowed: ${allowed.join(', ')}.`)
    return found ?? fallback
  }

  boolean(name: string, fallback: boolean): boolean {
    const value = this.text(name)
    if (value === '') return fallback
    // The values that YAML 1.2 reads as booleans.
    if (/^(true|True|TRUE)$/.test(value)) return true
    if (/^(false|False|FALSE)$/.test(value)) return false
    this.problems.push(`${name} "${shown(value)}" is not allowed: true, false.`)
    return fallback
  }

  integer(name: string, least: number, most: number): number | undefined {
    const value = this.text(name)
    if (value === '') return undefined
    const number = /^\d{1,9}$/.test(value) ? Number(value) : NaN
    if (number >= least && number <= most) return number
    this.problems.push(`${name} "${shown(value)}" is not allowed: an integer from ${least} to ${most}.`)
    return undefined
  }

  duration(name: string, fallback: string, least: number, most: number, range: string): number {
    const text = this.text(name) || fallback
    const ms = parseDuration(text)
    if (ms !== undefined && ms >= least && ms <= most) return ms
    this.problems.push(
      ms === undefined
        ? `${name} "${shown(text)}" is not a duration: write it as 90s, 30m or 1h.`
        : `${name} "${shown(text)}" is out of range: ${range}.`
    )
    return parseDuration(fallback) ?? least
  }
}
