/** The world's services, tasks and deployments in the shapes of the ECS API. */
import { deploymentConfigurationOf } from '../../world/ecs/deployment-configuration.js'
import type { Deployment } from '../../world/ecs/deployment.js'
import type { Service } from '../../world/ecs/service.js'

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
