/** CreateService and DeleteService: a client can build a world by itself. */
import type { Json } from '../api.js'
import { check } from './deployment-configuration.js'
import type { Ecs } from './ecs.js'
import { AwsError } from '../errors.js'
import { supersede } from './records.js'
import { checkMembers } from './service-checks.js'
import type { Service } from './service.js'
import { eventTexts, lifeTexts, stopTexts } from '../texts.js'
import { balancersOf, deploying, fits, pick, quiet, usable } from './updates.js'

/** The members of CreateService that the world acts on; `kept` goes into the description as it is. */
export interface ServiceRequest {
  cluster?: string
  serviceName: string
  taskDefinition?: string
  desiredCount?: number
  loadBalancers?: Json[]
  launchType?: 'FARGATE' | 'EC2'
  capacityProviderStrategy?: { capacityProvider: string; weight?: number; base?: number }[]
  platformVersion?: string
  deploymentConfiguration?: Json
  networkConfiguration?: Json
  healthCheckGracePeriodSeconds?: number
  deploymentController?: { type: 'ECS' | 'CODE_DEPLOY' | 'EXTERNAL' }
  schedulingStrategy?: string
  tags?: { key: string; value: string }[]
  [member: string]: unknown
}

/** CreateService; refuses as AWS does. The first deployment begins as any other. */
export function createService(ecs: Ecs, request: ServiceRequest): Service {
  const refuse = (code: string, message: string): never => {
    throw new AwsError(code, message)
  }
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(request.serviceName))
    return refuse('InvalidParameterException', lifeTexts.badName.say('Service name'))
  const cluster = ecs.clusters.get(request.cluster ?? 'default')
  if (cluster === undefined) return refuse('ClusterNotFoundException', 'Cluster not found.')
  const there = ecs.find(cluster, request.serviceName)
  if (there?.status === 'DRAINING') return refuse('InvalidParameterException', lifeTexts.stillDraining.say())
  if (there !== undefined && there.status !== 'INACTIVE')
    return refuse('InvalidParameterException', lifeTexts.notIdempotent.say())
  if (request.schedulingStrategy === 'DAEMON')
    return refuse('UnsupportedFeatureException', 'The simulator does not play DAEMON services.')
  if (request.taskDefinition === undefined)
    return refuse('InvalidParameterException', 'TaskDefinition cannot be blank.')
  if (request.desiredCount === undefined)
    return refuse('InvalidParameterException', 'desiredCount must be given.')
  checkMembers(request)
  const definition = ecs.definitions.find(request.taskDefinition)
  if (definition === undefined) return refuse('ClientException', 'TaskDefinition not found.')
  if (!usable(ecs, definition)) return refuse('ClientException', 'TaskDefinition is inactive')
  const balancers = balancersOf(ecs, request.loadBalancers) ?? []
  for (const lb of balancers) fits(definition, lb)
  if (definition.networkMode === 'awsvpc' && request.networkConfiguration === undefined)
    return refuse('InvalidParameterException', lifeTexts.noNetwork.say())
  const given = request.deploymentConfiguration ?? {}
  check(given, { minimumHealthyPercent: 100, maximumPercent: 200 })
  const vpc = request.networkConfiguration?.awsvpcConfiguration as
    { subnets?: string[]; securityGroups?: string[]; assignPublicIp?: 'ENABLED' | 'DISABLED' } | undefined
  const made = ecs.service({
    cluster: cluster.name,
    name: request.serviceName,
    taskDefinition: definition,
    desiredCount: request.desiredCount,
    loadBalancers: balancers.map((lb) => ({ ...lb, targetGroup: lb.group })),
    ...(request.capacityProviderStrategy === undefined
      ? { launchType: request.launchType ?? 'EC2' }
      : { capacityProviderStrategy: request.capacityProviderStrategy }),
    ...(request.platformVersion === undefined ? {} : { platformVersion: request.platformVersion }),
    ...(request.healthCheckGracePeriodSeconds === undefined
      ? {}
      : { gracePeriodSeconds: request.healthCheckGracePeriodSeconds }),
    ...vpc,
    controller: request.deploymentController?.type ?? 'ECS',
    deploymentConfiguration: given,
    tags: request.tags ?? [],
    // Documented in the SDK's CreateServiceRequest: balanced unless told.
    extra: { availabilityZoneRebalancing: 'ENABLED', ...pick(request, quiet) },
    settled: false
  })
  const service = ecs.held(made)
  // Its first deployment holds the same object.
  Object.assign(service.revisionExtras, pick(request, deploying))
  return service
}

/** DeleteService: DRAINING while its tasks stop, then INACTIVE. With `force` also above 0 tasks. */
export function deleteService(ecs: Ecs, service: Service, force: boolean): void {
  if (service.status === 'INACTIVE')
    throw new AwsError('ServiceNotActiveException', 'Service was not ACTIVE.')
  if (!force && service.desiredCount > 0)
    throw new AwsError('InvalidParameterException', lifeTexts.scaledAboveZero.say())
  service.status = 'DRAINING'
  service.desiredCount = 0
  service.leaving = true
  for (const record of service.records) supersede(service, record)
  const scheduler = ecs.schedulers.get(service)!
  const running = service.current.filter((t) => t.status === 'RUNNING')
  for (const task of service.current)
    scheduler.life.stop(task, 'ServiceSchedulerInitiated', stopTexts.scaling.say(task.deployment.id))
  const ids = running.map((t) => t.id)
  if (ids.length > 0) service.say(eventTexts.stopped.say(service.name, ids))
  service.unsettled = true
  scheduler.wake()
}

/** Whether nothing of a deleted service is left; then it is INACTIVE. */
export function leftForGood(service: Service): boolean {
  if (service.current.some((t) => t.status !== 'STOPPED')) return false
  service.status = 'INACTIVE'
  service.deployments = []
  return true
}
