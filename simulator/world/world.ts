/** The world: clusters, images and load balancers on one virtual clock. */
import { Clock } from '../clock.js'
import { Alarms } from './cloudwatch/alarms.js'
import type {
  DeploymentView,
  Happening,
  RoleOptions,
  SecretState,
  ServiceHandle,
  World,
  WorldOptions
} from './api.js'
import { Ecs } from './ecs/ecs.js'
import type { Registries } from './ecr/external-registry.js'
import { endpointOf } from './elb/endpoints.js'
import { Happenings } from './happenings.js'
import { Identity } from './identity.js'
import { Ids } from './ids.js'
import { LoadBalancing } from './elb/load-balancers.js'
import { Logs } from './logs/logs.js'
import { Network } from './network/network.js'
import { Registry } from './ecr/registry.js'
import { Scaling } from './scaling.js'
import { Secrets } from './secrets.js'
import { defaultTimings } from './timings.js'

/** Everything that exists, with the inner parts that the services of the wire read. */
export class SimulatedWorld implements World {
  readonly region: string
  readonly account: string
  readonly clock: Clock
  readonly ids: Ids
  readonly ecs: Ecs
  readonly ecr: Registry
  readonly registries: Registries
  readonly elb: LoadBalancing
  readonly logs: Logs
  readonly secrets = new Secrets()
  readonly identity: Identity
  readonly ec2: Network
  readonly cloudwatch: Alarms
  readonly scaling: Scaling
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
    this.registries = this.ecr.others
    this.ec2 = new Network(clock, options.seed ?? 1, region)
    this.elb = new LoadBalancing(clock, ids, region, account, timings.firstTargetCheck, happen, this.ec2)
    this.logs = new Logs(clock, region, account)
    this.identity = new Identity(clock, account)
    this.cloudwatch = new Alarms(clock, region, account, happen)
    this.ecs = new Ecs({
      clock,
      ids,
      timings,
      region,
      account,
      happen,
      quietly,
      ecr: this.ecr,
      elb: this.elb,
      logs: this.logs,
      secrets: this.secrets,
      identity: this.identity,
      network: this.ec2,
      cloudwatch: this.cloudwatch
    })
    this.scaling = new Scaling(clock, options.seed ?? 1, region, account, this.ecs, (l) =>
      this.onHappening(l)
    )
    this.elb.whoIs = (id) => endpointOf(this.ecs, id)
  }

  secret(arn: string, state: SecretState): void {
    this.secrets.secret(arn, state)
  }

  role(reference: string, options: RoleOptions): void {
    this.identity.role(reference, options)
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
