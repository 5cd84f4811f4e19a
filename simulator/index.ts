/** What stories, tests and the command line use of the simulator. */
export { Clock, defaultStart, type Cancel } from './clock.js'
export { Faults, type Fault, type FaultRule, type Moment } from './faults.js'
export { namedFaults, orderFault, type NamedFault } from './faults/named.js'
export { Journal, type JournalEntry } from './journal.js'
export { startServer, type ServerOptions, type SimulatorServer } from './server.js'
export type * from './world/api.js'
export type { Answer, Behaviour, Behaviours, Print } from './world/behaviour.js'
export type { StartFailure } from './world/ecs/start-failures.js'
export { defaultTimings, type Timings } from './world/timings.js'
export { createWorld } from './world/world.js'
export { createGitHub } from './github/index.js'
export type * from './github/api.js'
export {
  proofLinkService,
  prodEService,
  type ProofLinkOptions,
  type SeedService
} from './world/seeds/seeds.js'
export type { ProofLinkMistake, ProofLinkNetwork } from './world/seeds/seed-network.js'
