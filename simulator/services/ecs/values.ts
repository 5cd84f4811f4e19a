/** Values that every operation of ECS refuses: words outside an enumeration of the model, pages of impossible size. */
import {
  AssignPublicIp,
  AvailabilityZoneRebalancing,
  ContainerCondition,
  DeploymentStrategy,
  DesiredStatus,
  LaunchType,
  NetworkMode,
  PropagateTags,
  SchedulingStrategy,
  ServiceDeploymentStatus,
  ServiceRevisionCleanup,
  SortOrder,
  StopServiceDeploymentStopType,
  TaskDefinitionStatus,
  ThresholdType,
  VersionConsistency
} from '@aws-sdk/client-ecs'
import { AwsError } from '../../world/errors.js'
import { requestTexts } from '../../world/texts.js'
import type { Operation } from '../operation.js'

/** By the end of a member's path; the longest that fits counts. */
const enumerations: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  assignPublicIp: AssignPublicIp,
  availabilityZoneRebalancing: AvailabilityZoneRebalancing,
  'dependsOn.condition': ContainerCondition,
  'deploymentConfiguration.strategy': DeploymentStrategy,
  desiredStatus: DesiredStatus,
  launchType: LaunchType,
  networkMode: NetworkMode,
  propagateTags: PropagateTags,
  schedulingStrategy: SchedulingStrategy,
  'ListServiceDeployments.status': ServiceDeploymentStatus,
  sourceServiceRevisionCleanup: ServiceRevisionCleanup,
  sort: SortOrder,
  stopType: StopServiceDeploymentStopType,
  'ListTaskDefinitions.status': TaskDefinitionStatus,
  'thresholdConfiguration.type': ThresholdType,
  versionConsistency: VersionConsistency
}

function allowed(path: string): readonly string[] | undefined {
  const [, values] =
    Object.entries(enumerations).find(([end]) => path === end || path.endsWith(`.${end}`)) ?? []
  return values === undefined ? undefined : Object.values(values)
}

function walk(value: unknown, path: string, code: string): void {
  if (Array.isArray(value)) for (const item of value) walk(item, path, code)
  else if (typeof value === 'object' && value !== null)
    for (const [name, member] of Object.entries(value)) walk(member, `${path}.${name}`, code)
  else if (typeof value === 'string') {
    const values = allowed(path)
    if (values !== undefined && !values.includes(value))
      throw new AwsError(code, requestTexts.enumeration.say(value, path.slice(path.indexOf('.') + 1), values))
  }
}

/** The same operation, for input that its values allow. */
export function checked(name: string, operation: Operation): Operation {
  return {
    ...operation,
    run: (world, input, findings) => {
      walk(input, name, name === 'RegisterTaskDefinition' ? 'ClientException' : 'InvalidParameterException')
      const { maxResults } = input as { maxResults?: number }
      if (maxResults !== undefined && (maxResults < 1 || maxResults > 100))
        throw new AwsError('InvalidParameterException', requestTexts.pageSize.say())
      return operation.run(world, input, findings)
    }
  }
}
