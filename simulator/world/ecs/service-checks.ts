/** Values that CreateService, UpdateService and RunTask refuse before anything is changed. */
import type { Json } from '../api.js'
import { AwsError } from '../errors.js'
import { lifeTexts } from '../texts.js'

/** Quotas of a service (facts E3). */
export const serviceQuotas = { tasks: 5000, subnets: 16, securityGroups: 5, targetGroups: 5 }

/** The members that are checked, as they were given. */
export interface ServiceMembers {
  desiredCount?: number
  healthCheckGracePeriodSeconds?: number
  networkConfiguration?: Json
  loadBalancers?: Json[]
}

function refuse(message: string): never {
  throw new AwsError('InvalidParameterException', message)
}

/** Refuses counts that cannot be, networks without subnets, and more than the quotas allow. */
export function checkMembers(given: ServiceMembers): void {
  const { desiredCount, healthCheckGracePeriodSeconds: grace, networkConfiguration: network } = given
  if (desiredCount !== undefined && desiredCount < 0) refuse(lifeTexts.negative.say('desiredCount'))
  if (desiredCount !== undefined && desiredCount > serviceQuotas.tasks)
    refuse(lifeTexts.tooMany.say('desiredCount', serviceQuotas.tasks))
  if (grace !== undefined && grace < 0) refuse(lifeTexts.negative.say('healthCheckGracePeriodSeconds'))
  if ((given.loadBalancers?.length ?? 0) > serviceQuotas.targetGroups)
    refuse(lifeTexts.tooMany.say('loadBalancers', serviceQuotas.targetGroups))
  if (network !== undefined) checkNetwork(network)
}

/** Refuses a network that tasks in awsvpc mode could not have. */
export function checkNetwork(network: Json): void {
  const vpc = network.awsvpcConfiguration as { subnets?: string[]; securityGroups?: string[] } | undefined
  if (vpc === undefined) refuse(lifeTexts.noNetwork.say())
  const { subnets = [], securityGroups = [] } = vpc
  if (subnets.length === 0) refuse(lifeTexts.noSubnets.say())
  if (subnets.length > serviceQuotas.subnets) refuse(lifeTexts.tooMany.say('subnets', serviceQuotas.subnets))
  if (securityGroups.length > serviceQuotas.securityGroups)
    refuse(lifeTexts.tooMany.say('securityGroups', serviceQuotas.securityGroups))
}
