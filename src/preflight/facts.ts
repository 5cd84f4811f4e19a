import type { Alarm, Service, Target, TargetGroup, Task } from '../domain/service.js'
import type {
  Balancer,
  Endpoint,
  Listener,
  ListenerRule,
  NatGateway,
  Role,
  RouteTable,
  SecurityGroup,
  Simulated,
  StoredSecret,
  Subnet
} from '../domain/surroundings.js'
import type { JsonObject } from '../domain/task-definition.js'
import type { Known } from './known.js'

/**
 * What the checks are asked about: a deployment that is to come now (others are dealt with), one that may come, or a
 * service as it stands.
 */
export interface About {
  purpose: 'deploy' | 'plan' | 'diagnose'
  service: Service
  /** The definition that would run; when diagnosing, the one that runs. */
  definition: JsonObject
  /** The definition that runs. */
  running: JsonObject
  /** By container: how its image was named before it became a digest, with its tag. */
  named?: ReadonlyMap<string, string>
  /** How many tasks are wanted. */
  desired: number
  /** Whether a failed deployment is undone by this action. */
  undoes: boolean
  /** The run's own deadline, milliseconds; absent when nothing is deployed. */
  timeoutMs?: number
  region: string
}

/** Whether a new task could pull an image; when not, why, as a sentence without its full stop. */
export type ImageThere = { there: true } | { there: false; says: string }

/** Everything that the checks may know. Gathered once; what could not be had says why. */
export interface Facts extends About {
  /** Epoch milliseconds. */
  now: number
  /** Tasks that ECS wants running. */
  tasks: Known<Task[]>
  /** Tasks that stopped within the last hour, or stop now. */
  stopped: Known<Task[]>
  /** By image as the running definition names it, with the digest that runs: whether it can still be pulled. */
  images: ReadonlyMap<string, Known<ImageThere>>
  /** The service's deployment alarms. */
  alarms: Known<Alarm[]>
  /** The service's target groups. */
  groups: Known<TargetGroup[]>
  /** By target group ARN. */
  targets: ReadonlyMap<string, Known<Target[]>>
  attributes: ReadonlyMap<string, Known<Record<string, string>>>
  /** Empty target groups that wait for a service like this one, when it registers with none. */
  strays: Known<TargetGroup[]>
  /** The load balancers of the service's target groups. */
  balancers: Known<Balancer[]>
  /** By load balancer ARN. */
  listeners: ReadonlyMap<string, Known<Listener[]>>
  /** By listener ARN; read only where no listener forwards to a group of the service by default. */
  rules: ReadonlyMap<string, Known<ListenerRule[]>>
  /** The service's subnets. */
  subnets: Known<Subnet[]>
  /** The subnets of its load balancers. */
  balancerSubnets: Known<Subnet[]>
  /** The security groups of the tasks, of the load balancers and of the endpoints, by id. */
  securityGroups: Known<ReadonlyMap<string, SecurityGroup>>
  /** Of the VPC of the service's subnets. */
  routeTables: Known<RouteTable[]>
  natGateways: Known<NatGateway[]>
  endpoints: Known<Endpoint[]>
  /** By `logKey`: whether the log group exists. */
  logGroups: ReadonlyMap<string, Known<boolean>>
  /** By the ARN without key, stage and version; undefined: there is none. */
  secrets: ReadonlyMap<string, Known<StoredSecret | undefined>>
  /** By `parameterKey`: whether the parameter exists. */
  parameters: ReadonlyMap<string, Known<boolean>>
  /** By the ARN or name that the definition has; undefined: there is none. */
  roles: ReadonlyMap<string, Known<Role | undefined>>
  /** What the execution role may do, by IAM's own simulator. */
  simulated: Known<Simulated[]>
}

/** What a map does not have was not asked for. */
export function of<T>(map: ReadonlyMap<string, Known<T>>, key: string): Known<T> {
  return map.get(key) ?? { known: false, why: `${key} was not looked at` }
}
