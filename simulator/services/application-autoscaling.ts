/** Application Auto Scaling's reads over the world. */
import { AwsError } from '../world/errors.js'
import type { ScalableTarget, ScalingActivity, ScalingPolicy } from '../world/scaling.js'
import type { SimulatedWorld } from '../world/world.js'
import { read, type Operation } from './operation.js'
import { page } from './paging.js'

const dimension = 'ecs:service:DesiredCount'

interface Question {
  ServiceNamespace: string
  ResourceId?: string
  ResourceIds?: string[]
  ScalableDimension?: string
  MaxResults?: number
  NextToken?: string
}

/** The targets that a question is about; other namespaces than ecs have none. */
function targetsOf(world: SimulatedWorld, q: Question): ScalableTarget[] {
  if (q.ScalableDimension !== undefined && q.ResourceId === undefined && q.ResourceIds === undefined)
    throw new AwsError(
      'ValidationException',
      'Resource Id must not be null when Scalable Dimension is provided'
    )
  const ids = q.ResourceIds ?? (q.ResourceId === undefined ? undefined : [q.ResourceId])
  return world.scaling.targets.filter(
    (t) =>
      q.ServiceNamespace === 'ecs' &&
      (ids === undefined || ids.includes(t.resourceId)) &&
      (q.ScalableDimension === undefined || q.ScalableDimension === dimension)
  )
}

const named = (target: ScalableTarget): Record<string, unknown> => ({
  ServiceNamespace: 'ecs',
  ResourceId: target.resourceId,
  ScalableDimension: dimension
})

function policyShape(
  world: SimulatedWorld,
  target: ScalableTarget,
  p: ScalingPolicy
): Record<string, unknown> {
  return {
    ...named(target),
    PolicyARN: p.arn,
    PolicyName: p.name,
    PolicyType: 'TargetTrackingScaling',
    CreationTime: new Date(p.createdAt),
    TargetTrackingScalingPolicyConfiguration: {
      TargetValue: p.target,
      PredefinedMetricSpecification: { PredefinedMetricType: p.metric }
    },
    Alarms: p.alarms.map((AlarmName) => ({
      AlarmName,
      AlarmARN: `arn:aws:cloudwatch:${world.region}:${world.account}:alarm:${AlarmName}`
    }))
  }
}

function activityShape(target: ScalableTarget, a: ScalingActivity): Record<string, unknown> {
  return {
    ...named(target),
    ActivityId: a.id,
    Description: a.description,
    Cause: a.cause,
    StartTime: new Date(a.startedAt),
    ...(a.endedAt === undefined ? {} : { EndTime: new Date(a.endedAt) }),
    StatusCode: a.status,
    StatusMessage: a.message,
    ...(a.notScaled === undefined
      ? {}
      : {
          NotScaledReasons: [
            {
              Code: a.notScaled.code,
              MinCapacity: a.notScaled.min,
              MaxCapacity: a.notScaled.max,
              CurrentCapacity: a.notScaled.current
            }
          ]
        })
  }
}

const invalidToken = 'InvalidNextTokenException'

export const scalingOperations: Record<string, Operation> = {
  DescribeScalableTargets: read((world, q: Question) => {
    const { items, next } = page(targetsOf(world, q), q.NextToken, q.MaxResults, invalidToken)
    return {
      ScalableTargets: items.map((t) => ({
        ...named(t),
        MinCapacity: t.min,
        MaxCapacity: t.max,
        RoleARN: `arn:aws:iam::${world.account}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService`,
        CreationTime: new Date(t.createdAt),
        SuspendedState: {
          DynamicScalingInSuspended: false,
          DynamicScalingOutSuspended: false,
          ScheduledScalingSuspended: false
        }
      })),
      NextToken: next
    }
  }),
  DescribeScalingPolicies: read((world, q: Question & { PolicyNames?: string[] }) => {
    const all = targetsOf(world, q)
      .flatMap((target) => target.policies.map((policy) => ({ target, policy })))
      .filter(({ policy }) => q.PolicyNames?.includes(policy.name) ?? true)
    const { items, next } = page(all, q.NextToken, q.MaxResults, invalidToken)
    return {
      ScalingPolicies: items.map(({ target, policy }) => policyShape(world, target, policy)),
      NextToken: next
    }
  }),
  DescribeScalingActivities: read((world, q: Question & { IncludeNotScaledActivities?: boolean }) => {
    const all = targetsOf(world, q)
      .flatMap((target) => target.activities.map((activity) => ({ target, activity })))
      .filter(({ activity }) => q.IncludeNotScaledActivities === true || activity.notScaled === undefined)
      .sort((a, b) => b.activity.startedAt - a.activity.startedAt)
    const { items, next } = page(all, q.NextToken, q.MaxResults, invalidToken)
    return {
      ScalingActivities: items.map(({ target, activity }) => activityShape(target, activity)),
      NextToken: next
    }
  })
}
