/** What stories and tests say to the world, and what they may read of it: one room a service. */
import type { Cancel, Clock } from '../clock.js'
import type { Ec2Builder } from './api/ec2.js'
import type { CloudWatchBuilder } from './api/cloudwatch.js'
import type { EcrBuilder, RegistriesBuilder } from './api/ecr.js'
import type { DeploymentView, EcsBuilder, ServiceHandle } from './api/ecs.js'
import type { ElbBuilder } from './api/elb.js'
import type { Happening } from './api/happenings.js'
import type { IdentityBuilder } from './api/identity.js'
import type { LogsBuilder } from './api/logs.js'
import type { ScalingBuilder } from './api/scaling.js'
import type { SecretsBuilder } from './api/secrets.js'
import type { Timings } from './timings.js'

export type * from './api/cloudwatch.js'
export type * from './api/common.js'
export type * from './api/ec2.js'
export type * from './api/ecr.js'
export type * from './api/ecs.js'
export type * from './api/elb.js'
export type * from './api/happenings.js'
export type * from './api/identity.js'
export type * from './api/logs.js'
export type * from './api/scaling.js'
export type * from './api/secrets.js'

export interface WorldOptions {
  region?: string
  account?: string
  /** Virtual time at the beginning, epoch ms. */
  start?: number
  /** Seeds ids and addresses; two worlds with one seed and one story are equal. */
  seed?: number
  timings?: Partial<Timings>
}

export interface World extends SecretsBuilder, IdentityBuilder {
  readonly region: string
  readonly account: string
  readonly clock: Clock
  readonly ecs: EcsBuilder
  readonly ecr: EcrBuilder
  /** Registries that are not the account's: Docker Hub, GHCR. */
  readonly registries: RegistriesBuilder
  readonly elb: ElbBuilder
  readonly logs: LogsBuilder
  readonly ec2: Ec2Builder
  readonly cloudwatch: CloudWatchBuilder
  readonly scaling: ScalingBuilder
  onHappening(listener: (happening: Happening) => void): Cancel
  /** Called when a deployment is created on the service after the story began (not on a breaker's rollback). */
  onDeployment(service: ServiceHandle, listener: (deployment: DeploymentView) => void): Cancel
}
