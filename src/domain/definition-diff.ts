import { comparable, containersOf, isObject, type Json, type JsonObject } from './task-definition.js'

/**
 * One difference between what runs and what would run. `before` and `after` are given only where the value can be
 * shown: numbers, and words of ECS's own. Values of the environment, of secrets, commands and labels never are.
 */
export interface DefinitionChange {
  /** The container's name; absent: the task. */
  container?: string
  /** The member, in ECS's own name: `cpu`, `environment`, `logConfiguration`. */
  what: string
  /** The key within it, for members that are lists by name. */
  key?: string
  kind: 'added' | 'removed' | 'changed'
  before?: string
  after?: string
}

/** Members whose value is a number or one of ECS's own words, and the form it must have to be shown. */
const shown: Record<string, RegExp> = {
  cpu: /^\d{1,6}$/,
  memory: /^\d{1,7}$/,
  memoryReservation: /^\d{1,7}$/,
  essential: /^(true|false)$/,
  networkMode: /^(awsvpc|bridge|host|none)$/,
  startTimeout: /^\d{1,6}$/,
  stopTimeout: /^\d{1,6}$/,
  readonlyRootFilesystem: /^(true|false)$/,
  privileged: /^(true|false)$/,
  pidMode: /^(host|task)$/,
  ipcMode: /^(host|task|none)$/
}

/** Lists whose entries have a name that says what they are, and the member with the name. */
const named: Record<string, string> = {
  environment: 'name',
  secrets: 'name',
  volumes: 'name',
  mountPoints: 'containerPath',
  dependsOn: 'containerName',
  ulimits: 'name'
}

/**
 * What differs between two task definitions: containers matched by name, environment and secrets by key, defaults of
 * ECS aside. Images are left out, because the plan shows them with their digests. In a stable order.
 */
export function diffDefinitions(running: JsonObject, next: JsonObject): DefinitionChange[] {
  const [a, b] = [comparable(running), comparable(next)]
  const task = diffMembers(without(a, 'containerDefinitions'), without(b, 'containerDefinitions'))
  const [before, after] = [byName(a), byName(b)]
  const containers = [...new Set([...before.keys(), ...after.keys()])].flatMap((container) => {
    const [x, y] = [before.get(container), after.get(container)]
    if (!x) return [{ container, what: 'container', kind: 'added' as const }]
    if (!y) return [{ container, what: 'container', kind: 'removed' as const }]
    return diffMembers(without(x, 'image'), without(y, 'image')).map((change) => ({ container, ...change }))
  })
  const order = containersOf(a).map((c) => c.name)
  const reordered = containersOf(b).some((c, i) => order.includes(c.name) && order[i] !== c.name)
  const sameSet = before.size === after.size && [...before.keys()].every((name) => after.has(name))
  return [
    ...task,
    ...containers,
    ...(reordered && sameSet ? [{ what: 'order of the containers', kind: 'changed' as const }] : [])
  ]
}

function without(object: JsonObject, key: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([k]) => k !== key))
}

function byName(definition: JsonObject): Map<string, JsonObject> {
  const list = definition['containerDefinitions']
  const entries = (Array.isArray(list) ? list : []).filter(isObject)
  return new Map(entries.map((c) => [typeof c['name'] === 'string' ? c['name'] : '', c]))
}

function diffMembers(a: JsonObject, b: JsonObject): DefinitionChange[] {
  const members = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort()
  return members.flatMap((what) => {
    const [x, y] = [a[what], b[what]]
    if (JSON.stringify(x) === JSON.stringify(y)) return []
    const by = named[what]
    if (by !== undefined) return diffNamed(what, by, x, y)
    if (what === 'dockerLabels') return diffKeys(what, asObject(x), asObject(y))
    return [{ what, kind: kindOf(x, y), ...values(what, x, y) }]
  })
}

const asObject = (value: Json | undefined): JsonObject => (isObject(value) ? value : {})

function diffNamed(what: string, by: string, a: Json | undefined, b: Json | undefined): DefinitionChange[] {
  const keyed = (value: Json | undefined): JsonObject =>
    Object.fromEntries(
      (Array.isArray(value) ? value : [])
        .filter(isObject)
        .map((entry): [string, Json] => [typeof entry[by] === 'string' ? entry[by] : '', entry])
    )
  const changes = diffKeys(what, keyed(a), keyed(b))
  // Twice the same name, or another order where order counts: there is a difference, and it is not left unsaid.
  return changes.length > 0 ? changes : [{ what, kind: 'changed' }]
}

function diffKeys(what: string, a: JsonObject, b: JsonObject): DefinitionChange[] {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort()
  return keys.flatMap((key) =>
    JSON.stringify(a[key]) === JSON.stringify(b[key]) ? [] : [{ what, key, kind: kindOf(a[key], b[key]) }]
  )
}

function kindOf(a: Json | undefined, b: Json | undefined): DefinitionChange['kind'] {
  return a === undefined ? 'added' : b === undefined ? 'removed' : 'changed'
}

function values(what: string, a: Json | undefined, b: Json | undefined): { before?: string; after?: string } {
  const form = Object.hasOwn(shown, what) ? shown[what] : undefined
  const text = (value: Json | undefined) => {
    const plain = typeof value === 'object' || value === undefined ? undefined : String(value)
    return plain !== undefined && form?.test(plain) === true ? plain : undefined
  }
  const [before, after] = [text(a), text(b)]
  return { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }
}
