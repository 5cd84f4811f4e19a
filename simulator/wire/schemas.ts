/** The SDK's own schemas, by service and operation: the simulator answers in exactly these shapes. */
import { deref, NormalizedSchema } from '@smithy/core/schema'
import { speechOf, type ServiceName } from './services.js'

export type { ServiceName } from './services.js'

export interface OperationSchemas {
  input: NormalizedSchema
  output: NormalizedSchema
}

/** Input and output schema of an operation; undefined when the SDK has no such operation. */
export function schemasOf(service: ServiceName, operation: string): OperationSchemas | undefined {
  const found = speechOf(service).sdk[`${operation}$`]
  if (!Array.isArray(found) || found[0] !== 9) return undefined
  const [, , , , input, output] = found as unknown[]
  return { input: normalized(input), output: normalized(output) }
}

function normalized(schema: unknown): NormalizedSchema {
  return NormalizedSchema.of(deref(schema as Parameters<typeof deref>[0]))
}

const memberCache = new WeakMap<object, ReadonlyMap<string, NormalizedSchema>>()

/** The members of a structure by name. */
export function membersOf(schema: NormalizedSchema): ReadonlyMap<string, NormalizedSchema> {
  const key = schema.getSchema()
  const made = typeof key === 'object' ? memberCache.get(key) : undefined
  if (made !== undefined) return made
  const members = new Map(schema.structIterator())
  if (typeof key === 'object') memberCache.set(key, members)
  return members
}

/** The names of a structure's required members. */
export function requiredOf(schema: NormalizedSchema): string[] {
  const raw: unknown = schema.getSchema()
  if (!Array.isArray(raw)) return []
  const [, , , , names, , count] = raw as [number, string, string, unknown, string[], unknown, number?]
  return names.slice(0, count ?? 0)
}
