/** What ECS answers, as the product's own data: absent facts stay absent, open texts stay texts. */
import type * as sdk from '@aws-sdk/client-ecs'
import type {
  Container,
  Deployment,
  EarlySuccess,
  Rollout,
  Service,
  Task,
  TaskNetwork
} from '../domain/service.js'

/** Members that are undefined are left out, so that an absent fact stays absent. */
function present<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, v]) => v !== undefined)) as T
}

const time = (date: Date | undefined) => date?.getTime()

/** The first of the times that are there, epoch milliseconds. */
function earliest(...dates: (Date | undefined)[]): number | undefined {
  const times = dates.flatMap((d) => (d === undefined ? [] : [d.getTime()]))
  return times.length === 0 ? undefined : Math.min(...times)
}

/** A service as DescribeServices and UpdateService answer it, in the product's words. */
export function toService(s: sdk.Service): Service {
  const breaker = s.deploymentConfiguration?.deploymentCircuitBreaker
  return present<Service>({
    arn: s.serviceArn ?? '',
    name: s.serviceName ?? '',
    clusterArn: s.clusterArn ?? '',
    status: s.status ?? 'UNKNOWN',
    controller: s.deploymentController?.type ?? 'ECS',
    strategy: s.deploymentConfiguration?.strategy ?? 'ROLLING',
    scheduling: s.schedulingStrategy ?? 'REPLICA',
    taskDefinition: s.taskDefinition ?? '',
    desired: s.desiredCount ?? 0,
    running: s.runningCount ?? 0,
    pending: s.pendingCount ?? 0,
    deployments: (s.deployments ?? []).map(toDeployment),
    events: (s.events ?? []).map((e) => ({
      id: e.id ?? '',
      at: time(e.createdAt) ?? 0,
      message: e.message ?? ''
    })),
    loadBalancers: (s.loadBalancers ?? []).map((l) =>
      present({
        targetGroupArn: l.targetGroupArn,
        classicName: l.loadBalancerName,
        containerName: l.containerName ?? '',
        containerPort: l.containerPort ?? 0
      })
    ),
    gracePeriodMs: (s.healthCheckGracePeriodSeconds ?? 0) * 1000,
    breaker: present({
      enable: breaker?.enable ?? false,
      rollback: breaker?.rollback ?? false,
      thresholdType: breaker?.thresholdConfiguration?.type,
      thresholdValue: breaker?.thresholdConfiguration?.value
    }),
    alarms: s.deploymentConfiguration?.alarms
      ? {
          names: s.deploymentConfiguration.alarms.alarmNames ?? [],
          enable: s.deploymentConfiguration.alarms.enable ?? false,
          rollback: s.deploymentConfiguration.alarms.rollback ?? false
        }
      : undefined,
    minimumHealthyPercent: s.deploymentConfiguration?.minimumHealthyPercent,
    maximumPercent: s.deploymentConfiguration?.maximumPercent,
    bakeMs: minutes(s.deploymentConfiguration?.bakeTimeInMinutes),
    earlySuccess: toEarlySuccess(s.deploymentConfiguration?.earlySuccessCriteria),
    network: toNetwork(s.networkConfiguration?.awsvpcConfiguration),
    launchType: s.launchType,
    capacityProviders: s.capacityProviderStrategy?.flatMap((c) => c.capacityProvider ?? []),
    serviceDeploymentArn: s.currentServiceDeployment
  })
}

const minutes = (n: number | undefined) => (n === undefined ? undefined : n * 60_000)

function toEarlySuccess(e: sdk.DeploymentEarlySuccessCriteria | undefined): EarlySuccess | undefined {
  if (e?.enable !== true) return undefined
  const oldTasks = e.sourceServiceRevisionCleanup === 'DEFERRED' ? 'later' : 'before'
  return { healthyPercent: e.healthyPercent ?? 100, oldTasks }
}

function toNetwork(vpc: sdk.AwsVpcConfiguration | undefined): TaskNetwork | undefined {
  if (vpc === undefined) return undefined
  return {
    subnets: vpc.subnets ?? [],
    securityGroups: vpc.securityGroups ?? [],
    // DISABLED when it is not given.
    publicIp: vpc.assignPublicIp === 'ENABLED'
  }
}

function toDeployment(d: sdk.Deployment): Deployment {
  return present<Deployment>({
    id: d.id ?? '',
    status: d.status ?? 'UNKNOWN',
    taskDefinition: d.taskDefinition ?? '',
    desired: d.desiredCount ?? 0,
    pending: d.pendingCount ?? 0,
    running: d.runningCount ?? 0,
    failed: d.failedTasks ?? 0,
    rolloutState: d.rolloutState,
    rolloutStateReason: d.rolloutStateReason,
    createdAt: time(d.createdAt),
    updatedAt: time(d.updatedAt)
  })
}

/** A task as DescribeTasks answers it. */
export function toTask(t: sdk.Task): Task {
  const details = (t.attachments ?? []).flatMap((a) => a.details ?? [])
  const addresses = details.filter((d) => /^private(IPv4|IPv6)Address$|^ipv6Address$/i.test(d.name ?? ''))
  return present<Task>({
    arn: t.taskArn ?? '',
    startedBy: t.startedBy,
    taskDefinition: t.taskDefinitionArn ?? '',
    lastStatus: t.lastStatus ?? 'UNKNOWN',
    desiredStatus: t.desiredStatus ?? 'UNKNOWN',
    healthStatus: t.healthStatus,
    stopCode: t.stopCode,
    stoppedReason: t.stoppedReason,
    createdAt: time(t.createdAt),
    startedAt: time(t.startedAt),
    endedAt: earliest(t.executionStoppedAt, t.stoppingAt, t.stoppedAt),
    stoppedAt: time(t.stoppedAt ?? t.stoppingAt),
    containerInstanceArn: t.containerInstanceArn,
    addresses: addresses.flatMap((d) => (d.value === undefined ? [] : [d.value])),
    containers: (t.containers ?? []).map(toContainer)
  })
}

function toContainer(c: sdk.Container): Container {
  const interfaces = c.networkInterfaces ?? []
  return present<Container>({
    name: c.name ?? '',
    lastStatus: c.lastStatus ?? 'UNKNOWN',
    runtimeId: c.runtimeId,
    exitCode: c.exitCode,
    reason: c.reason,
    healthStatus: c.healthStatus,
    image: c.image,
    imageDigest: c.imageDigest,
    addresses: interfaces.flatMap((i) =>
      [i.privateIpv4Address, i.ipv6Address].filter((a) => a !== undefined)
    ),
    bindings: (c.networkBindings ?? []).map((b) => ({
      containerPort: b.containerPort ?? 0,
      hostPort: b.hostPort ?? 0
    }))
  })
}

/** A service deployment as DescribeServiceDeployments answers it. */
export function toRollout(d: sdk.ServiceDeployment): Rollout {
  const breaker = d.deploymentCircuitBreaker
  return present<Rollout>({
    arn: d.serviceDeploymentArn ?? '',
    status: d.status ?? 'UNKNOWN',
    statusReason: d.statusReason,
    createdAt: time(d.createdAt),
    targetRevision: d.targetServiceRevision?.arn,
    breaker: breaker
      ? {
          status: breaker.status ?? 'UNKNOWN',
          failureCount: breaker.failureCount ?? 0,
          threshold: breaker.threshold ?? 0
        }
      : undefined,
    triggeredAlarms: d.alarms?.triggeredAlarmNames ?? []
  })
}
