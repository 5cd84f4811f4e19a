/**
 * Both directions through the SDK's schemas. An answer with an unknown member or a wrong type is a bug of the
 * simulator and is thrown; a request with one is refused as AWS refuses.
 */
import type { NormalizedSchema } from '@smithy/core/schema'
import { AwsError } from '../world/errors.js'
import { membersOf, requiredOf } from './schemas.js'

/** An answer that AWS could not have given. */
export class ShapeError extends Error {}

/** Members that a story planted and no schema knows, by path with `[]` for any index. */
export type Extras = ReadonlySet<string>

/** Checks an answer and turns it into JSON values (dates become epoch seconds). */
export function answerToJson(
  schema: NormalizedSchema,
  value: unknown,
  extras: Extras = new Set(),
  path = ''
): unknown {
  const wrong = (what: string): never => {
    throw new ShapeError(`${path === '' ? 'answer' : path}: ${what}, got ${JSON.stringify(value)}`)
  }
  if (schema.isTimestampSchema()) {
    if (!(value instanceof Date)) return wrong('not a Date')
    return value.getTime() / 1000
  }
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) return wrong('not a list')
    return value.map((item) => answerToJson(schema.getValueSchema(), item, extras, `${path}[]`))
  }
  if (schema.isMapSchema()) {
    if (!isRecord(value)) return wrong('not a map')
    const entries = Object.entries(value)
    return Object.fromEntries(
      entries.map(([k, v]) => [k, answerToJson(schema.getValueSchema(), v, extras, `${path}{}`)])
    )
  }
  if (schema.isStructSchema()) {
    if (!isRecord(value)) return wrong('not a structure')
    const members = membersOf(schema)
    const out: Record<string, unknown> = {}
    for (const [name, member] of Object.entries(value)) {
      if (member === undefined) continue
      const inside = path === '' ? name : `${path}.${name}`
      const memberSchema = members.get(name)
      if (memberSchema !== undefined) out[name] = answerToJson(memberSchema, member, extras, inside)
      else if (extras.has(inside)) out[name] = member
      else throw new ShapeError(`${inside}: ${schema.getName() ?? 'structure'} has no such member`)
    }
    return out
  }
  if (schema.isStringSchema() && typeof value !== 'string') return wrong('not a string')
  if (schema.isBooleanSchema() && typeof value !== 'boolean') return wrong('not a boolean')
  if (schema.isNumericSchema() && typeof value !== 'number') return wrong('not a number')
  return value
}

/** What a request carries beyond its schema, and what it lacks. */
export interface RequestFindings {
  unknown: string[]
  missing: string[]
  mistyped: string[]
  /** Numbers with a fraction, or beyond 32 bits. */
  noInteger: string[]
}

/** Compares a request with its schema. */
export function inspectRequest(schema: NormalizedSchema, value: unknown): RequestFindings {
  const findings: RequestFindings = { unknown: [], missing: [], mistyped: [], noInteger: [] }
  walk(schema, value, '', findings)
  return findings
}

function walk(schema: NormalizedSchema, value: unknown, path: string, findings: RequestFindings): void {
  if (value === undefined || value === null) return
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) findings.mistyped.push(path)
    else
      for (const item of value as unknown[]) {
        if (item === null) findings.mistyped.push(`${path}[]`)
        else walk(schema.getValueSchema(), item, `${path}[]`, findings)
      }
    return
  }
  if (schema.isMapSchema()) {
    if (!isRecord(value)) findings.mistyped.push(path)
    else for (const item of Object.values(value)) walk(schema.getValueSchema(), item, `${path}{}`, findings)
    return
  }
  if (schema.isStructSchema()) {
    if (!isRecord(value)) {
      findings.mistyped.push(path)
      return
    }
    const members = membersOf(schema)
    for (const name of requiredOf(schema))
      if (value[name] === undefined || value[name] === null)
        findings.missing.push(path === '' ? name : `${path}.${name}`)
    for (const [name, member] of Object.entries(value)) {
      const inside = path === '' ? name : `${path}.${name}`
      const memberSchema = members.get(name)
      if (memberSchema === undefined) findings.unknown.push(inside)
      else walk(memberSchema, member, inside, findings)
    }
    return
  }
  const right =
    ((schema.isStringSchema() || schema.isBlobSchema()) && typeof value === 'string') ||
    (schema.isBooleanSchema() && typeof value === 'boolean') ||
    (schema.isNumericSchema() && typeof value === 'number') ||
    (schema.isTimestampSchema() && !Number.isNaN(new Date(value as number).getTime())) ||
    !(
      schema.isStringSchema() ||
      schema.isBlobSchema() ||
      schema.isBooleanSchema() ||
      schema.isNumericSchema() ||
      schema.isTimestampSchema()
    )
  if (!right) findings.mistyped.push(path)
  else if (typeof value === 'number' && schema.isNumericSchema() && value !== (value | 0))
    findings.noInteger.push(path)
}

/** A JSON input as AWS reads it: a member that is null is a member that was not given. Lists keep what they hold. */
export function withoutNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNull)
  if (!isRecord(value)) return value
  const given = Object.entries(value).filter(([, member]) => member !== null)
  return Object.fromEntries(given.map(([name, member]) => [name, withoutNull(member)]))
}

/** Services whose numbers are integers of 32 bits in what is asked and played, but for a few members (the SDK's models). */
const countsOnly = ['ecs', 'ecr', 'elasticloadbalancing', 'ec2', 'application-autoscaling']
const fractional = /(^|\.)(canaryPercent|stepPercent|doubleValue|longValue)$/

/** Refuses a request that its schema does not allow; `openEnded` operations keep what they do not know. */
export function refuseBadRequest(
  findings: RequestFindings,
  { protocol: service, service: name }: { protocol: 'json' | 'query'; service: string },
  openEnded: boolean
): void {
  const noInteger = countsOnly.includes(name)
    ? findings.noInteger.filter((path) => !fractional.test(path))
    : []
  const [mistyped] = [...findings.mistyped, ...noInteger]
  if (mistyped !== undefined)
    throw new AwsError(
      service === 'json' ? 'SerializationException' : 'MalformedInput',
      `${mistyped} has a type that cannot be converted`
    )
  const invalid =
    name === 'application-autoscaling' || name === 'ssm'
      ? 'ValidationException'
      : service === 'json'
        ? 'InvalidParameterException'
        : 'ValidationError'
  const [missing] = findings.missing
  if (missing !== undefined)
    throw new AwsError(invalid, `${missing.slice(missing.lastIndexOf('.') + 1)} can not be blank.`)
  const [unknown] = findings.unknown
  if (unknown !== undefined && !openEnded)
    throw new AwsError(invalid, `Unknown parameter in input: "${unknown}"`)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}
