/** One HTTP server on loopback that the AWS SDK, the aws CLI and anything else may talk to. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { Faults } from './faults.js'
import { githubPath, serveGitHub } from './github/serve.js'
import { Repository } from './github/state.js'
import type { GitHub } from './github/api.js'
import { Journal } from './journal.js'
import { hostPath, OciServer, type OciOutcome } from './oci/serve.js'
import { json, send } from './server/answers.js'
import { Calls } from './server/calls.js'
import { control, controlPath } from './server/control.js'
import type { World } from './world/api.js'
import { SimulatedWorld } from './world/world.js'

/** `manual`: time moves by the clock or the control route only. `scaled`: it follows the real clock, faster. */
export type Pace = { kind: 'manual' } | { kind: 'scaled'; speed: number }

export interface ServerOptions {
  port?: number
  /** Default: manual. */
  pace?: Pace
  faults?: Faults
  /** Whether AWS's own request limits hold (default), or a client may ask as often as it likes. */
  limits?: boolean
  /** A GitHub of `createGitHub`, to be had below `/github`. */
  github?: GitHub
}

export interface SimulatorServer {
  readonly url: string
  readonly port: number
  /** What `GITHUB_API_URL` is for a run that is given this GitHub. */
  readonly githubUrl: string
  readonly journal: Journal
  readonly faults: Faults
  /** Answers that broke the SDK's schemas: a test asserts that there are none. */
  readonly violations: readonly string[]
  /** From now on time goes so. */
  setPace(pace: Pace): void
  close(): Promise<void>
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
  port = 0
  private readonly calls: Calls
  private readonly registries: OciServer
  private readonly github: Repository | undefined
  private readonly http = createServer((request, response) => void this.handle(request, response))
  private readonly sockets = new Set<Socket>()
  private timer: NodeJS.Timeout | undefined
  private catchUp: () => void = () => undefined

  constructor(
    private readonly world: SimulatedWorld,
    options: ServerOptions
  ) {
    this.faults = options.faults ?? new Faults()
    this.calls = new Calls(world, this.journal, this.faults, options.limits ?? true)
    this.registries = new OciServer(world, this.journal, this.faults)
    if (options.github !== undefined && !(options.github instanceof Repository))
      throw new Error('startServer wants a GitHub of createGitHub')
    this.github = options.github
    this.setPace(options.pace ?? { kind: 'manual' })
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

  get githubUrl(): string {
    return `${this.url}${githubPath}`
  }

  get violations(): readonly string[] {
    return this.calls.violations
  }

  setPace(pace: Pace): void {
    this.catchUp()
    clearInterval(this.timer)
    this.catchUp = () => undefined
    if (pace.kind === 'manual') return
    const real = performance.now()
    const virtual = this.world.clock.now()
    this.catchUp = () => this.world.clock.advanceTo(virtual + (performance.now() - real) * pace.speed)
    this.timer = setInterval(this.catchUp, 50)
    this.timer.unref()
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.http.once('error', reject)
      this.http.listen(port, '127.0.0.1', resolve)
    })
    this.port = (this.http.address() as AddressInfo).port
    const { ecr } = this.world
    ecr.layerBase = `${this.url}${hostPath}${ecr.layerHost}`
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
      const raw = Buffer.concat(chunks)
      const body = raw.toString('utf8')
      this.catchUp()
      const path = (request.url ?? '/').split('?')[0] ?? '/'
      const registry = this.registries.target(request.headers.host, path)
      if (path.startsWith(controlPath))
        send(response, control(this.world, this.calls, this.journal, `${request.method ?? ''} ${path}`, body))
      else if (registry !== undefined)
        this.pass(response, this.registries.serve(registry, request, raw, this.url))
      else if (this.github !== undefined && path.startsWith(`${githubPath}/`))
        serveGitHub(this.github, request, body, response, this.url, this.calls.slow)
      else this.calls.serve(request, body, response)
    } catch (error) {
      send(response, json({ __type: 'SimulatorError', message: String(error) }, 500))
    }
  }

  private pass(response: ServerResponse, outcome: OciOutcome): void {
    if (outcome === 'connection-reset') response.socket?.resetAndDestroy()
    else if (outcome === 'silence') response.writeProcessing()
    else if (outcome === 'caller-killed') this.faults.killCaller()
    else response.writeHead(outcome.status, outcome.headers).end(outcome.body)
  }
}
