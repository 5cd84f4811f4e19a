import type { HappeningBody } from './domain/events.js'
import type { EcrRepository, Repository } from './domain/image.js'
import type { Descriptor } from './domain/manifest.js'
import type { Session } from './domain/session.js'
import type { StoredImage } from './domain/stored-image.js'
import type { TagSettings } from './domain/tag-mutability.js'
import type { Alarm, Rollout, Service, Target, TargetGroup, Task } from './domain/service.js'
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
} from './domain/surroundings.js'
import type { JsonObject, Tag, TaskDefinition } from './domain/task-definition.js'

/** The only way to know the time or to wait. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number
  /** Waits; rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** A number in [0, 1) for jitter. */
  random(): number
}

/** Which service of which cluster, by name. */
export interface ServiceName {
  cluster: string
  service: string
}

export interface Update {
  taskDefinition?: string
  forceNewDeployment?: boolean
  desiredCount?: number
}

/** Amazon ECS, as far as the stories need it. Every method throws AwsFault when AWS does not answer well. */
export interface Containers {
  /** Throws NotFound when the cluster or the service does not exist, saying which. */
  service(name: ServiceName): Promise<Service>
  update(name: ServiceName, change: Update): Promise<Service>
  /** ARNs of the service's tasks that ECS wants in this state; stopped ones are kept about an hour. */
  taskArns(name: ServiceName, desiredStatus: 'RUNNING' | 'STOPPED'): Promise<string[]>
  /** Tasks by ARN; those that AWS has forgotten are left out. */
  tasks(cluster: string, arns: string[]): Promise<Task[]>
  /** EC2 instance id by container instance ARN. */
  instances(cluster: string, arns: string[]): Promise<Map<string, string>>
  /**
   * The newest service deployment that ECS began at or after `since` (epoch milliseconds), by its ARN where that is
   * known; undefined when there is none. A detail: where a world has none, it is done without.
   */
  rollout?(name: ServiceName, since: number, arn?: string): Promise<Rollout | undefined>
  /** By `family`, `family:revision` or ARN. Throws NotFound. */
  taskDefinition(reference: string): Promise<TaskDefinition>
  /** Gives the ARN of the new revision. */
  register(definition: JsonObject, tags: Tag[]): Promise<string>
}

/** A rollout of the past, as ECS's own history names it. Times in epoch milliseconds. */
export interface PastRollout {
  arn: string
  /** ARN of the service revision that it brought. */
  revision: string
  finishedAt?: number
  /** From its start to its end, milliseconds. */
  tookMs?: number
}

/** What a service revision ran: the task definition, and the digests that ECS found behind its images. */
export interface ServiceRevision {
  arn: string
  taskDefinition: string
  /** Container -> `sha256:…`, where ECS knows it. */
  digests: Record<string, string>
}

/**
 * What ECS keeps of a service's rollouts, and what can be done to one. Details: a world that lacks any of it, or a role
 * that may not, answers soon with an AwsFault, and it is done without.
 */
export interface Rollouts {
  /** Rollouts that ECS calls SUCCESSFUL, newest first, at most so many of them. ECS keeps 90 days. */
  successful(name: ServiceName, most: number): Promise<PastRollout[]>
  /** By ARN; those that ECS has forgotten are left out. */
  revisions(arns: string[]): Promise<ServiceRevision[]>
  /** ARNs of a family's revisions of this status, newest first, at most so many. */
  family(family: string, status: 'ACTIVE' | 'INACTIVE', most: number): Promise<string[]>
  /** Ends a service deployment and has ECS put back what ran before. Asking twice changes nothing. */
  stop(serviceDeployment: string): Promise<void>
  /** Puts tags on a task definition; others of it stay. */
  tag(taskDefinition: string, tags: Tag[]): Promise<void>
}

/** An image as the registry keeps it: the exact bytes of its manifest, and their media type and digest. */
export interface Manifest {
  digest: string
  mediaType?: string
  bytes: string
}

/** Amazon ECR. */
export interface Images {
  /** The image behind a tag or digest. Throws NotFound when the repository or the image does not exist. */
  manifest(repository: EcrRepository, image: { tag: string } | { digest: string }): Promise<Manifest>
  /** Puts a tag on an image that the repository has; a tag that is there on the same digest is success. */
  tag(repository: EcrRepository, manifest: Manifest, tag: string): Promise<'tagged' | 'was-there'>
}

/**
 * What ECR knows of repositories and of the images in them, beside manifests: how long these will be there. Reads only,
 * with little patience; a detail, and where a world has none, it is done without. Every method throws AwsFault.
 */
export interface Repositories {
  /** One image, whatever its status. Throws NotFound when the repository or the image does not exist. */
  image(repository: EcrRepository, image: { tag: string } | { digest: string }): Promise<StoredImage>
  /** Whether ECR serves the manifest, for who may not look at images. Throws NotFound without the repository. */
  serves(repository: EcrRepository, image: { tag: string } | { digest: string }): Promise<boolean>
  /** How the repository treats tags. Throws NotFound without the repository. */
  settings(repository: EcrRepository): Promise<TagSettings>
  /** The text of its lifecycle policy; undefined when it has none. */
  policy(repository: EcrRepository): Promise<string | undefined>
  /** Its images, whatever their status; `whole` is false when there were too many to read within seconds. */
  images(repository: EcrRepository): Promise<{ images: StoredImage[]; whole: boolean }>
  /** The manifests that each of these indexes names; what is no index, or is gone, is left out. */
  children(repository: EcrRepository, digests: string[]): Promise<Map<string, string[]>>
  /** What an index names, each with whether ECR serves it now; undefined for what is no index. */
  named?(repository: EcrRepository, digest: string): Promise<NamedManifest[] | undefined>
  /** Prefixes of the repositories that fill themselves from another registry (pull through cache). */
  cachePrefixes(repository: EcrRepository): Promise<string[]>
}

/** A manifest that an index names. */
export interface NamedManifest {
  child: Descriptor
  served: boolean
}

/** What a look at a registry may cost: `needed` is waited for, a `detail` gets a moment and is done without. */
export type Effort = 'needed' | 'detail'

/** A config or layer of an image: its digest, and how many bytes it has. */
export interface Blob {
  digest: string
  size: number
}

/**
 * Image registries of every kind: Amazon ECR by its own API, all others by the OCI distribution protocol. All that is
 * read is checked against its digest. Methods throw NotFound for what does not exist, AwsFault for ECR's trouble and
 * RegistryFault for that of the others.
 */
export interface Registries {
  /** The image behind a tag or digest. */
  manifest(
    repository: Repository,
    image: { tag: string } | { digest: string },
    effort: Effort
  ): Promise<Manifest>
  /** The digest that a tag names now; undefined when it does not exist. */
  digestOf(repository: Repository, tag: string, effort: Effort): Promise<string | undefined>
  /** The text of a small blob, such as the config of an image. */
  text(repository: Repository, blob: Blob, effort: Effort): Promise<string>
  /** Those of the blobs that the repository has not. */
  missing(repository: Repository, blobs: Blob[]): Promise<Blob[]>
  /**
   * Brings a blob from one repository into another without keeping it: mounted where that is possible, else streamed
   * part by part. `progress` is told how many bytes have arrived.
   */
  copy(
    blob: Blob,
    from: Repository,
    to: Repository,
    progress: (bytes: number) => void
  ): Promise<'mounted' | 'copied'>
  /** Puts a manifest under its digest, and under a tag when one is given; one that is there is success. */
  put(repository: Repository, manifest: Manifest, tag?: string): Promise<void>
  /** The same registries, whose requests and pauses all end with this signal too, with its reason. */
  within(signal: AbortSignal): Registries
}

/** Elastic Load Balancing. */
export interface Targets {
  /** All registered targets of a target group with their health. */
  health(targetGroupArn: string): Promise<Target[]>
  /** How target groups check. A detail: where a world has none, it is done without. */
  describe?(targetGroupArns: string[]): Promise<TargetGroup[]>
}

/** Amazon CloudWatch alarms. */
export interface Alarms {
  /** The alarms of these names, metric and composite; those that do not exist are left out. */
  states(names: string[]): Promise<Alarm[]>
}

/** Where the lines of a container are kept. */
export interface LogStream {
  group: string
  stream: string
  /** Absent: the region of the service. */
  region?: string
}

/** Amazon CloudWatch Logs. */
export interface Logs {
  /**
   * The last lines of a stream, oldest first, at most so many; a stream that does not exist has none. Rejects with the
   * signal's reason when it is aborted.
   */
  lastLines(where: LogStream, most: number, signal?: AbortSignal): Promise<string[]>
}

/**
 * What stands around a service. Every question is a detail: where a world has no answer, or the role may not ask, it is
 * done without. All throw AwsFault; those that say so throw NotFound, for exactly the thing that was asked for.
 */
export interface Surroundings {
  /** Loads what the questions need, so that the time limit is spent on answers. */
  prepare?: () => Promise<unknown>
  /** The ports beside these, with as little patience. */
  quick?: Pick<Ports, 'containers' | 'targets' | 'alarms'>
  /** All target groups of the region. */
  targetGroups?: () => Promise<TargetGroup[]>
  /** The attributes of a target group, such as `deregistration_delay.timeout_seconds`. */
  attributes?: (targetGroupArn: string) => Promise<Record<string, string>>
  balancers?: (arns: string[]) => Promise<Balancer[]>
  listeners?: (balancerArn: string) => Promise<Listener[]>
  /** The rules of a listener, without its default action. */
  rules?: (listenerArn: string) => Promise<ListenerRule[]>
  subnets?: (ids: string[]) => Promise<Subnet[]>
  securityGroups?: (ids: string[]) => Promise<SecurityGroup[]>
  routeTables?: (vpc: string) => Promise<RouteTable[]>
  natGateways?: (ids: string[]) => Promise<NatGateway[]>
  endpoints?: (vpc: string) => Promise<Endpoint[]>
  /** Throws NotFound. */
  logGroup?: (name: string, region?: string) => Promise<void>
  /** A secret of Secrets Manager, by ARN; its value is not read. Undefined when there is none. */
  secret?: (arn: string) => Promise<StoredSecret | undefined>
  /** Which of these parameters of Systems Manager exist; their values are not read. */
  parameters?: (names: string[], region: string) => Promise<string[]>
  /** By ARN or name. Undefined when there is no such role. */
  role?: (arn: string) => Promise<Role | undefined>
  /** What the policies of a role say to these actions on these resources. */
  simulate?: (roleArn: string, actions: string[], resources: string[]) => Promise<Simulated[]>
}

/** Small records that survive a kill of this process at any moment, for the post step. */
export interface Journal {
  save(key: string, value: string): void
}

/** Where happenings go; what a person sees of them is the host's matter. */
export type Announce = (happening: HappeningBody) => void

/** Files of the workspace. */
export interface Workspace {
  /** The text of a file, or undefined when there is none. */
  read(path: string): Promise<string | undefined>
}

/** Everything a story needs of the world. */
export interface Ports {
  containers: Containers
  /** Absent in a world without them: then what runs now is all that is known. */
  rollouts?: Rollouts
  images: Images
  /** Absent in a world that only serves manifests: then nothing is known of how long they stay. */
  repositories?: Repositories
  /** Absent in a world that has ECR's images only: then those of other registries stay as they are. */
  registries?: Registries
  targets: Targets
  /** Absent in a world without alarms: then none can be watched. */
  alarms?: Alarms
  /** Absent in a world without logs: then none are quoted. */
  logs?: Logs
  /** Absent: nothing beyond service, tasks and targets is looked at. */
  surroundings?: Surroundings
  /** When the session of this job ends; absent or undefined: nothing tells, or it is renewed. Never throws. */
  session?: () => Promise<Session | undefined>
  clock: Clock
  journal: Journal
  announce: Announce
  /** How many AWS requests were sent since then, epoch milliseconds; watching spends them by a budget. */
  requestsSince: (time: number) => number
  /** How many of these AWS answered with throttling; absent: none that is known of. */
  throttlesSince?: (time: number) => number
  workspace: Workspace
}

/** What kind of trouble AWS gave. `missing` and `rejected` are answers; the others mean that we do not see. */
export type FaultKind = 'denied' | 'expired' | 'throttled' | 'unreachable' | 'missing' | 'rejected'

/** AWS did not do what was asked: which operation, and in what way. */
export class AwsFault extends Error {
  constructor(
    readonly kind: FaultKind,
    /** Such as `ecs:DescribeServices`. */
    readonly operation: string,
    /** AWS's own error code, such as `AccessDeniedException`. */
    readonly errorCode: string,
    message: string
  ) {
    super(message)
    this.name = 'AwsFault'
  }
}

/** Something that was named does not exist; `message` says what and where. */
export class NotFound extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'NotFound'
  }
}

/**
 * What kind of trouble a registry that is not ECR gave: it did not let us in, we asked too often, it was not reached,
 * or it answered with something that is of no use.
 */
export type RegistryTrouble = 'denied' | 'limited' | 'unreachable' | 'rejected'

/** A registry that is not ECR did not do what was asked. The message never holds credentials or tokens. */
export class RegistryFault extends Error {
  constructor(
    readonly kind: RegistryTrouble,
    /** The registry as references name it. */
    readonly host: string,
    message: string,
    /** How long it wants to be left alone, milliseconds, when it said so. */
    readonly retryAfterMs?: number
  ) {
    super(message)
    this.name = 'RegistryFault'
  }
}
