/** AWS Query: form in, XML out; and EC2's variant of it, whose lists and names differ (facts J). */
import type { NormalizedSchema } from '@smithy/core/schema'
import { AwsError } from '../world/errors.js'
import { membersOf } from './schemas.js'
import type { Speech } from './services.js'
import { ShapeError } from './validate.js'

/** Reads a form body by the input schema, e.g. `Targets.member.1.Id`. */
export function formToInput(
  schema: NormalizedSchema,
  form: URLSearchParams,
  dialect?: Dialect
): Record<string, unknown> {
  const tree: Tree = { children: new Map() }
  for (const [key, value] of form) {
    if (key === 'Action' || key === 'Version') continue
    let node = tree
    for (const part of key.split('.')) {
      const next = node.children.get(part) ?? { children: new Map() }
      node.children.set(part, next)
      node = next
    }
    node.value = value
  }
  return readStruct(schema, tree, '', dialect)
}

/** EC2's way: every list is flat, and members have names of their own. */
type Dialect = Speech['dialect']

interface Tree {
  value?: string
  children: Map<string, Tree>
}

function readStruct(
  schema: NormalizedSchema,
  node: Tree,
  path: string,
  dialect: Dialect
): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  const members = [...membersOf(schema)]
  for (const [key, child] of node.children) {
    const found = members.find(([name, member]) => inputName(name, member, dialect) === key)
    if (found === undefined)
      throw dialect === 'ec2'
        ? new AwsError('UnknownParameter', `The parameter ${path}${key} is not recognized`)
        : new AwsError('ValidationError', `Unknown parameter in input: "${path}${key}"`)
    out[found[0]] = read(found[1], child, `${path}${key}.`, dialect)
  }
  return out
}

function read(schema: NormalizedSchema, node: Tree, path: string, dialect: Dialect): unknown {
  if (schema.isListSchema()) {
    const flat = dialect === 'ec2' || schema.getMergedTraits().xmlFlattened !== undefined
    const holder = flat ? node : (node.children.get('member') ?? { children: new Map<string, Tree>() })
    refuseNoList(node, holder, path)
    return [...holder.children]
      .sort(([a], [b]) => Number(a) - Number(b))
      .map(([i, item]) => read(schema.getValueSchema(), item, `${path}${i}.`, dialect))
  }
  if (schema.isStructSchema()) return readStruct(schema, node, path, dialect)
  const text = node.value ?? ''
  if (schema.isNumericSchema()) {
    if (!/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) throw malformed(path, 'is not a number')
    return Number(text)
  }
  if (schema.isBooleanSchema()) {
    if (!/^(true|false)$/i.test(text)) throw malformed(path, 'is not a boolean')
    return text.toLowerCase() === 'true'
  }
  return text
}

/**
 * Lists have items that are numbered, and nothing else. One thing alone is let through: `Names=` without a value,
 * as the SDK writes an empty list.
 */
function refuseNoList(node: Tree, holder: Tree, path: string): void {
  if (node.value !== undefined && node.value !== '') throw malformed(path, 'is a list')
  if (holder !== node && [...node.children.keys()].some((key) => key !== 'member'))
    throw malformed(path, 'is a list of members')
  if ([...holder.children.keys()].some((key) => !/^[1-9]\d*$/.test(key)))
    throw malformed(path, 'is a list with numbered items')
}

function malformed(path: string, what: string): AwsError {
  return new AwsError('MalformedInput', `${path.replace(/\.$/, '')} ${what}`)
}

/** The name of a member in a form: EC2 has one of its own, else the capitalized name that it has in XML. */
function inputName(name: string, member: NormalizedSchema, dialect: Dialect): string {
  if (dialect !== 'ec2') return wireName(name, member)
  const traits = member.getMergedTraits() as Record<string, unknown>
  const own = traits.ec2QueryName as string | undefined
  const xml = wireName(name, member)
  return own ?? `${xml.charAt(0).toUpperCase()}${xml.slice(1)}`
}

function wireName(name: string, member: NormalizedSchema): string {
  const traits = member.getMergedTraits() as Record<string, unknown>
  return (traits.xmlName as string | undefined) ?? name
}

/** Checks an answer and writes it as the inside of an XML element. */
export function answerToXml(schema: NormalizedSchema, value: unknown, path = ''): string {
  const wrong = (what: string): never => {
    throw new ShapeError(`${path === '' ? 'answer' : path}: ${what}, got ${JSON.stringify(value)}`)
  }
  if (schema.isTimestampSchema()) return value instanceof Date ? value.toISOString() : wrong('not a Date')
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) return wrong('not a list')
    const element = wireName('member', schema.getValueSchema())
    return value
      .map((item) => `<${element}>${answerToXml(schema.getValueSchema(), item, `${path}[]`)}</${element}>`)
      .join('')
  }
  if (schema.isStructSchema()) {
    if (typeof value !== 'object' || value === null) return wrong('not a structure')
    const members = membersOf(schema)
    let out = ''
    for (const [name, member] of Object.entries(value)) {
      if (member === undefined) continue
      const memberSchema = members.get(name)
      if (memberSchema === undefined)
        throw new ShapeError(`${path}.${name}: ${schema.getName() ?? 'structure'} has no such member`)
      const tag = wireName(name, memberSchema)
      out += `<${tag}>${answerToXml(memberSchema, member, `${path}.${name}`)}</${tag}>`
    }
    return out
  }
  if (schema.isStringSchema() && typeof value === 'string') return escapeXml(value)
  if (schema.isBooleanSchema() && typeof value === 'boolean') return String(value)
  if (schema.isNumericSchema() && typeof value === 'number') return String(value)
  return wrong('wrong type')
}

/** Text between tags. What XML 1.0 cannot hold becomes U+FFFD, else nobody could read the answer. */
function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#xD;')
}

/** The whole answer of an AWS Query operation. */
export function wrapXml(
  operation: string,
  { namespace = '', dialect }: Pick<Speech, 'namespace' | 'dialect'>,
  inside: string,
  requestId: string
): string {
  if (dialect === 'ec2')
    return (
      `<?xml version="1.0" encoding="UTF-8"?>\n<${operation}Response xmlns="${namespace}">` +
      `<requestId>${requestId}</requestId>${inside}</${operation}Response>`
    )
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<${operation}Response xmlns="${namespace}">` +
    `<${operation}Result>${inside}</${operation}Result>` +
    `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation}Response>`
  )
}

/** An AWS Query error. */
export function errorXml(
  code: string,
  message: string,
  { namespace = '', dialect }: Pick<Speech, 'namespace' | 'dialect'>,
  requestId: string,
  sender: boolean
): string {
  const said = `<Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message>`
  if (dialect === 'ec2')
    return (
      `<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error>${said}</Error></Errors>` +
      `<RequestID>${requestId}</RequestID></Response>`
    )
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<ErrorResponse xmlns="${namespace}"><Error>` +
    `<Type>${sender ? 'Sender' : 'Receiver'}</Type>${said}` +
    `</Error><RequestId>${requestId}</RequestId></ErrorResponse>`
  )
}
