/** What the product reads of ECS and ELB, in their own words, with times in epoch milliseconds. */

/** One of a service's deployments. `status` and `rolloutState` are open texts: AWS adds values. */
export interface Deployment {
  id: string
  status: string
  taskDefinition: string
  desired: number
  pending: number
  running: number
  failed: number
  rolloutState?: string
  rolloutStateReason?: string
  createdAt?: number
  updatedAt?: number
}

export interface ServiceEvent {
  id: string
  at: number
  message: string
}

/** A load balancer entry of a service: the container port that is registered, and where. */
export interface LoadBalancer {
  targetGroupArn?: string
  /** Classic load balancers have a name and no target group. */
  classicName?: string
  containerName: string
  containerPort: number
}

export interface CircuitBreaker {
  enable: boolean
  rollback: boolean
  thresholdType?: string
  thresholdValue?: number
}

/** CloudWatch alarms that ECS itself holds the service's deployments to. */
export interface DeploymentAlarms {
  names: string[]
  enable: boolean
  rollback: boolean
}

/** So many of the new tasks healthy are enough, in percent of the desired ones; old tasks go before that, or `later`. */
export interface EarlySuccess {
  healthyPercent: number
  oldTasks: 'before' | 'later'
}

/** The awsvpc configuration of a service. */
export interface TaskNetwork {
  subnets: string[]
  securityGroups: string[]
  publicIp: boolean
}

export interface Service {
  arn: string
  name: string
  clusterArn: string
  status: string
  /** `ECS` when the service does not say: the field is absent for the rolling controller. */
  controller: string
  /** `ROLLING` when the service does not say. */
  strategy: string
  scheduling: string
  taskDefinition: string
  desired: number
  running: number
  pending: number
  deployments: Deployment[]
  events: ServiceEvent[]
  loadBalancers: LoadBalancer[]
  gracePeriodMs: number
  breaker: CircuitBreaker
  /** Absent when the service names none. */
  alarms?: DeploymentAlarms
  minimumHealthyPercent?: number
  maximumPercent?: number
  /** How long ECS goes on watching a deployment whose tasks are all healthy; absent: it follows from the alarms. */
  bakeMs?: number
  /** When ECS calls a deployment successful before all of it has settled; absent: it does not. */
  earlySuccess?: EarlySuccess
  /** Where tasks of network mode awsvpc are put; absent for the other modes. */
  network?: TaskNetwork
  /** Absent with a capacity provider strategy. */
  launchType?: string
  capacityProviders?: string[]
  /** ARN of the service deployment that ECS names as current. */
  serviceDeploymentArn?: string
}

export interface Container {
  name: string
  lastStatus: string
  /** Another one for every start of the container, also within the same task. */
  runtimeId?: string
  exitCode?: number
  reason?: string
  healthStatus?: string
  /** The reference as the definition has it, and `sha256:…` of what was pulled. */
  image?: string
  imageDigest?: string
  addresses: string[]
  bindings: { containerPort: number; hostPort: number }[]
}

export interface Task {
  arn: string
  startedBy?: string
  taskDefinition: string
  lastStatus: string
  desiredStatus: string
  healthStatus?: string
  stopCode?: string
  stoppedReason?: string
  createdAt?: number
  startedAt?: number
  /** When its containers ended, or it began to stop. */
  endedAt?: number
  stoppedAt?: number
  containerInstanceArn?: string
  addresses: string[]
  containers: Container[]
}

/** One registered target of a target group, with ELB's own words for its health. */
export interface Target {
  id: string
  port?: number
  state: string
  reason?: string
  description?: string
}

/** How a target group checks its targets. Times in milliseconds; what ELB does not say is absent. */
export interface TargetGroup {
  arn: string
  intervalMs?: number
  timeoutMs?: number
  unhealthyThreshold?: number
  healthyThreshold?: number
  /** `HTTP`, `TCP` and others. */
  protocol?: string
  /** `traffic-port` or a number. */
  port?: string
  path?: string
  /** The codes that count as healthy, such as `200-299`. */
  matcher?: string
  /** `ip`, `instance` and others. */
  targetType?: string
  vpc?: string
  /** The port that a target has when it names none. */
  trafficPort?: number
  addressType?: string
  /** The load balancers that send requests to it; absent when ELB does not say. */
  loadBalancers?: string[]
}

/** A CloudWatch alarm, metric or composite. `state` is an open text: OK, ALARM, INSUFFICIENT_DATA. */
export interface Alarm {
  name: string
  state: string
  reason?: string
  /** How much of the past a metric alarm looks at, milliseconds. */
  windowMs?: number
}

/** What the service deployments API says of one rollout: its own breaker's count stands only here. */
export interface Rollout {
  arn: string
  status: string
  statusReason?: string
  createdAt?: number
  targetRevision?: string
  breaker?: { status: string; failureCount: number; threshold: number }
  triggeredAlarms: string[]
}

/** The PRIMARY deployment, when there is one. */
export function primaryOf(service: Service): Deployment | undefined {
  return service.deployments.find((d) => d.status === 'PRIMARY')
}

/** True when ECS is set up to put the old revision back by itself: by its circuit breaker or its alarms. */
export function rollsBackItself({ breaker, alarms }: Service): boolean {
  return (breaker.enable && breaker.rollback) || (alarms?.enable === true && alarms.rollback)
}

/**
 * True while ECS is still moving: a deployment IN_PROGRESS, or more than one deployment of which the
 * PRIMARY has not completed. A state that we do not know counts as moving.
 */
export function isRolling(service: Service): boolean {
  const primary = primaryOf(service)
  if (!primary) return false
  // A breaker that rolls back is about to act; without one the failed deployment stays as it is.
  if (primary.rolloutState === 'FAILED')
    return (
      rollsBackItself(service) &&
      service.deployments.some((d) => d !== primary && d.rolloutState === 'COMPLETED')
    )
  if (primary.rolloutState !== undefined) return primary.rolloutState !== 'COMPLETED'
  return service.deployments.length > 1
}

/**
 * True while ECS itself goes back: by its circuit breaker, an alarm, or because somebody asked it to. That the failed
 * deployment is there too is its state; which way PRIMARY goes is only in its reason (DescribeServices has no code).
 */
export function goesBackItself(service: Service): boolean {
  const primary = primaryOf(service)
  const failed = service.deployments.some((d) => d !== primary && d.rolloutState === 'FAILED')
  return (
    failed &&
    primary?.rolloutState === 'IN_PROGRESS' &&
    /rolling back/i.test(primary.rolloutStateReason ?? '')
  )
}

/**
 * How many failed tasks trip the service's own circuit breaker; undefined when it is off.
 * Default BOUNDED_PERCENT 50: ceil(50 % of desired), at least 3 and at most 200 (ECS documentation).
 */
export function breakerThreshold(breaker: CircuitBreaker, desired: number): number | undefined {
  if (!breaker.enable) return undefined
  const value = breaker.thresholdValue ?? 50
  const percent = Math.ceil((value / 100) * desired)
  switch (breaker.thresholdType ?? 'BOUNDED_PERCENT') {
    case 'COUNT':
      return value
    case 'UNBOUNDED_PERCENT':
      return percent
    default:
      return Math.min(200, Math.max(3, percent))
  }
}
