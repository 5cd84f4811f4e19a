/** AWS's own request limits: token buckets in virtual time, one a category, for the whole account and region. */

/** What a bucket holds at most and when new, and what flows into it in a second. */
export interface Limit {
  burst: number
  refill: number
  operations: readonly string[]
}

const perSecond = (n: number, operation: string): Limit => ({ burst: n, refill: n, operations: [operation] })

/** Facts H: documented for ECS (request throttling) and for ECR (service quotas, a second's worth of burst). */
export const limits: Readonly<Record<string, Readonly<Record<string, Limit>>>> = {
  ecs: {
    'service read': {
      burst: 100,
      refill: 20,
      operations: ['DescribeServices', 'ListServices', 'ListServicesByNamespace']
    },
    'service modify': {
      burst: 50,
      refill: 5,
      operations: ['UpdateService', 'CreateService', 'DeleteService']
    },
    'cluster resource read': {
      burst: 100,
      refill: 20,
      operations: ['DescribeTasks', 'ListTasks', 'DescribeContainerInstances', 'ListContainerInstances']
    },
    'cluster resource modify': { burst: 100, refill: 40, operations: ['RunTask', 'StartTask', 'StopTask'] },
    'service deployment': {
      burst: 50,
      refill: 20,
      operations: ['ListServiceDeployments', 'DescribeServiceDeployments']
    },
    'service revision': { burst: 50, refill: 20, operations: ['DescribeServiceRevisions'] },
    'task definition modify': {
      burst: 20,
      refill: 1,
      operations: ['RegisterTaskDefinition', 'DeregisterTaskDefinition']
    },
    'task definition read': {
      burst: 50,
      refill: 20,
      operations: ['DescribeTaskDefinition', 'ListTaskDefinitions', 'ListTaskDefinitionFamilies']
    },
    'task definition deletion': { burst: 5, refill: 1, operations: ['DeleteTaskDefinitions'] },
    'cluster read': { burst: 50, refill: 20, operations: ['DescribeClusters', 'ListClusters'] },
    'cluster modify': {
      burst: 20,
      refill: 1,
      operations: ['CreateCluster', 'UpdateCluster', 'UpdateClusterSettings', 'DeleteCluster']
    },
    'tag modify': { burst: 20, refill: 10, operations: ['TagResource', 'UntagResource'] },
    'tag read': { burst: 50, refill: 20, operations: ['ListTagsForResource'] },
    'task protection': { burst: 200, refill: 80, operations: ['GetTaskProtection', 'UpdateTaskProtection'] }
  },
  ecr: {
    BatchGetImage: perSecond(2000, 'BatchGetImage'),
    GetAuthorizationToken: perSecond(500, 'GetAuthorizationToken'),
    PutImage: perSecond(10, 'PutImage'),
    BatchCheckLayerAvailability: perSecond(1000, 'BatchCheckLayerAvailability'),
    InitiateLayerUpload: perSecond(100, 'InitiateLayerUpload'),
    CompleteLayerUpload: perSecond(100, 'CompleteLayerUpload'),
    UploadLayerPart: perSecond(500, 'UploadLayerPart'),
    GetDownloadUrlForLayer: perSecond(3000, 'GetDownloadUrlForLayer')
  }
}

/** The buckets of one account and region. */
export class Throttles {
  private readonly buckets = new Map<string, { tokens: number; at: number }>()

  /** Takes a token for a call at a moment (epoch ms); false: the call is one too many. */
  take(service: string, operation: string, now: number): boolean {
    const [category, limit] =
      Object.entries(limits[service] ?? {}).find(([, one]) => one.operations.includes(operation)) ?? []
    if (category === undefined || limit === undefined) return true
    const key = `${service} ${category}`
    const bucket = this.buckets.get(key) ?? { tokens: limit.burst, at: now }
    const tokens = Math.min(limit.burst, bucket.tokens + ((now - bucket.at) / 1000) * limit.refill)
    const granted = tokens >= 1
    this.buckets.set(key, { tokens: granted ? tokens - 1 : tokens, at: now })
    return granted
  }
}
