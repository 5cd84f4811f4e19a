/** AWS Query: form in, XML out. */
import type { NormalizedSchema } from '@smithy/core/schema'
import { AwsError } from '../world/errors.js'
import { membersOf } from './schemas.js'
import { ShapeError } from './validate.js'

/** Reads a form body by the input schema, e.g. `Targets.member.1.Id`. */
export function formToInput(schema: NormalizedSchema, form: URLSearchParams): Record<string, unknown> {
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
  return readStruct(schema, tree, '')
}

interface Tree {
  value?: string
  children: Map<string, Tree>
}

function readStruct(schema: NormalizedSchema, node: Tree, path: string): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  const members = [...membersOf(schema)]
  for (const [key, child] of node.children) {
    const found = members.find(([name, member]) => wireName(name, member) === key)
    if (found === undefined)
      throw new AwsError('ValidationError', `Unknown parameter in input: "${path}${key}"`)
    out[found[0]] = read(found[1], child, `${path}${key}.`)
  }
  return out
}

function read(schema: NormalizedSchema, node: Tree, path: string): unknown {
  if (schema.isListSchema()) {
    const flat = schema.getMergedTraits().xmlFlattened !== undefined
    const holder = flat ? node : (node.children.get('member') ?? { children: new Map<string, Tree>() })
    return [...holder.children]
      .sort(([a], [b]) => Number(a) - Number(b))
      .map(([i, item]) => read(schema.getValueSchema(), item, `${path}${i}.`))
  }
  if (schema.isStructSchema()) return readStruct(schema, node, path)
  const text = node.value ?? ''
  if (schema.isNumericSchema()) {
    const n = Number(text)
    if (text === '' || Number.isNaN(n)) throw new AwsError('MalformedInput', `${path} is not a number`)
    return n
  }
  if (schema.isBooleanSchema()) return text === 'true'
  return text
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
    return value
      .map((item) => `<member>${answerToXml(schema.getValueSchema(), item, `${path}[]`)}</member>`)
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

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** The whole answer of an AWS Query operation. */
export function wrapXml(operation: string, namespace: string, inside: string, requestId: string): string {
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
  namespace: string,
  requestId: string,
  sender: boolean
): string {
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<ErrorResponse xmlns="${namespace}"><Error>` +
    `<Type>${sender ? 'Sender' : 'Receiver'}</Type><Code>${escapeXml(code)}</Code>` +
    `<Message>${escapeXml(message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`
  )
}
