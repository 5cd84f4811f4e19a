/** Two real services, as their owners' documents describe them. */
import type {
  PushedImage,
  PushOptions,
  RepositoryHandle,
  ServiceHandle,
  ServiceOptions,
  TargetGroupHandle,
  TaskDefinitionHandle,
  World
} from './api.js'

export interface SeedService {
  service: ServiceHandle
  cluster: string
  repository: RepositoryHandle
  /** The image that serves when the story begins. */
  image: PushedImage
  taskDefinition: TaskDefinitionHandle
  targetGroup: TargetGroupHandle
  containerName: string
}

export interface SeedOptions {
  /** How the image that serves at the beginning was pushed. */
  image?: PushOptions
  /** Changes to the service's options. */
  service?: Partial<ServiceOptions>
}

/** `prooflink-service`: one Fargate task on port 3000 behind an ALB that asks /api/health. */
export function proofLinkService(_world: World, _options: SeedOptions = {}): SeedService {
  throw new Error('the seeds come with the next commit')
}

/** `prod-e-service`: one Fargate task with a container health check (`curl`: the old one that called curl). */
export function prodEService(
  _world: World,
  _options: SeedOptions & { containerHealthCheck?: 'node' | 'curl' } = {}
): SeedService {
  throw new Error('the seeds come with the next commit')
}
