/** What action.yml says: its scripts, its inputs, when its post runs. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { Conclusion } from './types.js'

export interface Manifest {
  inputs?: Record<string, { default?: unknown; deprecationMessage?: string } | null>
  runs: { main: string; post?: string; 'post-if'?: string; using: string }
}

/** Reads action.yml. Throws when there is none or it is no JavaScript action. */
export function readManifest(action: string): Manifest {
  const file = ['action.yml', 'action.yaml']
    .map((name) => join(action, name))
    .find((path) => existsSync(path))
  if (file === undefined) throw new Error(`No action.yml in ${action}`)
  const manifest = parse(readFileSync(file, 'utf8')) as Partial<Manifest> | null
  const using = manifest?.runs?.using
  if (!manifest?.runs?.main || !/^node\d+$/.test(using ?? '')) {
    throw new Error(`${file}: runs.using must be a node version and runs.main a script`)
  }
  return manifest as Manifest
}

/** The INPUT_* of a step: what was given, then defaults; with the runner's warnings. */
export function inputsOf(
  manifest: Manifest,
  given: Record<string, string>,
  token: string
): { env: Record<string, string>; warnings: string[] } {
  const warnings: string[] = []
  const declared = manifest.inputs ?? {}
  const names = new Map(Object.keys(declared).map((name) => [name.toLowerCase(), name]))
  const values = new Map<string, string>()
  for (const [name, value] of Object.entries(given)) {
    values.set(name.toLowerCase(), value)
    const declaredName = names.get(name.toLowerCase())
    const deprecated = declaredName === undefined ? undefined : declared[declaredName]?.deprecationMessage
    if (deprecated !== undefined) {
      warnings.push(`Input '${name}' has been deprecated with message: ${deprecated}`)
    }
  }
  const unexpected = Object.keys(given).filter((name) => !names.has(name.toLowerCase()))
  if (unexpected.length > 0) {
    const list = (all: string[]): string => `'${all.join("', '")}'`
    warnings.push(
      `Unexpected input(s) ${list(unexpected)}, valid inputs are [${list(Object.keys(declared))}]`
    )
  }
  for (const [name, input] of Object.entries(declared)) {
    if (!values.has(name.toLowerCase())) values.set(name.toLowerCase(), evaluate(input?.default, token))
  }
  const env = [...values].map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value])
  return { env: Object.fromEntries(env) as Record<string, string>, warnings }
}

/** A default of action.yml. The token is the one expression that this runner knows. */
function evaluate(value: unknown, token: string): string {
  if (value === undefined || value === null) return ''
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    throw new Error(`action.yml: a default must be a string, not ${JSON.stringify(value)}`)
  }
  return String(value).replace(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) => {
    if (expression === 'github.token') return token
    throw new Error(`action.yml: this runner cannot evaluate the default \${{ ${expression} }}`)
  })
}

/** Whether an `if` or `post-if` holds: status functions with `!`, `&&`, `||` and parentheses. */
export function holds(condition: string, job: Conclusion): boolean {
  const status: Record<string, boolean> = {
    'always()': true,
    'success()': job === 'success',
    'failure()': job === 'failure',
    'cancelled()': job === 'cancelled',
    true: true,
    false: false
  }
  const expression = condition.replace(/^\s*\$\{\{(.*)\}\}\s*$/s, '$1')
  const tokens = expression.match(/[a-z]+\(\)|true|false|&&|\|\||!|\(|\)|\S/g) ?? []
  let at = 0
  const wrong = (): never => {
    throw new Error(`this runner cannot evaluate the condition ${condition}`)
  }
  const unary = (): boolean => {
    const token = tokens[at++] ?? wrong()
    if (token === '!') return !unary()
    if (token === '(') {
      const inner = either()
      return tokens[at++] === ')' ? inner : wrong()
    }
    return status[token] ?? wrong()
  }
  const both = (): boolean => {
    let value = unary()
    while (tokens[at] === '&&') {
      at++
      value = unary() && value
    }
    return value
  }
  const either = (): boolean => {
    let value = both()
    while (tokens[at] === '||') {
      at++
      value = both() || value
    }
    return value
  }
  const value = either()
  return at === tokens.length ? value : wrong()
}
