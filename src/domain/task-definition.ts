import { parseImage, pinned } from './image.js'

/** JSON as it stands on the wire. Task definitions stay raw, so that a field newer than our SDK survives. */
export type Json = null | boolean | number | string | Json[] | JsonObject
export interface JsonObject {
  [key: string]: Json
}

/** A task definition with the tags that ECS keeps beside it. */
export interface TaskDefinition {
  definition: JsonObject
  tags: Tag[]
}
export interface Tag {
  key: string
  value: string
}

/** What the pipeline needs to know of a container; everything else stays in the raw definition. */
export interface ContainerDefinition {
  name: string
  image: string
  essential: boolean
}

/** Members that DescribeTaskDefinition answers and RegisterTaskDefinition does not take. */
const readOnly = [
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'deregisteredAt',
  'registeredBy',
  'deleteRequestedAt'
]

/** True for a JSON object, false for null, a list or a scalar. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Its containers. Entries that are no objects, or have no name or image, are for `problemsOf` to name. */
export function containersOf(definition: JsonObject): ContainerDefinition[] {
  const list = Array.isArray(definition['containerDefinitions']) ? definition['containerDefinitions'] : []
  return list.filter(isObject).map((c) => ({
    name: typeof c['name'] === 'string' ? c['name'] : '',
    image: typeof c['image'] === 'string' ? c['image'] : '',
    essential: c['essential'] !== false
  }))
}

/** What keeps this JSON from being a task definition, in words; empty when nothing does. */
export function problemsOf(definition: JsonObject): string[] {
  const list = definition['containerDefinitions']
  if (!Array.isArray(list) || list.length === 0) return ['it has no containerDefinitions']
  const problems: string[] = []
  if (typeof definition['family'] !== 'string' || definition['family'] === '')
    problems.push('it has no family')
  const seen = new Set<string>()
  list.forEach((entry, index) => {
    if (!isObject(entry)) return problems.push(`containerDefinitions[${index}] is not an object`)
    const name = entry['name']
    if (typeof name !== 'string' || name === '')
      return problems.push(`containerDefinitions[${index}] has no name`)
    if (seen.has(name)) problems.push(`two containers are named "${name}"`)
    seen.add(name)
    return problems.length
  })
  return problems
}

/** The definition as RegisterTaskDefinition takes it: read-only members and nulls dropped, all else kept. */
export function registrable(definition: JsonObject): JsonObject {
  const kept = Object.entries(definition).filter(([key]) => !readOnly.includes(key))
  return withoutNulls(Object.fromEntries(kept)) as JsonObject
}

function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.filter((v) => v !== null).map(withoutNulls)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, v]) => v !== null)
      .map(([k, v]) => [k, withoutNulls(v)])
  )
}

/**
 * A copy in which the members that ECS wants as text are text: YAML reads `cpu: 256` and `value: 8080` as
 * numbers, and ECS refuses those.
 */
export function withTexts(definition: JsonObject): JsonObject {
  const list = definition['containerDefinitions']
  const texts = (value: Json): Json =>
    isObject(value) ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, text(v)])) : value
  const named = (value: Json): Json =>
    Array.isArray(value)
      ? value.map((v) => (isObject(v) && 'value' in v ? { ...v, value: text(v['value']) } : v))
      : value
  const listed = (value: Json): Json => (Array.isArray(value) ? value.map((v) => text(v)) : value)
  const change = (object: JsonObject, changes: Record<string, (value: Json) => Json>): JsonObject =>
    Object.fromEntries(
      Object.entries(object).map(([k, v]) => [k, Object.hasOwn(changes, k) ? (changes[k]?.(v) ?? v) : v])
    )
  const log = (value: Json): Json => (isObject(value) ? change(value, { options: texts }) : value)
  return {
    ...change(definition, { cpu: text, memory: text }),
    ...(Array.isArray(list)
      ? {
          containerDefinitions: list.map((c) =>
            isObject(c)
              ? change(c, {
                  environment: named,
                  systemControls: named,
                  resourceRequirements: named,
                  command: listed,
                  entryPoint: listed,
                  dockerLabels: texts,
                  logConfiguration: log,
                  healthCheck: (check) => (isObject(check) ? change(check, { command: listed }) : check)
                })
              : c
          )
        }
      : {})
  }
}

function text(value: Json | undefined): Json {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : (value ?? null)
}

/** A copy in which each named container runs the given image; the rest is untouched. */
export function withImages(definition: JsonObject, images: ReadonlyMap<string, string>): JsonObject {
  const list = definition['containerDefinitions']
  if (!Array.isArray(list)) return definition
  return {
    ...definition,
    containerDefinitions: list.map((entry) => {
      const image =
        isObject(entry) && typeof entry['name'] === 'string' ? images.get(entry['name']) : undefined
      return image === undefined ? entry : { ...(entry as JsonObject), image }
    })
  }
}

/** True when registering `a` would give what `b` already is: ECS's defaults and orders of keyed lists aside. */
export function sameDefinition(a: JsonObject, b: JsonObject): boolean {
  return JSON.stringify(comparable(a)) === JSON.stringify(comparable(b))
}

/** A definition in the one form in which equal ones are equal texts: ECS's defaults filled in, keys in order. */
export function comparable(definition: JsonObject): JsonObject {
  return canonical(withDefaults(registrable(definition))) as JsonObject
}

/** Lists whose order has no meaning to ECS, and the member that is their key. */
const keyed: Record<string, string> = {
  environment: 'name',
  secrets: 'name',
  secretOptions: 'name',
  systemControls: 'namespace',
  ulimits: 'name',
  volumes: 'name',
  requiresCompatibilities: '',
  placementConstraints: 'expression'
}

/** Sorted keys, no empty lists or objects, keyed lists in the order of their keys. */
function canonical(value: Json, key = ''): Json {
  if (Array.isArray(value)) {
    const items = value.map((v) => canonical(v))
    const by = keyed[key]
    if (by === undefined) return items
    const keyOf = (v: Json) => JSON.stringify(isObject(v) ? v[by] : v)
    return [...items].sort((x, y) => (keyOf(x) < keyOf(y) ? -1 : keyOf(x) > keyOf(y) ? 1 : 0))
  }
  if (!isObject(value)) return value
  const entries = Object.entries(value)
    .map(([k, v]): [string, Json] => [k, canonical(v, k)])
    .filter(([, v]) => !isEmpty(v))
  return Object.fromEntries(entries.sort(([x], [y]) => (x < y ? -1 : 1)))
}

function isEmpty(value: Json): boolean {
  if (Array.isArray(value)) return value.length === 0
  return isObject(value) && Object.keys(value).length === 0
}

/** What ECS fills in when it is left out, so that a file and its registered form compare equal. */
function withDefaults(definition: JsonObject): JsonObject {
  const list = definition['containerDefinitions']
  const mode = typeof definition['networkMode'] === 'string' ? definition['networkMode'] : 'bridge'
  return {
    ...definition,
    networkMode: mode,
    ...(definition['cpu'] === undefined ? {} : { cpu: cpuUnits(definition['cpu']) }),
    ...(definition['memory'] === undefined ? {} : { memory: mebibytes(definition['memory']) }),
    containerDefinitions: Array.isArray(list)
      ? list.map((c) => (isObject(c) ? containerDefaults(c, mode) : c))
      : []
  }
}

function containerDefaults(container: JsonObject, mode: string): JsonObject {
  const ports = container['portMappings']
  const check = container['healthCheck']
  return {
    ...container,
    cpu: container['cpu'] ?? 0,
    essential: container['essential'] ?? true,
    ...(isObject(check) ? { healthCheck: { interval: 30, timeout: 5, retries: 3, ...check } } : {}),
    ...(Array.isArray(ports)
      ? { portMappings: ports.map((p) => (isObject(p) ? portDefaults(p, mode) : p)) }
      : {})
  }
}

function portDefaults(port: JsonObject, mode: string): JsonObject {
  const hostPort = mode === 'bridge' ? 0 : (port['containerPort'] ?? 0)
  return { ...port, protocol: port['protocol'] ?? 'tcp', hostPort: port['hostPort'] ?? hostPort }
}

/** Task CPU as ECS answers it, in units: `1 vCPU` is 1024. Other texts stay as they are. */
export function cpuUnits(value: Json): string {
  const match = /^\s*([\d.]+)\s*vcpu\s*$/i.exec(scalar(value))
  return match ? String(Math.round(Number(match[1]) * 1024)) : scalar(value)
}

/** Task memory as ECS answers it, in MiB: `2 GB` is 2048. Other texts stay as they are. */
export function mebibytes(value: Json): string {
  const match = /^\s*([\d.]+)\s*gb\s*$/i.exec(scalar(value))
  return match ? String(Math.round(Number(match[1]) * 1024)) : scalar(value)
}

function scalar(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Container name -> `repo@sha256:…` for the containers that are pinned by digest. */
export function pinnedImages(definition: JsonObject): Record<string, string> {
  const images: Record<string, string> = {}
  for (const { name, image } of containersOf(definition)) {
    const reference = parseImage(image)
    if (reference?.digest) images[name] = pinned(reference.repository, reference.digest)
  }
  return images
}

/** Names of the essential containers that have a health check of their own. */
export function healthCheckedContainers(definition: JsonObject): string[] {
  const list = Array.isArray(definition['containerDefinitions']) ? definition['containerDefinitions'] : []
  return list
    .filter(isObject)
    .filter((c) => c['essential'] !== false && isObject(c['healthCheck']))
    .flatMap((c) => (typeof c['name'] === 'string' ? [c['name']] : []))
}

/** The container ports that a container maps; `ranges` when it maps a range, which may hold any. */
export function portsOf(definition: JsonObject, container: string): number[] | 'ranges' {
  const list = Array.isArray(definition['containerDefinitions']) ? definition['containerDefinitions'] : []
  const mappings = list.filter(isObject).find((c) => c['name'] === container)?.['portMappings']
  const ports = Array.isArray(mappings) ? mappings.filter(isObject) : []
  if (ports.some((p) => p['containerPortRange'] !== undefined)) return 'ranges'
  return ports.map((p) => Number(p['containerPort']))
}

/** The awslogs group, region and stream prefix of a container, when its definition names them. */
export function logGroupOf(
  definition: JsonObject,
  container: string
): { group: string; region?: string; prefix?: string } | undefined {
  const list = Array.isArray(definition['containerDefinitions']) ? definition['containerDefinitions'] : []
  const found = list.filter(isObject).find((c) => c['name'] === container)
  const config = found?.['logConfiguration']
  const options = isObject(config) && config['logDriver'] === 'awslogs' ? config['options'] : undefined
  if (!isObject(options) || typeof options['awslogs-group'] !== 'string') return undefined
  const region = options['awslogs-region']
  const prefix = options['awslogs-stream-prefix']
  return {
    group: options['awslogs-group'],
    ...(typeof region === 'string' ? { region } : {}),
    ...(typeof prefix === 'string' ? { prefix } : {})
  }
}
