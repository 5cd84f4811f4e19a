/** What befalls a call: AWS's limits and ordered faults before the work, and the answer's fate after it. */
import type { ServerResponse } from 'node:http'
import type { Faults, Strike } from '../faults.js'
import {
  deniedTexts,
  expiredTexts,
  serverErrorTexts,
  throttleTexts,
  type FaultTexts
} from '../wire/fault-texts.js'
import type { Call } from '../wire/request.js'
import { speechOf } from '../wire/services.js'
import { AwsError } from '../world/errors.js'
import type { SimulatedWorld } from '../world/world.js'
import { send, type Reply } from './answers.js'
import type { SlowAnswers } from './slow-answers.js'

/** How a connection ends without an answer. */
export type Hush = 'connection-reset' | 'silence' | 'caller-killed'

/** The refusal that a fault is, in the words of the service; undefined for one that touches only the answer. */
export function refusalOf(fault: Strike, call: Call, world: SimulatedWorld): AwsError | undefined {
  switch (fault.kind) {
    case 'throttle':
      return word(throttleTexts, call, world)
    case 'server-error':
      return word(serverErrorTexts, call, world)
    case 'expired-token':
      return word(expiredTexts, call, world)
    case 'access-denied':
      return word(deniedTexts, call, world, fault.resource)
    case 'error':
      return new AwsError(fault.code, fault.message, fault.status)
    default:
      return undefined
  }
}

/** What is said when a call is one too many. */
export function throttled(call: Call, world: SimulatedWorld): AwsError {
  return word(throttleTexts, call, world)
}

function word(texts: FaultTexts, call: Call, world: SimulatedWorld, resource = '*'): AwsError {
  const { code, status, say } = texts[call.service] ?? texts.default
  const action = `${speechOf(call.service).iam ?? call.service}:${call.operation}`
  const caller = `arn:aws:sts::${world.account}:assumed-role/deploy/session`
  return new AwsError(code, say({ caller, action, resource }), status)
}

/** How the call ends without an answer at that moment, if it does. */
export function hushOf(fault: Strike | undefined, moment: 'before' | 'after'): Hush | undefined {
  if (fault?.kind !== 'connection-reset' && fault?.kind !== 'silence' && fault?.kind !== 'caller-killed')
    return undefined
  return (fault.when ?? 'before') === moment ? fault.kind : undefined
}

/** Ends a call without an answer. */
export function hush(how: Hush, response: ServerResponse, slow: SlowAnswers, faults: Faults): void {
  if (how === 'connection-reset') response.socket?.resetAndDestroy()
  else if (how === 'caller-killed') faults.killCaller()
  else slow.announce(response)
}

/** Sends an answer as its fault lets it through: whole, broken, or late. */
export function deliver(
  reply: Reply,
  requestId: string,
  fault: Strike | undefined,
  response: ServerResponse,
  slow: SlowAnswers
): void {
  if (fault?.kind === 'slow') slow.later(response, fault.ms, () => send(response, reply, requestId))
  else if (fault?.kind !== 'malformed') send(response, reply, requestId)
  else if (fault.how === 'truncated')
    send(response, { ...reply, body: reply.body.slice(0, reply.body.length / 2) }, requestId)
  else {
    response.writeHead(reply.status, {
      'content-type': reply.type,
      'content-length': Buffer.byteLength(reply.body),
      'x-amzn-requestid': requestId
    })
    response.write(reply.body.slice(0, reply.body.length / 2), () => response.destroy())
  }
}
