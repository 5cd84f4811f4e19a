/** One HTTP server on loopback that the AWS SDK, the aws CLI and anything else may talk to. */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { Faults } from './faults.js'
import { Journal, type JournalEntry } from './journal.js'
import { describeServices, ecsOperations } from './services/ecs/index.js'
import { ecrOperations } from './services/ecr.js'
import { elbOperations } from './services/elbv2.js'
import type { Operation } from './services/operation.js'
import { stsOperations } from './services/sts.js'
import { answerToXml, errorXml, formToInput, wrapXml } from './wire/query.js'
import { faultError, identify, nameOf, type Call } from './wire/request.js'
import { schemasOf, type ServiceName } from './wire/schemas.js'
import { answerToJson, inspectRequest, refuseBadRequest } from './wire/validate.js'
import type { World } from './world/api.js'
import { AwsError } from './world/errors.js'
import { SimulatedWorld } from './world/world.js'

export interface ServerOptions {
  port?: number
  /** `manual`: time moves by the clock or the control route only. `scaled`: it follows the real clock, faster. */
  pace?: { kind: 'manual' } | { kind: 'scaled'; speed: number }
  faults?: Faults
}

export interface SimulatorServer {
  readonly url: string
  readonly port: number
  readonly journal: Journal
  readonly faults: Faults
  /** Answers that broke the SDK's schemas: a test asserts that there are none. */
  readonly violations: readonly string[]
  close(): Promise<void>
}

const operations: Record<ServiceName, Record<string, Operation>> = {
  ecs: ecsOperations,
  ecr: ecrOperations,
  elasticloadbalancing: elbOperations,
  sts: stsOperations
}

const namespaces: Partial<Record<ServiceName, string>> = {
  elasticloadbalancing: 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/',
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/'
}

/** Starts the fake AWS over a world, on 127.0.0.1. */
export async function startServer(world: World, options: ServerOptions = {}): Promise<SimulatorServer> {
  if (!(world instanceof SimulatedWorld)) throw new Error('startServer wants a world of createWorld')
  const server = new Server(world, options)
  await server.listen(options.port ?? 0)
  return server
}

class Server implements SimulatorServer {
  readonly journal = new Journal()
  readonly faults: Faults
  readonly violations: string[] = []
  port = 0
  private readonly http = createServer((request, response) => void this.handle(request, response))
  private readonly sockets = new Set<Socket>()
  private readonly timer: NodeJS.Timeout | undefined
  private readonly catchUp: () => void
  private stale: { until: number; services: Map<string, Record<string, unknown>> } | undefined

  constructor(
    private readonly world: SimulatedWorld,
    options: ServerOptions
  ) {
    this.faults = options.faults ?? new Faults()
    const { pace } = options
    if (pace?.kind === 'scaled') {
      const real = performance.now()
      const virtual = world.clock.now()
      this.catchUp = () => world.clock.advanceTo(virtual + (performance.now() - real) * pace.speed)
      this.timer = setInterval(this.catchUp, 50)
      this.timer.unref()
    } else this.catchUp = () => undefined
    // Slow readers keep their connection: a client must not meet a socket that closes under it.
    this.http.keepAliveTimeout = 600_000
    this.http.on('connection', (socket) => {
      this.sockets.add(socket)
      socket.on('close', () => this.sockets.delete(socket))
    })
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.http.once('error', reject)
      this.http.listen(port, '127.0.0.1', resolve)
    })
    this.port = (this.http.address() as AddressInfo).port
  }

  async close(): Promise<void> {
    clearInterval(this.timer)
    await new Promise<void>((resolve) => {
      this.http.close(() => resolve())
      for (const socket of this.sockets) socket.destroy()
    })
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const body = Buffer.concat(chunks).toString('utf8')
      this.catchUp()
      const path = (request.url ?? '/').split('?')[0] ?? '/'
      if (path.startsWith('/_simulator/')) this.control(request, path, body, response)
      else this.serve(request, body, response)
    } catch (error) {
      send(
        response,
        500,
        'application/json',
        JSON.stringify({ __type: 'SimulatorError', message: String(error) })
      )
    }
  }

  private control(request: IncomingMessage, path: string, body: string, response: ServerResponse): void {
    const answer = (value: unknown): void => send(response, 200, 'application/json', JSON.stringify(value))
    const route = `${request.method ?? ''} ${path}`
    if (route === 'GET /_simulator/now') answer({ now: this.world.clock.now() })
    else if (route === 'GET /_simulator/journal') answer(this.journal.entries)
    else if (route === 'POST /_simulator/advance') {
      const { to, by } = JSON.parse(body) as { to?: number; by?: number }
      if (to !== undefined) this.world.clock.advanceTo(to)
      else if (by !== undefined) this.world.clock.advanceBy(by)
      answer({ now: this.world.clock.now() })
    } else send(response, 404, 'application/json', JSON.stringify({ message: `no route ${route}` }))
  }

  private serve(request: IncomingMessage, body: string, response: ServerResponse): void {
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
      if (this.strike(call, entry, response)) return
      if (operation === undefined || schemas === undefined)
        throw new AwsError(
          'UnknownOperationException',
          `The simulator does not play ${call.service}:${call.operation}`
        )
      const findings = inspectRequest(schemas.input, entry.input)
      refuseBadRequest(findings, call.protocol, operation.openEnded ?? false)
      if (operation.write) this.rememberBeforeWrite()
      const { output, extras } =
        this.staleAnswer(call, entry.input) ?? operation.run(this.world, entry.input as never, findings)
      if (call.protocol === 'json') {
        entry.output = answerToJson(schemas.output, output, extras)
        send(response, 200, 'application/x-amz-json-1.1', JSON.stringify(entry.output), requestId)
      } else {
        const inside = answerToXml(schemas.output, output)
        entry.output = output
        send(
          response,
          200,
          'text/xml',
          wrapXml(call.operation, namespaces[call.service] ?? '', inside, requestId),
          requestId
        )
      }
    } catch (error) {
      const refusal = error instanceof AwsError ? error : this.violation(call, error)
      entry.error = refusal.code
      this.refuse(call, refusal, response, requestId)
    }
  }

  /** A service that is not played at all: said by name, in the shape that its client reads. */
  private refuseUnknown(
    request: IncomingMessage,
    body: string,
    response: ServerResponse,
    requestId: string
  ): void {
    const { service, operation } = nameOf(request, body)
    const code = 'UnknownOperationException'
    this.journal.add({
      time: this.world.clock.now(),
      service,
      operation,
      write: false,
      input: body,
      error: code
    })
    const message = `The simulator does not play ${service}:${operation}`
    const query = typeof request.headers['x-amz-target'] !== 'string'
    if (query) send(response, 400, 'text/xml', errorXml(code, message, '', requestId, true), requestId)
    else send(response, 400, 'application/x-amz-json-1.1', jsonError(code, message), requestId)
  }

  /** An answer that AWS could not have given is the simulator's own fault, and loud. */
  private violation(call: Call, error: unknown): AwsError {
    const text = `${call.service}:${call.operation}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
    this.violations.push(text)
    console.error(`simulator: ${text}`)
    return new AwsError('SimulatorError', text, 500)
  }

  private refuse(call: Call, error: AwsError, response: ServerResponse, requestId: string): void {
    if (call.protocol === 'json')
      send(
        response,
        error.status,
        'application/x-amz-json-1.1',
        jsonError(error.code, error.message),
        requestId
      )
    else
      send(
        response,
        error.status,
        'text/xml',
        errorXml(error.code, error.message, namespaces[call.service] ?? '', requestId, error.status < 500),
        requestId
      )
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

  private rememberBeforeWrite(): void {
    const now = this.world.clock.now()
    const seconds = this.faults.staleSeconds(now)
    if (seconds === 0) return
    const services = new Map<string, Record<string, unknown>>()
    for (const s of this.world.ecs.services)
      services.set(
        s.arn,
        describeServices(this.world, { cluster: s.cluster.name, services: [s.name], include: ['TAGS'] })
      )
    this.stale = { until: now + seconds * 1000, services }
  }

  private staleAnswer(
    call: Call,
    input: unknown
  ): { output: Record<string, unknown>; extras?: undefined } | undefined {
    if (call.operation !== 'DescribeServices' || this.stale === undefined) return undefined
    if (this.world.clock.now() >= this.stale.until) {
      this.stale = undefined
      return undefined
    }
    const now = describeServices(this.world, input as never)
    const held = this.stale.services
    const services = (now.services as { serviceArn: string }[]).map((s) => {
      const before = held.get(s.serviceArn)
      return (before?.services as unknown[] | undefined)?.[0] ?? s
    })
    return { output: { ...now, services } }
  }
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body === '' ? '{}' : body)
  } catch {
    throw new AwsError('SerializationException', 'The request body is not JSON')
  }
}

function jsonError(code: string, message: string): string {
  return JSON.stringify({ __type: code, message })
}

function send(
  response: ServerResponse,
  status: number,
  type: string,
  body: string,
  requestId?: string
): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    ...(requestId === undefined ? {} : { 'x-amzn-requestid': requestId })
  })
  response.end(body)
}
