/** What stories and tests say to the world, and what they may read of it. */
import type { Cancel, Clock } from '../clock.js'
import type { Behaviours } from './behaviour.js'
import type { Timings } from './timings.js'

/** JSON as it came over the wire: task definitions are kept so, that no member is ever lost. */
export type Json = Record<string, unknown>

export interface Tag {
  key: string
  value: string
}

export interface WorldOptions {
  region?: string
  account?: string
  /** Virtual time at the beginning, epoch ms. */
  start?: number
  /** Seeds ids and addresses; two worlds with one seed and one story are equal. */
  seed?: number
  timings?: Partial<Timings>
}

/** Something that happened in the world, for timelines: the code is the interface, the text is for people. */
export interface Happening {
  time: number
  code: HappeningCode
  text: string
  ids: Readonly<Record<string, string>>
}

export type HappeningCode =
  | 'service-event'
  | 'deployment-started'
  | 'deployment-completed'
  | 'deployment-failed'
  | 'rollback-started'
  | 'failure-counted'
  | 'task-launched'
  | 'task-status'
  | 'task-stopped'
  | 'container-exited'
  | 'container-health'
  | 'target-health'
  | 'desired-count'
  | 'image-pushed'
  | 'task-definition-registered'

// ---- ECR

export interface RepositoryOptions {
  mutability?: 'MUTABLE' | 'IMMUTABLE' | 'MUTABLE_WITH_EXCLUSION' | 'IMMUTABLE_WITH_EXCLUSION'
  /** Wildcards of the two `_WITH_EXCLUSION` modes. */
  exclusions?: string[]
}

export interface PushOptions {
  tags?: string[]
  /** How containers of this image behave; absent: they start and answer 200 to everything. */
  behaviour?: Behaviours
  /** Programs that are not in the image: a health check command that calls one fails. */
  lacks?: string[]
  /** `index`: a multi-platform index with a child manifest per platform. */
  form?: 'single' | 'index'
  /** Default `['linux/amd64']`; for an index `['linux/amd64', 'linux/arm64']`. */
  platforms?: string[]
  media?: 'oci' | 'docker'
  /** The same content gives the same digest; by default each push is new content. */
  content?: string
}

export interface PushedImage {
  digest: string
  manifest: string
  mediaType: string
  /** `registry/repo@sha256:…` */
  uri: string
}

export interface RepositoryHandle {
  readonly name: string
  /** `account.dkr.ecr.region.amazonaws.com/name` */
  readonly uri: string
  readonly arn: string
  /** Puts an image here as `docker push` would, whatever the mutability (the story is not bound by it). */
  push(options?: PushOptions): PushedImage
  /** Points a tag at an image that is here. */
  tag(tag: string, digest: string): void
  /** Removes an image and its tags, as a lifecycle policy would. */
  expire(digest: string): void
  /** Marks an image ARCHIVED: it is described but cannot be pulled. */
  archive(digest: string): void
  /** The digest that a tag points at. */
  digestOf(tag: string): string | undefined
}

export interface EcrBuilder {
  repository(name: string, options?: RepositoryOptions): RepositoryHandle
  /** An image of another registry (default for those: any reference pulls and works). */
  external(reference: string, options: { behaviour?: Behaviours; lacks?: string[]; digest?: string }): void
}

// ---- ELBv2

export interface TargetGroupOptions {
  port?: number
  protocol?: string
  targetType?: 'ip' | 'instance'
  healthCheckPath?: string
  /** `traffic-port` (default) or a port. */
  healthCheckPort?: string
  intervalSeconds?: number
  timeoutSeconds?: number
  healthyThreshold?: number
  unhealthyThreshold?: number
  matcher?: string
  deregistrationDelaySeconds?: number
  vpcId?: string
  /** A load balancer's name (made when new); `null`: not attached to any. Default: one of its own. */
  loadBalancer?: string | null
}

export interface TargetView {
  readonly id: string
  readonly port: number
  readonly state: 'initial' | 'healthy' | 'unhealthy' | 'unused' | 'draining' | 'unavailable'
  readonly reason: string | undefined
  readonly description: string | undefined
}

export interface TargetGroupHandle {
  readonly name: string
  readonly arn: string
  readonly targetList: readonly TargetView[]
}

export interface LoadBalancerHandle {
  readonly name: string
  readonly arn: string
  readonly availabilityZones: string[]
}

export interface ElbBuilder {
  loadBalancer(
    name: string,
    options?: { availabilityZones?: string[]; type?: 'application' | 'network' }
  ): LoadBalancerHandle
  targetGroup(name: string, options?: TargetGroupOptions): TargetGroupHandle
}

// ---- ECS

export interface TaskDefinitionSpec {
  family: string
  containerDefinitions: Json[]
  [member: string]: unknown
}

export interface TaskDefinitionHandle {
  readonly arn: string
  readonly family: string
  readonly revision: number
  /** `family:revision` */
  readonly ref: string
  status: 'ACTIVE' | 'INACTIVE' | 'DELETE_IN_PROGRESS'
  readonly tags: Tag[]
  /** The definition as it was registered. */
  readonly raw: Json
}

export interface ServiceLoadBalancer {
  targetGroup: TargetGroupHandle
  containerName: string
  containerPort: number
}

export interface CircuitBreakerOptions {
  enable: boolean
  rollback: boolean
  resetOnHealthyTask?: boolean
  thresholdConfiguration?: { type: 'BOUNDED_PERCENT' | 'UNBOUNDED_PERCENT' | 'COUNT'; value: number }
}

export interface ServiceOptions {
  cluster: string
  name: string
  taskDefinition: TaskDefinitionHandle
  desiredCount: number
  loadBalancers?: ServiceLoadBalancer[]
  launchType?: 'FARGATE' | 'EC2'
  /** Instead of a launch type, e.g. `[{ capacityProvider: 'FARGATE_SPOT', weight: 1, base: 0 }]`. */
  capacityProviderStrategy?: { capacityProvider: string; weight?: number; base?: number }[]
  platformVersion?: string
  minimumHealthyPercent?: number
  maximumPercent?: number
  circuitBreaker?: CircuitBreakerOptions
  gracePeriodSeconds?: number
  subnets?: string[]
  securityGroups?: string[]
  assignPublicIp?: 'ENABLED' | 'DISABLED'
  controller?: 'ECS' | 'CODE_DEPLOY' | 'EXTERNAL'
  /** `deploymentConfiguration.strategy`; only ROLLING is played. */
  strategy?: 'ROLLING' | 'BLUE_GREEN' | 'LINEAR' | 'CANARY'
  status?: 'ACTIVE' | 'DRAINING' | 'INACTIVE'
  tags?: Tag[]
  /** Further members of the service's description, taken as they are. */
  extra?: Json
  /** True (default): the deployment is COMPLETED and every task healthy when the story begins. */
  settled?: boolean
}

/** The members of UpdateService that the world understands. */
export interface ServiceUpdate {
  taskDefinition?: string
  desiredCount?: number
  forceNewDeployment?: boolean
  healthCheckGracePeriodSeconds?: number
  deploymentConfiguration?: Json
  networkConfiguration?: Json
  platformVersion?: string
  loadBalancers?: Json[]
  [member: string]: unknown
}

export interface TaskView {
  readonly arn: string
  readonly id: string
  readonly status: TaskStatus
  readonly desiredStatus: 'RUNNING' | 'STOPPED'
  readonly deploymentId: string
  readonly taskDefinitionArn: string
  readonly healthStatus: 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN'
  readonly stopCode: string | undefined
  readonly stoppedReason: string | undefined
  /** Healthy as the service scheduler sees it (four cases, 40 s rule included). */
  readonly healthy: boolean
}

export type TaskStatus =
  | 'PROVISIONING'
  | 'PENDING'
  | 'ACTIVATING'
  | 'RUNNING'
  | 'DEACTIVATING'
  | 'STOPPING'
  | 'DEPROVISIONING'
  | 'STOPPED'

export interface DeploymentView {
  readonly id: string
  readonly status: string
  readonly taskDefinitionArn: string
  readonly rolloutState: 'COMPLETED' | 'FAILED' | 'IN_PROGRESS'
  readonly rolloutStateReason: string
  readonly failedTasks: number
  readonly createdAt: number
}

export interface ServiceEvent {
  id: string
  createdAt: number
  message: string
}

export interface ServiceHandle {
  readonly name: string
  readonly arn: string
  readonly clusterName: string
  readonly desiredCount: number
  /** As DescribeServices shows them, PRIMARY first. */
  readonly deployments: readonly DeploymentView[]
  readonly primary: DeploymentView
  /** Every task still visible, stopped ones included, oldest first. */
  readonly tasks: readonly TaskView[]
  /** Newest first. */
  readonly events: readonly ServiceEvent[]
}

export interface ContainerInstanceHandle {
  readonly arn: string
  readonly instanceId: string
}

export interface EcsBuilder {
  cluster(name: string): { readonly name: string; readonly arn: string }
  containerInstance(
    cluster: string,
    options?: { instanceId?: string; cpu?: number; memory?: number; availabilityZone?: string }
  ): ContainerInstanceHandle
  taskDefinition(spec: TaskDefinitionSpec, options?: { tags?: Tag[] }): TaskDefinitionHandle
  deregister(taskDefinition: string): void
  /** Finds a registered definition by ARN, `family:revision` or family (its latest ACTIVE one). */
  findTaskDefinition(ref: string): TaskDefinitionHandle | undefined
  service(options: ServiceOptions): ServiceHandle
  /** What somebody else's UpdateService does. */
  updateService(service: ServiceHandle, update: ServiceUpdate): void
  /** What auto scaling or a person does: moves desiredCount. */
  scale(service: ServiceHandle, desiredCount: number): void
  stopTask(taskArn: string, reason?: string): void
  interruptSpot(taskArn: string): void
  /** An EC2 instance goes away with its tasks (or, with a task ARN, the Fargate host of that task). */
  loseHost(instanceIdOrTaskArn: string): void
  /** From now on the task's containers behave so (a hang, a crash, a recovery). */
  misbehave(taskArn: string, behaviour: Behaviours): void
}

export interface World {
  readonly region: string
  readonly account: string
  readonly clock: Clock
  readonly ecs: EcsBuilder
  readonly ecr: EcrBuilder
  readonly elb: ElbBuilder
  onHappening(listener: (happening: Happening) => void): Cancel
  /** Called when a deployment is created on the service after the story began (not on a breaker's rollback). */
  onDeployment(service: ServiceHandle, listener: (deployment: DeploymentView) => void): Cancel
}
