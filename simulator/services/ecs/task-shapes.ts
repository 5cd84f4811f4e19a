/** Tasks and container instances in the shapes of the ECS API. */
import type { Json } from '../../world/api.js'
import type { ContainerInstance } from '../../world/ecs/clusters.js'
import type { Task } from '../../world/ecs/task.js'
import { date, platformOf, type Shape } from './shapes.js'

/** The network interface: its details are known once it has been made. */
function attachmentShape(task: Task): Shape {
  const { network, status } = task
  const phases: Record<string, string> = {
    PROVISIONING: 'PRECREATED',
    PENDING: 'ATTACHING',
    DEPROVISIONING: 'DETACHING',
    STOPPED: 'DELETED'
  }
  const made = [
    { name: 'networkInterfaceId', value: network.eni },
    { name: 'macAddress', value: network.mac },
    {
      name: 'privateDnsName',
      value: `ip-${network.ip.replaceAll('.', '-')}.${task.deployment.service.engine.region}.compute.internal`
    },
    { name: 'privateIPv4Address', value: network.ip }
  ]
  return {
    id: network.attachment,
    type: 'ElasticNetworkInterface',
    status: phases[status] ?? 'ATTACHED',
    details: [{ name: 'subnetId', value: network.subnet }, ...(task.interfaceMade ? made : [])]
  }
}

/** Each container is named, with what RunTask said of it. */
function overridesOf(task: Task): Json[] {
  const given = (task.standalone?.overrides.containerOverrides as Json[] | undefined) ?? []
  return task.containers.map((c) => given.find((o) => o.name === c.name) ?? { name: c.name })
}

function storageOf(task: Task): Shape {
  const own = task.definition.raw.ephemeralStorage as { sizeInGiB?: number } | undefined
  return { sizeInGiB: own?.sizeInGiB ?? 20 }
}

/** A task as DescribeTasks answers it. */
export function taskShape(task: Task, withTags = false): Shape {
  const { service } = task.deployment
  const fargate = service.isFargate
  return {
    attachments: task.hasEni ? [attachmentShape(task)] : [],
    attributes: [
      { name: 'ecs.cpu-architecture', value: task.definition.platform.endsWith('arm64') ? 'arm64' : 'x86_64' }
    ],
    availabilityZone: task.availabilityZone,
    capacityProviderName: task.capacityProvider,
    clusterArn: task.clusterArn,
    connectivity: task.connectedAt === undefined ? undefined : 'CONNECTED',
    connectivityAt: date(task.connectedAt),
    containerInstanceArn: task.instance?.arn,
    containers: task.containers.map((c) => ({
      containerArn: c.arn,
      taskArn: task.arn,
      name: c.name,
      image: c.definition.image,
      // Known when the pull is over (facts C2).
      imageDigest: task.pullStoppedAt === undefined ? undefined : c.digest,
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
      networkInterfaces: task.interfaceMade
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
    group: task.group,
    healthStatus: task.healthStatus,
    inferenceAccelerators: [],
    lastStatus: task.status,
    launchType: fargate ? 'FARGATE' : 'EC2',
    memory: String(task.memory),
    overrides: {
      inferenceAcceleratorOverrides: [],
      ...task.standalone?.overrides,
      containerOverrides: overridesOf(task)
    },
    platformVersion: fargate ? platformOf(service) : undefined,
    platformFamily: fargate ? 'Linux' : undefined,
    pullStartedAt: date(task.pullStartedAt),
    pullStoppedAt: date(task.pullStoppedAt),
    startedAt: date(task.startedAt),
    startedBy: task.startedBy,
    stopCode: task.stopCode,
    stoppedAt: date(task.stoppedAt),
    stoppedReason: task.stoppedReason,
    stoppingAt: date(task.stoppingAt),
    tags: withTags ? task.tags : [],
    taskArn: task.arn,
    taskDefinitionArn: task.definition.arn,
    version: task.version,
    ...(fargate ? { ephemeralStorage: storageOf(task), fargateEphemeralStorage: storageOf(task) } : {})
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
    agentConnected: instance.agentConnected && instance.status !== 'GONE',
    runningTasksCount: tasks.filter((t) => t.status === 'RUNNING').length,
    pendingTasksCount: tasks.filter((t) => t.pending).length,
    attributes: [
      { name: 'ecs.availability-zone', value: instance.availabilityZone },
      ...Object.entries(instance.attributes).map(([name, value]) => ({ name, value }))
    ],
    registeredAt: new Date(instance.registeredAt),
    attachments: [],
    tags: []
  }
}
