/** Which call an HTTP request is. */
import type { IncomingMessage } from 'node:http'
import { serviceOfScope, serviceOfTarget, type ServiceName } from './services.js'

export interface Call {
  service: ServiceName
  operation: string
  protocol: 'json' | 'query'
  body: string
}

/** The call of a request: by its X-Amz-Target, else by the service it was signed for and its Action. */
export function identify(request: IncomingMessage, body: string): Call | undefined {
  const target = request.headers['x-amz-target']
  if (typeof target === 'string') {
    const [prefix = '', operation = ''] = target.split('.')
    const service = serviceOfTarget(prefix)
    return service === undefined ? undefined : { service, operation, protocol: 'json', body }
  }
  const operation = new URLSearchParams(body).get('Action')
  if (operation === null) return undefined
  const service = serviceOfScope(scopeOf(request))
  return service === undefined ? undefined : { service, operation, protocol: 'query', body }
}

/** What a request that nobody plays asks for, in words: `Logs_20140328:GetLogEvents`, `ec2:DescribeSubnets`. */
export function nameOf(request: IncomingMessage, body: string): { service: string; operation: string } {
  const target = request.headers['x-amz-target']
  if (typeof target === 'string') {
    const [service = '', operation = ''] = target.split('.')
    return { service, operation }
  }
  const operation = new URLSearchParams(body).get('Action') ?? `${request.method ?? ''} ${request.url ?? ''}`
  return { service: scopeOf(request) ?? 'unknown', operation }
}

function scopeOf(request: IncomingMessage): string | undefined {
  const authorization = request.headers.authorization ?? ''
  return /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\/aws4_request/.exec(authorization)?.[1]
}
