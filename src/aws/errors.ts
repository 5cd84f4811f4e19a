import { AwsFault, type FaultKind } from '../ports.js'

const denied =
  /^(AccessDenied(Exception)?|UnauthorizedOperation|NotAuthorized|UnrecognizedClient(Exception)?|InvalidClientTokenId|InvalidSignatureException|SignatureDoesNotMatch|AuthFailure|MissingAuthenticationToken(Exception)?|IncompleteSignature|OptInRequired)$/
const expired = /^(ExpiredToken(Exception)?|RequestExpired|TokenRefreshRequired)$/
const throttled =
  /^(Throttling(Exception)?|ThrottledException|RequestThrottled(Exception)?|RequestLimitExceeded|TooManyRequestsException|ProvisionedThroughputExceededException|SlowDown|BandwidthLimitExceeded|EC2ThrottledException)$/
const missing =
  /^(ClusterNotFoundException|ServiceNotFoundException|RepositoryNotFoundException|ImageNotFoundException|TargetGroupNotFound(Exception)?)$/
const network =
  /^(TimeoutError|NetworkingError|ECONN\w+|ENOTFOUND|EAI_AGAIN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|UND_ERR\w*|ERR_SOCKET\w*)$/

/** Reads any error of an SDK call as a fault with its kind. */
export function toFault(operation: string, error: unknown): AwsFault {
  if (error instanceof AwsFault) return error
  const { name, code, message, status } = fields(error)
  return new AwsFault(kindOf(name, code, message, status), operation, name, sentence(name, message, status))
}

function fields(error: unknown): { name: string; code: string; message: string; status: number | undefined } {
  if (typeof error !== 'object' || error === null)
    return { name: 'Error', code: '', message: String(error), status: undefined }
  const e = error as {
    name?: unknown
    code?: unknown
    message?: unknown
    $metadata?: { httpStatusCode?: number }
  }
  const text = (v: unknown) => (typeof v === 'string' ? v : '')
  return {
    name: text(e.name) || 'Error',
    code: text(e.code),
    message: text(e.message),
    status: e.$metadata?.httpStatusCode
  }
}

function kindOf(name: string, code: string, message: string, status: number | undefined): FaultKind {
  if (expired.test(name) || /security token.*expired/i.test(message)) return 'expired'
  if (
    denied.test(name) ||
    /security token .*is invalid/i.test(message) ||
    name === 'CredentialsProviderError'
  )
    return 'denied'
  if (throttled.test(name) || status === 429) return 'throttled'
  if (missing.test(name)) return 'missing'
  if (network.test(name) || network.test(code)) return 'unreachable'
  if (status === undefined || status >= 500) return 'unreachable'
  if (status === 403 || status === 401) return 'denied'
  // An answer of 200 that could not be read is no answer.
  return status < 400 ? 'unreachable' : 'rejected'
}

function sentence(name: string, message: string, status: number | undefined): string {
  if (name === 'CredentialsProviderError')
    return `no AWS credentials were found (${message}); run aws-actions/configure-aws-credentials before this step`
  // The SDK's advice on answers that it cannot read is for programmers.
  if (/deserialization error|\$response/i.test(message)) return `the answer could not be read (${name})`
  const text =
    message === '' || message === 'UnknownError'
      ? `HTTP status ${status ?? 'none'}`
      : (message.split('\n')[0] ?? '')
  return `${name}: ${text}`
}
