/** One HTTP server on loopback that the AWS SDK, the aws CLI and anything else may talk to. */
import type { Faults } from './faults.js'
import type { Journal } from './journal.js'
import type { World } from './world/api.js'

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
  close(): Promise<void>
}

/** Starts the fake AWS over a world, on 127.0.0.1. */
export function startServer(_world: World, _options: ServerOptions = {}): Promise<SimulatorServer> {
  return Promise.reject(new Error('the server comes with the next commit'))
}
