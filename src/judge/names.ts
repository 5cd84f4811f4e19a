import type { ReasonCode } from '../domain/outcome.js'
import type { Container, Task } from '../domain/service.js'
import { isObject, type Json, type JsonObject } from '../domain/task-definition.js'

/* The exact names that a sentence needs, from the definition and from what AWS said. Never a value of the environment. */

/** The containers of a definition, raw. */
function containers(definition: JsonObject): JsonObject[] {
  const list = definition['containerDefinitions']
  return Array.isArray(list) ? list.filter(isObject) : []
}

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '')

/** One container of the definition by name. */
export function containerNamed(definition: JsonObject, name: string): JsonObject | undefined {
  return containers(definition).find((c) => c['name'] === name)
}

/** The container that decided: the one that failed, not a sidecar that was stopped along with it. */
export function culprit(task: Task): Container | undefined {
  const rank = (c: Container) =>
    (c.reason !== undefined ? 2 : 0) + (c.exitCode !== undefined && c.exitCode !== 0 ? 1 : 0)
  return [...task.containers].sort((a, b) => rank(b) - rank(a))[0]
}

/** What AWS said of a failed task: the container's reason where the task's own is a general one. */
export function reasonText(task: Task): string {
  const { stoppedReason } = task
  const general =
    stoppedReason === undefined ||
    /^(task failed to start|essential container in task exited)/i.test(stoppedReason)
  return (general ? culprit(task)?.reason : undefined) ?? stoppedReason ?? ''
}

/** The image that could not be had: by the text, else that of the container. */
export function imageIn(said: string, definition: JsonObject, container: string): string {
  const ref =
    /failed to resolve ref ([^\s,]+?):?(?:\s|$)/.exec(said)?.[1] ??
    /manifest for (\S+) not found/.exec(said)?.[1] ??
    /pull '([^']+)'/.exec(said)?.[1]
  return ref ?? text(containerNamed(definition, container)?.['image'])
}

/** The platform that a task of this definition runs on, as Docker names it. */
export function platformOf(definition: JsonObject): string {
  const platform = definition['runtimePlatform']
  const architecture = isObject(platform) ? text(platform['cpuArchitecture']) : ''
  const system = isObject(platform) ? text(platform['operatingSystemFamily']) : ''
  return `${/windows/i.test(system) ? 'windows' : 'linux'}/${architecture === 'ARM64' ? 'arm64' : 'amd64'}`
}

/** The name of the execution role, or an empty text. */
export function executionRole(definition: JsonObject): string {
  const arn = text(definition['executionRoleArn'])
  return arn.slice(arn.lastIndexOf('/') + 1)
}

/** The secret or parameter that AWS names, else those of the definition: `NAME from ARN`. */
export function secretIn(said: string, definition: JsonObject): string {
  const named =
    /failed to fetch secret (\S+)/.exec(said)?.[1] ??
    /on resource: (arn:\S+)/.exec(said)?.[1] ??
    /invalid (?:ssm )?parameters?: ([^\s,]+)/i.exec(said)?.[1] ??
    /arn:[a-z-]+:(?:secretsmanager|ssm):\S+/.exec(said)?.[0]
  const all = containers(definition).flatMap((c) => {
    const list = c['secrets']
    return Array.isArray(list) ? list.filter(isObject) : []
  })
  const clean = named?.replace(/[.,;]+$/, '')
  const wanted = clean === undefined ? all : all.filter((s) => text(s['valueFrom']).includes(clean))
  const names = wanted.map((s) => text(s['name'])).filter((n) => n !== '')
  const from = clean ?? (all.length === 1 ? text(all[0]?.['valueFrom']) : undefined)
  if (from === undefined) return names.length === 0 ? '' : names.slice(0, 5).join(', ')
  return names.length === 0 ? from : `${from} (${names.slice(0, 5).join(', ')})`
}

/** The subnet that AWS names, or an empty text. */
export function subnetIn(said: string): string {
  return /subnet-[0-9a-f]+/.exec(said)?.[0] ?? ''
}

/** A container's health check: its command as written, and the program that it calls. */
export function healthCheckOf(
  definition: JsonObject,
  container: string | undefined
): { container: string; command: string; program: string } | undefined {
  const checked = containers(definition).filter((c) => isObject(c['healthCheck']))
  const found = checked.find((c) => c['name'] === container) ?? checked[0]
  const check = found?.['healthCheck']
  if (!found || !isObject(check) || !Array.isArray(check['command'])) return undefined
  const words = check['command'].map((w) => text(w))
  const shell = words[0] === 'CMD-SHELL'
  const command = (shell || words[0] === 'CMD' ? words.slice(1) : words).join(' ')
  const program = /^\s*(?:exec\s+|\()*([^\s;|&()]+)/.exec(command)?.[1] ?? ''
  return { container: text(found['name']) || 'unnamed', command, program }
}

/**
 * Values of the environment that must not be shown, longest first, and each line of one that has several, as one
 * line of a log shows it. Short ones would be in any text.
 */
export function environmentValues(definition: JsonObject): string[] {
  const values = containers(definition).flatMap((c) => {
    const list = c['environment']
    return Array.isArray(list) ? list.filter(isObject).map((e) => text(e['value'])) : []
  })
  const lines = values.flatMap((v) => v.split(/[\r\n]+/)).map((v) => v.replace(/\t+/g, ' ').trim())
  return [...new Set([...values, ...lines])].filter((v) => v.length >= 4).sort((a, b) => b.length - a.length)
}

/** The text with every value of the environment in it covered. */
export function covered(said: string, definition: JsonObject): string {
  return environmentValues(definition).reduce((t, value) => t.split(value).join('***'), said)
}

/** The memory limit of the task or container in words, or an empty text. */
export function memoryLimit(definition: JsonObject, container: string): string {
  const own = containerNamed(definition, container)?.['memory'] ?? definition['memory']
  return typeof own === 'number' || typeof own === 'string' ? `${own} MiB` : ''
}

/** Codes whose tasks ran: their containers may have said why in their log. */
export function mayHaveLogs(code: ReasonCode): boolean {
  return /^(container|elb)-|^(unknown|flapping)$/.test(code)
}
