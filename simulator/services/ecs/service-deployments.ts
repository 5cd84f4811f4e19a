/** Service deployments and service revisions (facts B3). */
import type { Deployment } from '../../world/ecs/deployment.js'
import { ended, type ServiceDeploymentRecord } from '../../world/ecs/records.js'
import type { Service } from '../../world/ecs/service.js'
import { serviceDeploymentTexts } from '../../world/texts.js'
import type { SimulatedWorld } from '../../world/world.js'
import { read, write, type Operation } from '../operation.js'
import { page } from '../paging.js'
import { clusterOf, invalid, serviceOf, type Page } from './find.js'
import { date, launchOf, platformOf, revisionMembers, revisionSummary, type Shape } from './shapes.js'

function brief(service: Service, r: ServiceDeploymentRecord): Shape {
  return {
    serviceDeploymentArn: r.arn,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    startedAt: date(r.startedAt),
    createdAt: new Date(r.createdAt),
    finishedAt: date(r.finishedAt),
    targetServiceRevisionArn: r.target.revisionArn,
    status: r.status,
    statusReason: r.statusReason
  }
}

function detail(service: Service, r: ServiceDeploymentRecord): Shape {
  return {
    serviceDeploymentArn: r.arn,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    createdAt: new Date(r.createdAt),
    startedAt: date(r.startedAt),
    finishedAt: date(r.finishedAt),
    stoppedAt: date(r.stoppedAt),
    updatedAt: new Date(r.updatedAt),
    sourceServiceRevisions: r.source.map(revisionSummary),
    targetServiceRevision: revisionSummary(r.target),
    status: r.status,
    statusReason: r.statusReason,
    deploymentConfiguration: r.configuration,
    rollback:
      r.rollback === undefined
        ? undefined
        : {
            reason: r.rollback.reason,
            startedAt: new Date(r.rollback.startedAt),
            serviceRevisionArn: r.rollback.to.revisionArn
          },
    deploymentCircuitBreaker: {
      status: r.breaker,
      failureCount: r.failureCount,
      // A share of the latest desiredCount, as long as it is watched (the SDK's ThresholdConfiguration).
      threshold: r.breaker === 'MONITORING' && !ended(r) ? service.breakerThreshold : r.threshold
    },
    alarms: { status: r.alarms.status, alarmNames: r.alarms.names, triggeredAlarmNames: r.alarms.triggered }
  }
}

function revision(service: Service, d: Deployment): Shape {
  const { settings, definition } = d
  return {
    serviceRevisionArn: d.revisionArn,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    taskDefinition: definition.arn,
    ...launchOf(service),
    ...(service.isFargate ? { platformVersion: platformOf(service), platformFamily: 'Linux' } : {}),
    loadBalancers: settings.loadBalancers.map((lb) => ({
      targetGroupArn: lb.group.arn,
      containerName: lb.containerName,
      containerPort: lb.containerPort
    })),
    networkConfiguration: settings.networkConfiguration,
    containerImages: definition.containers.map((c) => ({
      containerName: c.name,
      image: c.image,
      imageDigest: c.image.split('@')[1] ?? d.established.get(c.name)
    })),
    guardDutyEnabled: false,
    ...revisionMembers(d, [
      'serviceRegistries',
      'serviceConnectConfiguration',
      'volumeConfigurations',
      'vpcLatticeConfigurations'
    ]),
    createdAt: new Date(d.revisionCreatedAt),
    resolvedConfiguration: {
      loadBalancers: settings.loadBalancers.map((lb) => ({ targetGroupArn: lb.group.arn }))
    }
  }
}

function listServiceDeployments(
  world: SimulatedWorld,
  input: Page & {
    service: string
    cluster?: string
    status?: string[]
    createdAt?: { before?: number; after?: number }
  }
): Record<string, unknown> {
  const service = serviceOf(world, clusterOf(world, input.cluster), input.service)
  const { before, after } = input.createdAt ?? {}
  const now = world.clock.now()
  const records = service.records.filter(
    (r) =>
      r.listedFrom <= now &&
      (input.status === undefined || input.status.length === 0 || input.status.includes(r.status)) &&
      (before === undefined || r.createdAt <= before * 1000) &&
      (after === undefined || r.createdAt >= after * 1000)
  )
  const { items, next } = page(records, input.nextToken, input.maxResults)
  return { serviceDeployments: items.map((r) => brief(service, r)), nextToken: next }
}

function describeServiceDeployments(
  world: SimulatedWorld,
  input: { serviceDeploymentArns: string[] }
): Record<string, unknown> {
  if (input.serviceDeploymentArns.length > 20) throw invalid('Can describe at most 20 service deployments.')
  const serviceDeployments: unknown[] = []
  const failures: unknown[] = []
  for (const arn of input.serviceDeploymentArns) {
    const found = world.ecs.findServiceDeployment(arn)
    if (found === undefined) failures.push({ arn, reason: 'MISSING' })
    else serviceDeployments.push(detail(found.service, found.record))
  }
  return { serviceDeployments, failures }
}

function describeServiceRevisions(
  world: SimulatedWorld,
  input: { serviceRevisionArns: string[] }
): Record<string, unknown> {
  if (input.serviceRevisionArns.length > 20) throw invalid('Can describe at most 20 service revisions.')
  const serviceRevisions: unknown[] = []
  const failures: unknown[] = []
  for (const arn of input.serviceRevisionArns) {
    const service = world.ecs.services.find((s) => s.records.some((r) => r.target.revisionArn === arn))
    const record = service?.records.find((r) => r.target.revisionArn === arn)
    if (service === undefined || record === undefined) failures.push({ arn, reason: 'MISSING' })
    else serviceRevisions.push(revision(service, record.target))
  }
  return { serviceRevisions, failures }
}

function stopServiceDeployment(
  world: SimulatedWorld,
  input: { serviceDeploymentArn: string; stopType?: string }
): Record<string, unknown> {
  // ABORT stands in the model, but the documentation knows ROLLBACK only.
  if (input.stopType !== undefined && input.stopType !== 'ROLLBACK')
    throw invalid(serviceDeploymentTexts.onlyRollback.say())
  world.ecs.stopServiceDeployment(input.serviceDeploymentArn)
  return { serviceDeploymentArn: input.serviceDeploymentArn }
}

/** The operations, by name. */
export const serviceDeploymentOperations: Record<string, Operation> = {
  ListServiceDeployments: read(listServiceDeployments),
  DescribeServiceDeployments: read(describeServiceDeployments),
  DescribeServiceRevisions: read(describeServiceRevisions),
  StopServiceDeployment: write(stopServiceDeployment)
}
