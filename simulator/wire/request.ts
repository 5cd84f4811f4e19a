/** Which call an HTTP request is, and how a fault of it is worded. */
import type { IncomingMessage } from 'node:http'
import type { Fault } from '../faults.js'
import { AwsError } from '../world/errors.js'
import { serviceOfScope, serviceOfTarget, speechOf, type ServiceName } from './services.js'

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

/** What an ordered fault says, in the words of the service that says it. */
export function faultError(
  fault: Exclude<Fault, { kind: 'stale' | 'connection-reset' | 'silence' }>,
  call: Call,
  account: string
): AwsError {
  const action = `${speechOf(call.service).iam ?? call.service}:${call.operation}`
  const query = call.protocol === 'query'
  switch (fault.kind) {
    case 'throttle':
      return new AwsError(query ? 'Throttling' : 'ThrottlingException', 'Rate exceeded')
    case 'server-error':
      return new AwsError(
        query ? 'InternalFailure' : 'ServerException',
        'Service Unavailable. Please try again later.',
        500
      )
    case 'access-denied': {
      const caller = `arn:aws:sts::${account}:assumed-role/deploy/session`
      const message = `User: ${caller} is not authorized to perform: ${action} on resource: ${fault.resource ?? '*'} because no identity-based policy allows the ${action} action`
      return query
        ? new AwsError('AccessDenied', message, 403)
        : new AwsError('AccessDeniedException', message)
    }
    case 'expired-token':
      return query
        ? new AwsError('ExpiredToken', 'The security token included in the request is expired', 403)
        : new AwsError('ExpiredTokenException', 'The security token included in the request is expired')
    case 'error':
      return new AwsError(fault.code, fault.message, fault.status)
  }
}
