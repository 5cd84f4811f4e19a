/** `deploymentConfiguration`: what is asked of it, and how it is answered. */
import type { Json } from '../api.js'
import { AwsError } from '../errors.js'
import type { Service } from './service.js'
import { lifeTexts } from '../texts.js'

export interface AlarmSettings {
  alarmNames: string[]
  enable: boolean
  rollback: boolean
}

export interface EarlySuccess {
  enable: boolean
  healthyPercent?: number
  sourceServiceRevisionCleanup?: 'BLOCKING' | 'DEFERRED'
}

/** deploymentConfiguration as DescribeServices answers it. */
export function deploymentConfigurationOf(service: Service): Json {
  const { breaker } = service
  return {
    deploymentCircuitBreaker: {
      enable: breaker.enable,
      rollback: breaker.rollback,
      resetOnHealthyTask: breaker.resetOnHealthyTask,
      thresholdConfiguration: breaker.thresholdConfiguration
    },
    maximumPercent: service.maximumPercent,
    minimumHealthyPercent: service.minimumHealthyPercent,
    ...service.deploymentExtras
  }
}

/** The alarms that deployments of this service are held to, when they are. */
export function alarmSettings(service: Service): AlarmSettings | undefined {
  const given = service.deploymentExtras.alarms as AlarmSettings | undefined
  return given?.enable === true ? given : undefined
}

/** The criteria of an early success (facts A4), when the service has them. */
export function earlySuccess(service: Service): Required<EarlySuccess> | undefined {
  const given = service.deploymentExtras.earlySuccessCriteria as EarlySuccess | undefined
  if (given?.enable !== true) return undefined
  return {
    enable: true,
    healthyPercent: given.healthyPercent ?? 100,
    sourceServiceRevisionCleanup: given.sourceServiceRevisionCleanup ?? 'BLOCKING'
  }
}

/** Takes a deploymentConfiguration over; throws InvalidParameterException for values that cannot be. */
export function configure(service: Service, given: Json): void {
  const { deploymentCircuitBreaker, maximumPercent, minimumHealthyPercent, ...rest } = given
  check(given, service)
  if (typeof maximumPercent === 'number') service.maximumPercent = maximumPercent
  if (typeof minimumHealthyPercent === 'number') service.minimumHealthyPercent = minimumHealthyPercent
  if (deploymentCircuitBreaker !== undefined)
    service.breaker = { ...service.breaker, ...(deploymentCircuitBreaker as Partial<Service['breaker']>) }
  service.deploymentExtras = { ...service.deploymentExtras, ...rest }
}

/** Refuses what cannot be, before anything is changed. */
export function check(given: Json, service: Pick<Service, 'minimumHealthyPercent' | 'maximumPercent'>): void {
  const refuse = (message: string): never => {
    throw new AwsError('InvalidParameterException', message)
  }
  const minimum = (given.minimumHealthyPercent ?? service.minimumHealthyPercent) as number
  const maximum = (given.maximumPercent ?? service.maximumPercent) as number
  if (minimum < 0 || maximum < 0 || maximum < minimum)
    refuse('maximumPercent and minimumHealthyPercent do not go together.')
  const named = given.minimumHealthyPercent !== undefined || given.maximumPercent !== undefined
  if (named && minimum === 100 && maximum === 100) refuse(lifeTexts.blocks.say())
  const { thresholdConfiguration: threshold } = (given.deploymentCircuitBreaker ?? {}) as Partial<
    Service['breaker']
  >
  if (threshold !== undefined && threshold.value < 1)
    refuse(lifeTexts.tooFew.say('thresholdConfiguration.value', 1))
  const bake = given.bakeTimeInMinutes
  if (typeof bake === 'number' && bake < 0) refuse(lifeTexts.negative.say('bakeTimeInMinutes'))
  const early = given.earlySuccessCriteria as EarlySuccess | undefined
  if (early?.enable !== true) return
  const { healthyPercent, sourceServiceRevisionCleanup } = early
  if (healthyPercent === undefined || sourceServiceRevisionCleanup === undefined)
    return refuse('earlySuccessCriteria needs healthyPercent and sourceServiceRevisionCleanup.')
  if (!Number.isInteger(healthyPercent) || healthyPercent > 100 || healthyPercent < minimum)
    refuse('healthyPercent must be an integer from minimumHealthyPercent to 100.')
}
