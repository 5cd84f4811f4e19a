import type { ECRClient } from '@aws-sdk/client-ecr'
import type { ECSClient } from '@aws-sdk/client-ecs'
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2'

/** How to reach AWS. Endpoints and credentials come from the SDK's own sources (environment, files). */
export interface ClientOptions {
  /** Absent: the SDK's own sources for the region. */
  region?: string
}

const common = {
  // Retries are made by call(), on our clock.
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 5000, requestTimeout: 15_000, throwOnRequestTimeout: true },
  customUserAgent: [['safe-ecs-deploy', '0.1']] as [string, string][]
}

/** SDK clients, each loaded when it is first used: start-up pays only for what a run needs. */
export class Clients {
  private readonly ecrByRegion = new Map<string, Promise<ECRClient>>()
  private ecsClient?: Promise<ECSClient>
  private elbClient?: Promise<ElasticLoadBalancingV2Client>

  constructor(private readonly options: ClientOptions) {}

  ecs(): Promise<ECSClient> {
    this.ecsClient ??= import('@aws-sdk/client-ecs').then(
      (sdk) => new sdk.ECSClient({ ...common, ...this.options })
    )
    return this.ecsClient
  }

  /** ECR of the region that an image reference names, which need not be the service's. */
  ecr(region: string): Promise<ECRClient> {
    const known = this.ecrByRegion.get(region)
    if (known) return known
    const made = import('@aws-sdk/client-ecr').then((sdk) => new sdk.ECRClient({ ...common, region }))
    this.ecrByRegion.set(region, made)
    return made
  }

  elb(): Promise<ElasticLoadBalancingV2Client> {
    this.elbClient ??= import('@aws-sdk/client-elastic-load-balancing-v2').then(
      (sdk) => new sdk.ElasticLoadBalancingV2Client({ ...common, ...this.options })
    )
    return this.elbClient
  }
}
