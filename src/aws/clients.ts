import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import type { ECRClient } from '@aws-sdk/client-ecr'
import type { ECSClient } from '@aws-sdk/client-ecs'
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2'

/** How to reach AWS. Endpoints and credentials come from the SDK's own sources (environment, files). */
export interface ClientOptions {
  /** Absent: the SDK's own sources for the region. */
  region?: string
  /** How long one request may take, milliseconds. */
  requestTimeoutMs: number
}

const common = {
  // Retries are made by call(), on our clock.
  maxAttempts: 1,
  customUserAgent: [['safe-ecs-deploy', '0.1']] as [string, string][]
}

/** SDK clients, each loaded when it is first used: start-up pays only for what a run needs. */
export class Clients {
  private readonly ecrByRegion = new Map<string, Promise<ECRClient>>()
  private ecsClient?: Promise<ECSClient>
  private elbClient?: Promise<ElasticLoadBalancingV2Client>
  private cloudWatchClient?: Promise<CloudWatchClient>
  private readonly logsByRegion = new Map<string, Promise<CloudWatchLogsClient>>()

  /** What all clients have in common. */
  readonly settings: typeof common & { requestHandler: object; region?: string }

  constructor({ region, requestTimeoutMs }: ClientOptions) {
    const requestHandler = {
      connectionTimeout: Math.min(5000, requestTimeoutMs),
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true
    }
    this.settings = { ...common, requestHandler, ...(region === undefined ? {} : { region }) }
  }

  ecs(): Promise<ECSClient> {
    this.ecsClient ??= import('@aws-sdk/client-ecs').then((sdk) => new sdk.ECSClient(this.settings))
    return this.ecsClient
  }

  /** ECR of the region that an image reference names, which need not be the service's. */
  ecr(region: string): Promise<ECRClient> {
    const known = this.ecrByRegion.get(region)
    if (known) return known
    const made = import('@aws-sdk/client-ecr').then((sdk) => new sdk.ECRClient({ ...this.settings, region }))
    this.ecrByRegion.set(region, made)
    return made
  }

  elb(): Promise<ElasticLoadBalancingV2Client> {
    this.elbClient ??= import('@aws-sdk/client-elastic-load-balancing-v2').then(
      (sdk) => new sdk.ElasticLoadBalancingV2Client(this.settings)
    )
    return this.elbClient
  }

  cloudWatch(): Promise<CloudWatchClient> {
    this.cloudWatchClient ??= import('@aws-sdk/client-cloudwatch').then(
      (sdk) => new sdk.CloudWatchClient(this.settings)
    )
    return this.cloudWatchClient
  }

  /** CloudWatch Logs of the region that a task definition names; absent: the service's. */
  logs(region = ''): Promise<CloudWatchLogsClient> {
    const known = this.logsByRegion.get(region)
    if (known) return known
    const made = import('@aws-sdk/client-cloudwatch-logs').then(
      (sdk) => new sdk.CloudWatchLogsClient({ ...this.settings, ...(region === '' ? {} : { region }) })
    )
    this.logsByRegion.set(region, made)
    return made
  }
}
