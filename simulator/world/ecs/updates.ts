/** UpdateService: what it changes, what it refuses, and which members make a deployment (facts A4). */
import type { Json, ServiceUpdate } from '../api.js'
import { beginDeployment } from './deploy.js'
import { check, configure } from './deployment-configuration.js'
import type { Deployment } from './deployment.js'
import type { Ecs } from './ecs.js'
import { AwsError } from '../errors.js'
import { checkMembers } from './service-checks.js'
import type { Service } from './service.js'
import type { TaskDefinition } from './task-definitions.js'
import { lifeTexts } from '../texts.js'

/** Applies an update; the new deployment, if it made one. */
export function applyUpdate(ecs: Ecs, service: Service, update: ServiceUpdate): Deployment | undefined {
  if (service.status !== 'ACTIVE') throw new AwsError('ServiceNotActiveException', 'Service was not ACTIVE.')
  const definition = definitionOf(ecs, service, update)
  const balancers = balancersOf(ecs, update.loadBalancers)
  if (update.taskDefinition !== undefined || balancers !== undefined)
    for (const lb of balancers ?? service.loadBalancers) fits(definition, lb)
  if (
    service.controller !== 'ECS' &&
    (update.taskDefinition !== undefined || update.loadBalancers !== undefined)
  )
    throw new AwsError(
      'InvalidParameterException',
      `Unable to update task definition on services with a ${service.controller} deployment controller. Use AWS CodeDeploy to trigger a new deployment.`
    )
  checkMembers(update)
  const network = update.networkConfiguration ?? service.networkConfiguration
  if (definition.networkMode === 'awsvpc' && network === undefined)
    throw new AwsError('InvalidParameterException', lifeTexts.noNetwork.say())
  if (update.deploymentConfiguration !== undefined) check(update.deploymentConfiguration, service)

  const before = deployable(service)
  if (update.desiredCount !== undefined) setDesired(service, update.desiredCount)
  if (update.healthCheckGracePeriodSeconds !== undefined)
    service.gracePeriodSeconds = update.healthCheckGracePeriodSeconds
  if (update.deploymentConfiguration !== undefined) configure(service, update.deploymentConfiguration)
  if (update.networkConfiguration !== undefined) service.networkConfiguration = update.networkConfiguration
  if (update.platformVersion !== undefined) service.platformVersion = update.platformVersion
  if (balancers !== undefined) service.loadBalancers = balancers
  if (update.capacityProviderStrategy !== undefined)
    service.capacityProviderStrategy = update.capacityProviderStrategy as Service['capacityProviderStrategy']
  service.revisionExtras = { ...service.revisionExtras, ...pick(update, deploying) }
  Object.assign(service.extra, pick(update, quiet))
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

/** Members that are only kept: a change of the first kind is a new revision, one of the second is not (A4). */
export const deploying = [
  'serviceRegistries',
  'serviceConnectConfiguration',
  'volumeConfigurations',
  'vpcLatticeConfigurations'
]
export const quiet = [
  'enableExecuteCommand',
  'enableECSManagedTags',
  'propagateTags',
  'placementConstraints',
  'placementStrategy',
  'availabilityZoneRebalancing'
]

export function pick(update: Json, names: readonly string[]): Json {
  const given = names.filter((name) => update[name] !== undefined && update[name] !== null)
  return Object.fromEntries(given.map((name) => [name, update[name]]))
}

function deployable(service: Service): string {
  return JSON.stringify([
    service.networkConfiguration,
    service.platformVersion,
    service.loadBalancers.map((lb) => [lb.group.arn, lb.containerName, lb.containerPort]),
    deploying.map((name) => service.revisionExtras[name])
  ])
}

function definitionOf(ecs: Ecs, service: Service, update: ServiceUpdate): TaskDefinition {
  if (update.taskDefinition === undefined) return service.currentDefinition
  const found = ecs.definitions.find(update.taskDefinition)
  if (found === undefined) throw new AwsError('ClientException', 'TaskDefinition not found.')
  if (!usable(ecs, found)) throw new AwsError('ClientException', 'TaskDefinition is inactive')
  return found
}

/** Refuses a definition without the container or the port that a load balancer wants. */
export function fits(definition: TaskDefinition, lb: Service['loadBalancers'][number]): void {
  const container = definition.containers.find((c) => c.name === lb.containerName)
  if (container === undefined)
    throw new AwsError(
      'InvalidParameterException',
      `The container ${lb.containerName} does not exist in the task definition.`
    )
  const mapped = container.portMappings?.some((p) => p.containerPort === lb.containerPort)
  if (mapped !== true)
    throw new AwsError(
      'InvalidParameterException',
      `The container ${lb.containerName} did not have a container port ${lb.containerPort} defined.`
    )
}

/** ACTIVE, or deregistered so lately that nobody knows yet (facts E4). */
export function usable(ecs: Ecs, definition: TaskDefinition): boolean {
  const { clock, timings } = ecs.engine
  if (definition.status !== 'INACTIVE') return definition.status === 'ACTIVE'
  return clock.now() - (definition.deregisteredAt ?? 0) < timings.deregisterTakesHold * 1000
}

/** The target groups of a request; refuses unknown ones and those without a load balancer. */
export function balancersOf(ecs: Ecs, given: Json[] | undefined): Service['loadBalancers'] | undefined {
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
