/** UpdateService: what it changes, what it refuses, and which members make a deployment (facts A4). */
import type { Json, ServiceUpdate } from './api.js'
import { beginDeployment } from './deploy.js'
import type { Deployment } from './deployment.js'
import type { Ecs } from './ecs.js'
import { AwsError } from './errors.js'
import type { Service } from './service.js'
import type { TaskDefinition } from './task-definitions.js'

/** Applies an update; the new deployment, if it made one. */
export function applyUpdate(ecs: Ecs, service: Service, update: ServiceUpdate): Deployment | undefined {
  if (service.status !== 'ACTIVE') throw new AwsError('ServiceNotActiveException', 'Service was not ACTIVE.')
  const definition = definitionOf(ecs, service, update)
  const balancers = balancersOf(ecs, update.loadBalancers)
  if (
    service.controller !== 'ECS' &&
    (update.taskDefinition !== undefined || update.loadBalancers !== undefined)
  )
    throw new AwsError(
      'InvalidParameterException',
      `Unable to update task definition on services with a ${service.controller} deployment controller. Use AWS CodeDeploy to trigger a new deployment.`
    )
  if (update.desiredCount !== undefined && update.desiredCount < 0)
    throw new AwsError('InvalidParameterException', 'desiredCount cannot be negative.')

  const before = deployable(service)
  if (update.desiredCount !== undefined) setDesired(service, update.desiredCount)
  if (update.healthCheckGracePeriodSeconds !== undefined)
    service.gracePeriodSeconds = update.healthCheckGracePeriodSeconds
  if (update.deploymentConfiguration !== undefined) configure(service, update.deploymentConfiguration)
  if (update.networkConfiguration !== undefined) service.networkConfiguration = update.networkConfiguration
  if (update.platformVersion !== undefined) service.platformVersion = update.platformVersion
  if (balancers !== undefined) service.loadBalancers = balancers
  if (service.controller !== 'ECS') return undefined
  const revisionChanged = definition !== service.currentDefinition
  if (!revisionChanged && update.forceNewDeployment !== true && deployable(service) === before)
    return undefined
  const previous = service.primary
  const made = beginDeployment(service, definition)
  // Established digests are used for later updates too; a forced deployment looks its tags up again.
  if (update.forceNewDeployment !== true && !revisionChanged)
    for (const [name, digest] of previous.established) made.established.set(name, digest)
  return made
}

function deployable(service: Service): string {
  return JSON.stringify([
    service.networkConfiguration,
    service.platformVersion,
    service.loadBalancers.map((lb) => [lb.group.arn, lb.containerName, lb.containerPort])
  ])
}

function definitionOf(ecs: Ecs, service: Service, update: ServiceUpdate): TaskDefinition {
  if (update.taskDefinition === undefined) return service.currentDefinition
  const found = ecs.definitions.find(update.taskDefinition)
  if (found === undefined) throw new AwsError('ClientException', 'TaskDefinition not found.')
  if (found.status !== 'ACTIVE') throw new AwsError('ClientException', 'TaskDefinition is inactive')
  for (const lb of service.loadBalancers) {
    const container = found.containers.find((c) => c.name === lb.containerName)
    if (update.loadBalancers === undefined && container === undefined)
      throw new AwsError(
        'InvalidParameterException',
        `The container ${lb.containerName} does not exist in the task definition.`
      )
    const mapped = container?.portMappings?.some((p) => p.containerPort === lb.containerPort)
    if (update.loadBalancers === undefined && mapped !== true)
      throw new AwsError(
        'InvalidParameterException',
        `The container ${lb.containerName} did not have a container port ${lb.containerPort} defined.`
      )
  }
  return found
}

function balancersOf(ecs: Ecs, given: Json[] | undefined): Service['loadBalancers'] | undefined {
  return given?.map((lb) => {
    const group = ecs.engine.elb.groups.get(String(lb.targetGroupArn))
    if (group === undefined)
      throw new AwsError('InvalidParameterException', 'The specified target group does not exist.')
    if (group.loadBalancer === undefined)
      throw new AwsError(
        'InvalidParameterException',
        `The target group with targetGroupArn ${group.arn} does not have an associated load balancer.`
      )
    return { group, containerName: String(lb.containerName), containerPort: Number(lb.containerPort) }
  })
}

function setDesired(service: Service, desiredCount: number): void {
  if (desiredCount === service.desiredCount) return
  service.engine.happen(
    'desired-count',
    `${service.name}: desiredCount ${service.desiredCount} → ${desiredCount}`,
    {
      service: service.name
    }
  )
  service.desiredCount = desiredCount
}

function configure(service: Service, given: Json): void {
  const { deploymentCircuitBreaker, maximumPercent, minimumHealthyPercent, ...rest } = given
  if (typeof maximumPercent === 'number') service.maximumPercent = maximumPercent
  if (typeof minimumHealthyPercent === 'number') service.minimumHealthyPercent = minimumHealthyPercent
  if (deploymentCircuitBreaker !== undefined)
    service.breaker = { ...service.breaker, ...(deploymentCircuitBreaker as Partial<Service['breaker']>) }
  service.deploymentExtras = { ...service.deploymentExtras, ...rest }
}
