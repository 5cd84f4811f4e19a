/** The world's services, tasks and deployments in the shapes of the ECS API. */
import type { ContainerInstance } from '../../world/clusters.js'
import { deploymentConfigurationOf } from '../../world/deployment-configuration.js'
import type { Deployment } from '../../world/deployment.js'
import type { Service } from '../../world/service.js'
import type { Task } from '../../world/task.js'

export type Shape = Record<string, unknown>

/** A moment as the SDK's shapes want it. */
export const date = (ms: number | undefined): Date | undefined =>
  ms === undefined ? undefined : new Date(ms)

function deploymentShape(service: Service, d: Deployment): Shape {
  return {
    id: d.id,
    status: d.status,
    taskDefinition: d.definition.arn,
    desiredCount: d.desiredCount,
    pendingCount: d.pendingCount,
    runningCount: d.runningCount,
    failedTasks: d.failedTasks,
    createdAt: new Date(d.createdAt),
    updatedAt: new Date(d.updatedAt),
    ...launchOf(service),
    ...(service.isFargate ? { platformVersion: platformOf(service), platformFamily: 'Linux' } : {}),
    networkConfiguration: d.settings.networkConfiguration,
    ...revisionMembers(d, [
      'serviceConnectConfiguration',
      'volumeConfigurations',
      'vpcLatticeConfigurations'
    ]),
    rolloutState: d.rolloutState,
    rolloutStateReason: d.rolloutStateReason
  }
}

/** Members of a revision that are kept as they were given, when they were. */
export function revisionMembers(d: Deployment, names: readonly string[]): Shape {
  const { others } = d.settings
  return Object.fromEntries(names.filter((n) => others[n] !== undefined).map((n) => [n, others[n]]))
}

/** The platform version that tasks run on. */
export function platformOf(service: Service): string | undefined {
  return service.platformVersion === 'LATEST' ? '1.4.0' : service.platformVersion
}

/** Launch type or capacity providers. */
export function launchOf(service: Service): Shape {
  if (service.capacityProviderStrategy === undefined) return { launchType: service.launchType }
  return {
    capacityProviderStrategy: service.capacityProviderStrategy.map((c) => ({
      capacityProvider: c.capacityProvider,
      weight: c.weight ?? 1,
      base: c.base ?? 0
    }))
  }
}

/** A service revision and its tasks. */
export function revisionSummary(d: Deployment): Shape {
  return {
    arn: d.revisionArn,
    requestedTaskCount: d.desiredCount,
    runningTaskCount: d.runningCount,
    pendingTaskCount: d.pendingCount
  }
}

/** A service as DescribeServices and UpdateService answer it. */
export function serviceShape(service: Service, withTags: boolean): Shape {
  const isEcs = service.controller === 'ECS'
  const gone = service.status === 'INACTIVE'
  const now = service.engine.clock.now()
  const current = service.records.find((r) => r.listedFrom <= now)
  return {
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: service.cluster.arn,
    loadBalancers: service.loadBalancers.map((lb) => ({
      targetGroupArn: lb.group.arn,
      containerName: lb.containerName,
      containerPort: lb.containerPort
    })),
    serviceRegistries: service.revisionExtras.serviceRegistries ?? [],
    status: service.status,
    desiredCount: gone ? 0 : service.desiredCount,
    runningCount: gone ? 0 : service.runningCount,
    pendingCount: gone ? 0 : service.pendingCount,
    ...launchOf(service),
    ...(service.isFargate ? { platformVersion: service.platformVersion, platformFamily: 'Linux' } : {}),
    taskDefinition: service.currentDefinition.arn,
    deploymentConfiguration: deploymentConfigurationOf(service),
    ...(isEcs ? {} : { taskSets: [] }),
    deployments: isEcs ? service.deployments.map((d) => deploymentShape(service, d)) : [],
    events: service.events.map((e) => ({ id: e.id, createdAt: new Date(e.createdAt), message: e.message })),
    createdAt: new Date(service.createdAt),
    ...(isEcs && !gone
      ? {
          currentServiceDeployment: current?.arn,
          currentServiceRevisions: service.deployments
            .filter((d) => d.status === 'PRIMARY' || d.runningCount + d.pendingCount > 0)
            .map(revisionSummary)
        }
      : {}),
    placementConstraints: [],
    placementStrategy: [],
    networkConfiguration: service.networkConfiguration,
    healthCheckGracePeriodSeconds: service.gracePeriodSeconds,
    schedulingStrategy: 'REPLICA',
    deploymentController: { type: service.controller },
    ...(withTags ? { tags: service.tags } : {}),
    createdBy: `arn:aws:iam::${service.engine.account}:role/deploy`,
    enableECSManagedTags: false,
    propagateTags: 'NONE',
    enableExecuteCommand: false,
    availabilityZoneRebalancing: 'DISABLED',
    ...service.extra
  }
}

/** A task as DescribeTasks answers it. */
export function taskShape(task: Task): Shape {
  const { service } = task.deployment
  const fargate = service.isFargate
  const attached = task.status !== 'STOPPED' && task.status !== 'DEPROVISIONING'
  return {
    attachments: task.hasEni
      ? [
          {
            id: task.network.attachment,
            type: 'ElasticNetworkInterface',
            status: task.status === 'PROVISIONING' ? 'PRECREATED' : attached ? 'ATTACHED' : 'DELETED',
            details:
              task.status === 'PROVISIONING'
                ? [{ name: 'subnetId', value: task.network.subnet }]
                : [
                    { name: 'subnetId', value: task.network.subnet },
                    { name: 'networkInterfaceId', value: task.network.eni },
                    { name: 'macAddress', value: task.network.mac },
                    {
                      name: 'privateDnsName',
                      value: `ip-${task.network.ip.replaceAll('.', '-')}.${service.engine.region}.compute.internal`
                    },
                    { name: 'privateIPv4Address', value: task.network.ip }
                  ]
          }
        ]
      : [],
    attributes: [
      { name: 'ecs.cpu-architecture', value: task.definition.platform.endsWith('arm64') ? 'arm64' : 'x86_64' }
    ],
    availabilityZone: task.availabilityZone,
    capacityProviderName: service.capacityProviderStrategy?.[0]?.capacityProvider,
    clusterArn: task.clusterArn,
    connectivity: task.connectedAt === undefined ? undefined : 'CONNECTED',
    connectivityAt: date(task.connectedAt),
    containerInstanceArn: task.instance?.arn,
    containers: task.containers.map((c) => ({
      containerArn: c.arn,
      taskArn: task.arn,
      name: c.name,
      image: c.definition.image,
      imageDigest: c.digest,
      runtimeId: c.runtimeId,
      lastStatus: c.status === 'PENDING' && task.status === 'PROVISIONING' ? 'PROVISIONING' : c.status,
      exitCode: c.exitCode,
      reason: c.reason?.slice(0, 1024),
      networkBindings:
        task.hasEni || c.status === 'PENDING'
          ? []
          : c.ports.map((p) => ({
              bindIP: '0.0.0.0',
              containerPort: p.containerPort,
              hostPort: p.hostPort,
              protocol: p.protocol
            })),
      networkInterfaces:
        task.hasEni && task.status !== 'PROVISIONING'
          ? [{ attachmentId: task.network.attachment, privateIpv4Address: task.network.ip }]
          : [],
      healthStatus: c.health,
      cpu: String(c.definition.cpu ?? 0),
      memory: c.definition.memory === undefined ? undefined : String(c.definition.memory),
      memoryReservation:
        c.definition.memoryReservation === undefined ? undefined : String(c.definition.memoryReservation)
    })),
    cpu: String(task.cpu),
    createdAt: new Date(task.createdAt),
    desiredStatus: task.desiredStatus,
    enableExecuteCommand: false,
    executionStoppedAt: date(task.executionStoppedAt),
    group: `service:${service.name}`,
    healthStatus: task.healthStatus,
    inferenceAccelerators: [],
    lastStatus: task.status,
    launchType: fargate ? 'FARGATE' : 'EC2',
    memory: String(task.memory),
    overrides: {
      containerOverrides: task.containers.map((c) => ({ name: c.name })),
      inferenceAcceleratorOverrides: []
    },
    platformVersion: fargate ? platformOf(service) : undefined,
    platformFamily: fargate ? 'Linux' : undefined,
    pullStartedAt: date(task.pullStartedAt),
    pullStoppedAt: date(task.pullStoppedAt),
    startedAt: date(task.startedAt),
    startedBy: task.deployment.id,
    stopCode: task.stopCode,
    stoppedAt: date(task.stoppedAt),
    stoppedReason: task.stoppedReason,
    stoppingAt: date(task.stoppingAt),
    tags: [],
    taskArn: task.arn,
    taskDefinitionArn: task.definition.arn,
    version: task.version,
    ...(fargate ? { ephemeralStorage: { sizeInGiB: 20 }, fargateEphemeralStorage: { sizeInGiB: 20 } } : {})
  }
}

/** A container instance as DescribeContainerInstances answers it. */
export function instanceShape(instance: ContainerInstance): Shape {
  const amounts = (cpu: number, memory: number): Shape[] => [
    { name: 'CPU', type: 'INTEGER', doubleValue: 0, longValue: 0, integerValue: cpu },
    { name: 'MEMORY', type: 'INTEGER', doubleValue: 0, longValue: 0, integerValue: memory }
  ]
  const tasks = [...instance.tasks]
  return {
    containerInstanceArn: instance.arn,
    ec2InstanceId: instance.instanceId,
    version: 1,
    remainingResources: amounts(instance.freeCpu, instance.freeMemory),
    registeredResources: amounts(instance.cpu, instance.memory),
    status: instance.status === 'GONE' ? 'INACTIVE' : instance.status,
    agentConnected: instance.status !== 'GONE',
    runningTasksCount: tasks.filter((t) => t.status === 'RUNNING').length,
    pendingTasksCount: tasks.filter((t) => t.pending).length,
    attributes: [{ name: 'ecs.availability-zone', value: instance.availabilityZone }],
    registeredAt: new Date(instance.registeredAt),
    attachments: [],
    tags: []
  }
}
