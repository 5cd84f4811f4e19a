/** Answers and refusals as bytes, in the protocol of the one who asked. */
import type { ServerResponse } from 'node:http'
import { answerToXml, errorXml, wrapXml } from '../wire/query.js'
import type { Call } from '../wire/request.js'
import type { OperationSchemas } from '../wire/schemas.js'
import { speechOf } from '../wire/services.js'
import { answerToJson } from '../wire/validate.js'
import type { AwsError } from '../world/errors.js'
import type { Answer } from '../services/operation.js'

/** What goes over the wire. */
export interface Reply {
  status: number
  type: string
  body: string
  headers?: Readonly<Record<string, string>>
}

function jsonType(service: Call['service'] | undefined): string {
  const version = service === undefined ? undefined : speechOf(service).json
  return `application/x-amz-json-${version ?? '1.1'}`
}

/** A good answer, held against the SDK's schema; `shown` is what the journal keeps. Throws ShapeError. */
export function reply(
  call: Call,
  schemas: OperationSchemas,
  { output, extras }: Answer,
  requestId: string
): Reply & { shown: unknown } {
  if (call.protocol === 'json') {
    const shown = answerToJson(schemas.output, output, extras)
    return { status: 200, type: jsonType(call.service), body: JSON.stringify(shown), shown }
  }
  const inside = schemas.output.isUnitSchema() ? '' : answerToXml(schemas.output, output)
  const body = wrapXml(call.operation, speechOf(call.service), inside, requestId)
  return { status: 200, type: 'text/xml', body, shown: output }
}

/** A refusal in the shape that the client of this call reads. */
export function refusal(
  call: Pick<Call, 'protocol'> & { service?: Call['service'] },
  error: AwsError,
  requestId: string
): Reply {
  const { code, message, status } = error
  if (call.protocol === 'json')
    return {
      status,
      type: jsonType(call.service),
      body: JSON.stringify({ __type: code, message, ...error.extra }),
      ...(call.service !== undefined && speechOf(call.service).alsoQuery === true
        ? { headers: { 'x-amzn-query-error': `${code};${status < 500 ? 'Sender' : 'Receiver'}` } }
        : {})
    }
  const speech = call.service === undefined ? {} : speechOf(call.service)
  const body = errorXml(code, message, speech, requestId, status < 500)
  return { status, type: 'text/xml', body }
}

/** Sends it. */
export function send(
  response: ServerResponse,
  { status, type, body, headers }: Reply,
  requestId?: string
): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    ...headers,
    ...(requestId === undefined ? {} : { 'x-amzn-requestid': requestId })
  })
  response.end(body)
}

/** Any value as JSON, for what is not AWS. */
export function json(value: unknown, status = 200): Reply {
  return { status, type: 'application/json', body: JSON.stringify(value) }
}
