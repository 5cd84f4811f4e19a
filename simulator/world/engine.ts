/** What every part of the world needs of the rest. */
import type { Alarms } from './cloudwatch/alarms.js'
import type { Clock } from '../clock.js'
import type { Happen } from './happenings.js'
import type { Identity } from './identity.js'
import type { Ids } from './ids.js'
import type { LoadBalancing } from './elb/load-balancers.js'
import type { Logs } from './logs/logs.js'
import type { Network } from './network/network.js'
import type { Registry } from './ecr/registry.js'
import type { Secrets } from './secrets.js'
import type { Timings } from './timings.js'

export interface Engine {
  readonly clock: Clock
  readonly ids: Ids
  readonly timings: Timings
  readonly region: string
  readonly account: string
  readonly happen: Happen
  /** Lets things happen without telling anybody: the past of a story. */
  readonly quietly: (fn: () => void) => void
  readonly ecr: Registry
  readonly elb: LoadBalancing
  readonly logs: Logs
  readonly secrets: Secrets
  readonly identity: Identity
  readonly network: Network
  readonly cloudwatch: Alarms
}
