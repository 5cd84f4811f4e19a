/** From an HTTP request to the operation that it names, and back. */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Faults } from '../faults.js'
import type { Journal, JournalEntry } from '../journal.js'
import { operations } from '../services/index.js'
import { formToInput } from '../wire/query.js'
import { faultError, identify, nameOf, type Call } from '../wire/request.js'
import { schemasOf } from '../wire/schemas.js'
import { inspectRequest, refuseBadRequest } from '../wire/validate.js'
import { AwsError } from '../world/errors.js'
import type { SimulatedWorld } from '../world/world.js'
import { refusal, reply, send } from './answers.js'
import { StaleReads } from './stale-reads.js'

/** Answers AWS calls over a world, and writes each into the journal. */
export class Calls {
  /** Answers that broke the SDK's schemas. */
  readonly violations: string[] = []
  private readonly staleReads: StaleReads

  constructor(
    private readonly world: SimulatedWorld,
    private readonly journal: Journal,
    private readonly faults: Faults
  ) {
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
    const operation = operations[call.service][call.operation]
    const entry: JournalEntry = {
      time: this.world.clock.now(),
      service: call.service,
      operation: call.operation,
      write: operation?.write ?? false,
      input: undefined
    }
    this.journal.add(entry)
    try {
      const schemas = schemasOf(call.service, call.operation)
      if (schemas !== undefined && call.protocol === 'query')
        entry.input = formToInput(schemas.input, new URLSearchParams(call.body))
      else if (call.protocol === 'json') entry.input = parse(call.body)
      if (this.strike(call, entry, response)) {
        this.journal.settled(entry)
        return
      }
      if (operation === undefined || schemas === undefined) throw notPlayed(call.service, call.operation)
      const findings = inspectRequest(schemas.input, entry.input)
      refuseBadRequest(findings, call.protocol, operation.openEnded ?? false)
      if (operation.write) this.staleReads.remember()
      const answer =
        this.staleReads.answer(call.operation, entry.input) ??
        operation.run(this.world, entry.input as never, findings)
      const { shown, ...good } = reply(call, schemas, answer, requestId)
      entry.output = shown
      send(response, good, requestId)
    } catch (error) {
      const refused = error instanceof AwsError ? error : this.violation(call, error)
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

  /** Plays an ordered fault; true when there is nothing more to answer. */
  private strike(call: Call, entry: JournalEntry, response: ServerResponse): boolean {
    const fault = this.faults.strike(call.operation, this.world.clock.now())
    if (fault === undefined) return false
    if (fault.kind === 'connection-reset') {
      entry.error = 'connection-reset'
      response.socket?.resetAndDestroy()
      return true
    }
    if (fault.kind === 'silence') {
      entry.error = 'silence'
      // Clients wait on; a program whose time is in our hand may read from this that nothing more will come.
      response.writeProcessing()
      return true
    }
    throw faultError(fault, call, this.world.account)
  }
}

function notPlayed(service: string, operation: string): AwsError {
  return new AwsError('UnknownOperationException', `The simulator does not play ${service}:${operation}`)
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body === '' ? '{}' : body)
  } catch {
    throw new AwsError('SerializationException', 'The request body is not JSON')
  }
}
