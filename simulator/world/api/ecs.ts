/** What stories and tests say to ECS, and what they may read of it. */
import type { Behaviours } from '../behaviour.js'
import type { StartFailure } from '../ecs/start-failures.js'
import type { Json, Tag } from './common.js'
import type { TargetGroupHandle } from './elb.js'

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
  /** `deploymentConfiguration.alarms`. */
  alarms?: { alarmNames: string[]; enable: boolean; rollback: boolean }
  bakeTimeInMinutes?: number
  earlySuccessCriteria?: {
    enable: boolean
    healthyPercent?: number
    sourceServiceRevisionCleanup?: 'BLOCKING' | 'DEFERRED'
  }
  /** Further members of `deploymentConfiguration`, as a client gives them. */
  deploymentConfiguration?: Json
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
    options?: {
      instanceId?: string
      cpu?: number
      memory?: number
      availabilityZone?: string
      /** Instead of a zone: the subnet it stands in. */
      subnet?: string
      securityGroups?: string[]
      /** What `memberOf` constraints ask for. */
      attributes?: Record<string, string>
    }
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
  /** DeleteService with force. */
  deleteService(service: ServiceHandle): void
  /** StopServiceDeployment with ROLLBACK on the newest deployment. */
  stopDeployment(service: ServiceHandle): void
  /** UpdateTaskProtection: scale-in and deployments leave the task alone for so many minutes; 0 ends it. */
  protect(taskArn: string, minutes: number): void
  stopTask(taskArn: string, reason?: string): void
  interruptSpot(taskArn: string): void
  /** An EC2 instance goes away with its tasks (or, with a task ARN, the Fargate host of that task). */
  loseHost(instanceIdOrTaskArn: string, how?: 'terminated' | 'stopped'): void
  /** An instance takes no more tasks, and those of services are moved away. */
  drain(instanceId: string): void
  /** Somebody deregisters an instance although tasks run on it. */
  deregisterInstance(instanceId: string): void
  /** The agent of an instance is not heard of any more (or, with `true`, again). */
  disconnectAgent(instanceId: string, connected?: boolean): void
  /** From now on every start of the service's tasks fails so (capacity, subnets, roles …); undefined: no more. */
  startsFail(service: ServiceHandle, failure: StartFailure | undefined): void
  /** From now on the task's containers behave so (a hang, a crash, a recovery). */
  misbehave(taskArn: string, behaviour: Behaviours): void
}
