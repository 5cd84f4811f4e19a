/** From an HTTP request to the operation that it names, and back. */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Faults, Strike } from '../faults.js'
import { Throttles } from '../faults/throttles.js'
import type { Journal, JournalEntry } from '../journal.js'
import { operations } from '../services/index.js'
import { formToInput } from '../wire/query.js'
import { identify, nameOf, type Call } from '../wire/request.js'
import { schemasOf } from '../wire/schemas.js'
import { speechOf } from '../wire/services.js'
import { inspectRequest, refuseBadRequest, withoutNull } from '../wire/validate.js'
import { AwsError } from '../world/errors.js'
import type { SimulatedWorld } from '../world/world.js'
import { refusal, reply, send } from './answers.js'
import { SlowAnswers } from './slow-answers.js'
import { StaleReads } from './stale-reads.js'
import { deliver, hush, hushOf, refusalOf, throttled, type Hush } from './trouble.js'

/** Answers AWS calls over a world, and writes each into the journal. */
export class Calls {
  /** Answers that broke the SDK's schemas. */
  readonly violations: string[] = []
  /** Answers that are still to come. */
  readonly slow: SlowAnswers
  private readonly staleReads: StaleReads
  private readonly throttles = new Throttles()

  constructor(
    private readonly world: SimulatedWorld,
    private readonly journal: Journal,
    private readonly faults: Faults,
    private readonly limited: boolean
  ) {
    this.slow = new SlowAnswers(world)
    this.staleReads = new StaleReads(world, faults)
  }

  /** Answers one request. */
  serve(request: IncomingMessage, body: string, response: ServerResponse): void {
    const call = identify(request, body)
    const requestId = randomUUID()
    if (call === undefined) {
      this.refuseUnknown(request, body, response, requestId)
      return
    }
    const known = operations[call.service]
    const operation = Object.hasOwn(known, call.operation) ? known[call.operation] : undefined
    const entry: JournalEntry = {
      time: this.world.clock.now(),
      service: call.service,
      operation: call.operation,
      write: operation?.write ?? false,
      input: undefined
    }
    this.journal.add(entry)
    let fault: Strike | undefined
    try {
      const schemas = schemasOf(call.service, call.operation)
      if (schemas !== undefined && call.protocol === 'query')
        entry.input = formToInput(
          schemas.input,
          new URLSearchParams(call.body),
          speechOf(call.service).dialect
        )
      else if (call.protocol === 'json') entry.input = parse(call.body)
      fault = this.faults.strike(call.operation, entry.time)
      const unheard = hushOf(fault, 'before')
      if (unheard !== undefined) {
        this.unanswered(unheard, entry, response)
        return
      }
      this.befall(fault, call)
      if (operation === undefined || schemas === undefined) throw notPlayed(call.service, call.operation)
      const findings = inspectRequest(schemas.input, entry.input)
      refuseBadRequest(findings, call, operation.openEnded ?? false)
      if (operation.write) this.staleReads.remember()
      const answer =
        this.staleReads.answer(call.operation, entry.input) ??
        operation.run(this.world, entry.input as never, findings)
      const { shown, ...good } = reply(call, schemas, answer, requestId)
      entry.output = shown
      const lost = hushOf(fault, 'after')
      if (lost !== undefined) {
        this.unanswered(lost, entry, response)
        return
      }
      if (fault?.kind === 'malformed') entry.error = fault.how
      deliver(good, requestId, fault, response, this.slow)
    } catch (error) {
      const refused = error instanceof AwsError ? error : this.violation(call, error)
      // A refusal is an answer too, and is lost like any other.
      const lost = hushOf(fault, 'after')
      if (lost !== undefined) {
        this.unanswered(lost, entry, response)
        return
      }
      entry.error = refused.code
      send(response, refusal(call, refused, requestId), requestId)
    }
    this.journal.settled(entry)
  }

  /** A service that is not played at all: said by name, in the shape that its client reads. */
  private refuseUnknown(
    request: IncomingMessage,
    body: string,
    response: ServerResponse,
    requestId: string
  ): void {
    const { service, operation } = nameOf(request, body)
    const error = notPlayed(service, operation)
    const time = this.world.clock.now()
    const entry = { time, service, operation, write: false, input: body, error: error.code }
    this.journal.add(entry)
    this.journal.settled(entry)
    const protocol = typeof request.headers['x-amz-target'] === 'string' ? 'json' : 'query'
    send(response, refusal({ protocol }, error, requestId), requestId)
  }

  /** An answer that AWS could not have given is the simulator's own fault, and loud. */
  private violation(call: Call, error: unknown): AwsError {
    const text = `${call.service}:${call.operation}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
    this.violations.push(text)
    console.error(`simulator: ${text}`)
    return new AwsError('SimulatorError', text, 500)
  }

  /** Refuses a call that a fault or a limit of AWS strikes. */
  private befall(fault: Strike | undefined, call: Call): void {
    const refused = fault === undefined ? undefined : refusalOf(fault, call, this.world)
    if (refused !== undefined) throw refused
    const granted = !this.limited || this.throttles.take(call.service, call.operation, this.world.clock.now())
    if (!granted) throw throttled(call, this.world)
  }

  private unanswered(how: Hush, entry: JournalEntry, response: ServerResponse): void {
    entry.error = how
    hush(how, response, this.slow, this.faults)
    this.journal.settled(entry)
  }
}

function notPlayed(service: string, operation: string): AwsError {
  return new AwsError('UnknownOperationException', `The simulator does not play ${service}:${operation}`)
}

/** The input in a body: a structure, whose members that are null are not there. */
function parse(body: string): unknown {
  let given: unknown
  try {
    given = JSON.parse(body === '' ? '{}' : body)
  } catch {
    throw new AwsError('SerializationException', 'The request body is not JSON')
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new AwsError('SerializationException', 'The request body is not a structure')
  return withoutNull(given)
}
