/** `shop-web`, the plain web service that most stories are about. */
import type {
  Behaviours,
  Json,
  PushOptions,
  RepositoryHandle,
  ServiceHandle,
  ServiceOptions,
  TargetGroupHandle,
  TaskDefinitionHandle,
  World
} from '../index.js'

/** What can be said about the shop. */
export interface ShopOptions {
  /** How the image that is to be deployed behaves. */
  image?: Behaviours
  /** Further words about that push. */
  push?: PushOptions
  /** How many target groups the service stands behind. Default 1. */
  targetGroups?: 0 | 1 | 2
  /** EC2 instances with dynamic host ports instead of Fargate. */
  ec2?: boolean
  /** The running revision names its image by digest, as after a first deploy by this action. */
  pinned?: boolean
  /** How the image that serves already behaves. */
  serving?: Behaviours
  service?: Partial<ServiceOptions>
  /** Further containers of every task. */
  sidecars?: Json[]
  deregistrationDelaySeconds?: number
  /** Memory of a task, MiB. */
  memory?: string
  /** A fixed port on the EC2 instance instead of a dynamic one. */
  hostPort?: number
  /** The name of the load balancer; default: one of its own. */
  loadBalancer?: string
  /** The container health check. */
  healthCheck?: Json
  /** What the container is started with, of Secrets Manager and Parameter Store. */
  secrets?: Json[]
}

/** A shop built by `shop`. */
export interface Shop {
  service: ServiceHandle
  repository: RepositoryHandle
  taskDefinition: TaskDefinitionHandle
  targetGroups: TargetGroupHandle[]
  /** Inputs that deploy `shop-web:v2`; add to them or replace some. */
  inputs: Record<string, string>
  /** The digest of the image that is to be deployed. */
  digest: string
  /** The digest of the image that serves already. */
  servingDigest: string
}

/** `shop-web`: a plain web service, two tasks on port 8080, `v1` serving and `v2` pushed. */
export function shop(world: World, options: ShopOptions = {}): Shop {
  const repository = world.ecr.repository('shop-web')
  const serving = repository.push({
    tags: ['v1'],
    ...(options.serving === undefined ? {} : { behaviour: options.serving })
  })
  const next = repository.push({
    tags: ['v2'],
    ...(options.image === undefined ? {} : { behaviour: options.image }),
    ...options.push
  })
  const ports = options.targetGroups === 2 ? [8080, 9090] : [8080]
  const taskDefinition = world.ecs.taskDefinition({
    family: 'shop-web',
    networkMode: options.ec2 === true ? 'bridge' : 'awsvpc',
    requiresCompatibilities: [options.ec2 === true ? 'EC2' : 'FARGATE'],
    cpu: '256',
    memory: options.memory ?? '512',
    executionRoleArn: `arn:aws:iam::${world.account}:role/ecs-task-execution-role`,
    containerDefinitions: [
      {
        name: 'web',
        image: options.pinned === true ? serving.uri : `${repository.uri}:v1`,
        essential: true,
        portMappings: ports.map((containerPort) => ({
          containerPort,
          hostPort: options.hostPort ?? (options.ec2 === true ? 0 : containerPort),
          protocol: 'tcp'
        })),
        ...(options.healthCheck === undefined ? {} : { healthCheck: options.healthCheck }),
        environment: [{ name: 'LOG_LEVEL', value: 'info' }],
        ...(options.secrets === undefined ? {} : { secrets: options.secrets }),
        logConfiguration: {
          logDriver: 'awslogs',
          options: {
            'awslogs-group': '/ecs/shop-web',
            'awslogs-region': world.region,
            'awslogs-stream-prefix': 'web'
          }
        }
      },
      ...(options.sidecars ?? [])
    ]
  })
  const targetGroups = ports.slice(0, options.targetGroups ?? 1).map((port, i) =>
    world.elb.targetGroup(i === 0 ? 'shop-web' : 'shop-web-admin', {
      port,
      targetType: options.ec2 === true ? 'instance' : 'ip',
      healthCheckPath: '/healthz',
      intervalSeconds: 15,
      ...(options.loadBalancer === undefined ? {} : { loadBalancer: options.loadBalancer }),
      deregistrationDelaySeconds: options.deregistrationDelaySeconds ?? 30
    })
  )
  world.ecs.cluster('shop')
  if (options.ec2 === true) {
    for (const zone of ['a', 'b']) {
      world.ecs.containerInstance('shop', { availabilityZone: `${world.region}${zone}` })
    }
  }
  const service = world.ecs.service({
    cluster: 'shop',
    name: 'shop-web',
    taskDefinition,
    desiredCount: 2,
    launchType: options.ec2 === true ? 'EC2' : 'FARGATE',
    gracePeriodSeconds: targetGroups.length > 0 ? 60 : 0,
    loadBalancers: targetGroups.map((targetGroup, i) => ({
      targetGroup,
      containerName: 'web',
      containerPort: ports[i]!
    })),
    ...options.service
  })
  const inputs = {
    environment: 'production',
    cluster: 'shop',
    service: 'shop-web',
    images: `web=${repository.uri}:v2`
  }
  return {
    service,
    repository,
    taskDefinition,
    targetGroups,
    inputs,
    digest: next.digest,
    servingDigest: serving.digest
  }
}
