/**
 * What AWS says when a call fails for a reason that is not the call's own, by service, each with where it was found:
 * section of the facts, and whether it is documented (DOC), observed (OBS) or inferred (INF).
 */
import type { Source } from '../world/texts.js'

/** A refusal as the service words it. */
export interface FaultText extends Source {
  code: string
  status: number
  say: (denied: Denied) => string
}

/** Who was denied what. */
export interface Denied {
  caller: string
  /** In IAM's words, `ecs:UpdateService`. */
  action: string
  resource: string
}

const said =
  (message: string) =>
  (facts: string, known: Source['known'], code: string, status: number): FaultText => ({
    facts,
    known,
    code,
    status,
    say: () => message
  })

const throttled = said('Rate exceeded')
const unavailable = said('Service Unavailable. Please try again later.')
const expired = said('The security token included in the request is expired')
const internal = said('An internal error has occurred')

const sentence = ({ caller, action, resource }: Denied): string =>
  `User: ${caller} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`
const sentenceWithoutResource = ({ caller, action }: Denied): string =>
  `User: ${caller} is not authorized to perform: ${action} because no identity-based policy allows the ${action} action`

/** Kinds of refusals; `default` is for services of the JSON protocol. */
export type FaultTexts = Readonly<Record<string, FaultText>> & { readonly default: FaultText }

export const throttleTexts: FaultTexts = {
  default: throttled('H', 'DOC', 'ThrottlingException', 400),
  elasticloadbalancing: throttled('H', 'INF', 'Throttling', 400),
  monitoring: throttled('H', 'INF', 'Throttling', 400),
  iam: throttled('H', 'INF', 'Throttling', 400),
  sts: throttled('H', 'INF', 'Throttling', 400),
  ec2: said('Request limit exceeded.')('H', 'DOC', 'RequestLimitExceeded', 503)
}

export const serverErrorTexts: FaultTexts = {
  default: unavailable('J', 'DOC', 'ServerException', 500),
  elasticloadbalancing: unavailable('J', 'INF', 'InternalFailure', 500),
  sts: unavailable('J', 'INF', 'InternalFailure', 500),
  iam: unavailable('J', 'DOC', 'ServiceFailure', 500),
  secretsmanager: internal('J', 'DOC', 'InternalServiceError', 500),
  ssm: internal('J', 'DOC', 'InternalServerError', 500),
  ec2: internal('J', 'DOC', 'InternalError', 500),
  logs: internal('J', 'DOC', 'ServiceUnavailableException', 500),
  monitoring: internal('J', 'DOC', 'InternalServiceFault', 500),
  'application-autoscaling': internal('J', 'DOC', 'InternalServiceException', 500)
}

/** An expired session: `ExpiredTokenException`, `ExpiredToken` or `RequestExpired`, by protocol. */
export const expiredTexts: FaultTexts = {
  default: expired('I', 'OBS', 'ExpiredTokenException', 400),
  elasticloadbalancing: expired('I', 'OBS', 'ExpiredToken', 403),
  monitoring: expired('I', 'OBS', 'ExpiredToken', 403),
  sts: expired('I', 'OBS', 'ExpiredToken', 403),
  iam: expired('I', 'OBS', 'ExpiredToken', 403),
  ec2: said('Request has expired.')('I', 'OBS', 'RequestExpired', 400)
}

const denied = (
  known: Source['known'],
  code: string,
  status: number,
  say: (denied: Denied) => string
): FaultText => ({ facts: 'I', known, code, status, say })

export const deniedTexts: FaultTexts = {
  default: denied('DOC', 'AccessDeniedException', 400, sentence),
  elasticloadbalancing: denied('OBS', 'AccessDenied', 403, sentenceWithoutResource),
  monitoring: denied('OBS', 'AccessDenied', 403, sentence),
  sts: denied('INF', 'AccessDenied', 403, sentence),
  iam: denied('OBS', 'AccessDenied', 403, sentence),
  ec2: denied(
    'OBS',
    'UnauthorizedOperation',
    403,
    (d) => `You are not authorized to perform this operation. ${sentenceWithoutResource(d)}`
  )
}
