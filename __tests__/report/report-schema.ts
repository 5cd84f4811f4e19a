/** The report is what docs/report.schema.json says, and nothing in it is left undescribed. */
import { expect } from '@jest/globals'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { readFileSync } from 'node:fs'
import type { Happening } from '../../src/domain/events.js'

interface Schema {
  [key: string]: unknown
  $defs: Record<string, object>
}

const published = JSON.parse(
  readFileSync(new URL('../../docs/report.schema.json', import.meta.url), 'utf8')
) as Schema

/** The same schema, in which a field that it does not describe is an error: readers may skip those, we may not. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const entries = Object.entries(schema).map(([key, value]): [string, unknown] => [key, closed(value)])
  const open = 'properties' in schema && !('additionalProperties' in schema)
  return { ...Object.fromEntries(entries), ...(open ? { additionalProperties: false } : {}) }
}

const ajv = new Ajv2020({ strict: true, strictRequired: false })
const strict = { ...(closed(published) as Schema), $id: 'strict' }
ajv.addSchema(strict)
const lax: ValidateFunction = ajv.compile(published)

/** Every code of a happening, so that a new one is described in docs/report.schema.json before it is told. */
export const codes: Record<Happening['code'], true> = {
  step: true,
  fact: true,
  note: true,
  warning: true,
  'image-at-risk': true,
  audit: true,
  candidates: true,
  copying: true,
  preflight: true,
  plan: true,
  rollout: true,
  'task-seen': true,
  'task-failed': true,
  'task-stopped': true,
  'service-event': true,
  checks: true,
  verdict: true,
  cause: true,
  ended: true
}

/** Holds a report to the schema; what is wrong is said by the happening it is in. */
export function expectReport(report: unknown): void {
  const { happenings, ...rest } = report as { happenings: Happening[] }
  const wrong = happenings.flatMap((happening) => faultsOf(`happening-${happening.code}`, happening))
  expect([...new Set(wrong)]).toEqual([])
  const whole = ajv.getSchema('strict')
  if (whole?.({ ...rest, happenings: [] }) !== true) expect(whole?.errors).toEqual([])
  if (!lax(report)) expect(lax.errors).toEqual([])
}

function faultsOf(definition: string, value: unknown): string[] {
  if (!(definition in strict.$defs)) return [`docs/report.schema.json does not describe ${definition}`]
  const check = ajv.getSchema(`strict#/$defs/${definition}`)
  if (check?.(value) === true) return []
  return (check?.errors ?? []).map(
    (e) => `${definition}${e.instancePath} ${e.message ?? ''} ${JSON.stringify(e.params)}`
  )
}

export { published }
