/** The world: clusters, images and load balancers on one virtual clock. */
import { Clock } from '../clock.js'
import type { DeploymentView, Happening, ServiceHandle, World, WorldOptions } from './api.js'
import { Ecs } from './ecs.js'
import { Happenings } from './happenings.js'
import { Ids } from './ids.js'
import { LoadBalancing } from './load-balancers.js'
import { Registry } from './registry.js'
import { defaultTimings } from './timings.js'

/** Everything that exists, with the inner parts that the services of the wire read. */
export class SimulatedWorld implements World {
  readonly region: string
  readonly account: string
  readonly clock: Clock
  readonly ids: Ids
  readonly ecs: Ecs
  readonly ecr: Registry
  readonly elb: LoadBalancing
  private readonly happenings: Happenings

  constructor(options: WorldOptions) {
    this.region = options.region ?? 'us-west-2'
    this.account = options.account ?? '043309339649'
    this.clock = new Clock(options.start)
    this.ids = new Ids(options.seed ?? 1)
    const timings = { ...defaultTimings, ...options.timings }
    this.happenings = new Happenings(this.clock)
    const { happen, quietly } = this.happenings
    const { clock, ids, region, account } = this
    this.ecr = new Registry(clock, ids, region, account, happen)
    this.elb = new LoadBalancing(clock, ids, region, account, timings.firstTargetCheck, happen)
    this.ecs = new Ecs({
      clock,
      ids,
      timings,
      region,
      account,
      happen,
      quietly,
      ecr: this.ecr,
      elb: this.elb
    })
  }

  onHappening(listener: (happening: Happening) => void): () => void {
    return this.happenings.listen(listener)
  }

  onDeployment(service: ServiceHandle, listener: (deployment: DeploymentView) => void): () => void {
    return this.ecs.onDeployment(service, listener)
  }
}

/** Makes an empty world. */
export function createWorld(options: WorldOptions = {}): World {
  return new SimulatedWorld(options)
}
