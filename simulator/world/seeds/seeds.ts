/** Two real services, as their owners' documents describe them. */
import type {
  Json,
  PushedImage,
  PushOptions,
  RepositoryHandle,
  ServiceHandle,
  ServiceOptions,
  TargetGroupHandle,
  TargetGroupOptions,
  TaskDefinitionHandle,
  World
} from '../api.js'
import { proofLinkNetwork, type ProofLinkMistake, type ProofLinkNetwork } from './seed-network.js'

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
  /** Changes to the target group's options. */
  targetGroup?: TargetGroupOptions
}

/** `prooflink-service` with its network; with a mistake of its document it is a new service that never ran. */
export interface ProofLinkOptions extends SeedOptions {
  mistake?: ProofLinkMistake
}

/**
 * `prooflink-service`: one Fargate task on port 3000 behind an ALB that asks /api/health every 30 s (2 of 2, 3 of 3,
 * 5 s), 100/200, 60 s grace. Its document names the definition without CPU and memory; 256 and 512 are the smallest.
 */
export function proofLinkService(
  world: World,
  options: ProofLinkOptions = {}
): SeedService & { network: ProofLinkNetwork } {
  const { mistake } = options
  const network = proofLinkNetwork(world, mistake)
  const cluster = 'prooflink-dev-cluster'
  const containerName = 'prooflink-app'
  const repository = world.ecr.repository('prooflink-app')
  const image = repository.push({ tags: ['latest'], ...options.image })
  const targetGroup = world.elb.targetGroup('prooflink-tg', {
    port: 3000,
    targetType: 'ip',
    healthCheckPath: '/api/health',
    intervalSeconds: 30,
    timeoutSeconds: 5,
    healthyThreshold: 2,
    unhealthyThreshold: 3,
    matcher: '200',
    loadBalancer: 'prooflink-alb',
    ...options.targetGroup
  })
  const taskDefinition = world.ecs.taskDefinition({
    ...fargate(world, 'prooflink-dev-task', 'ecsTaskExecutionRole', 'prooflink-dev-task-role'),
    containerDefinitions: [
      {
        name: containerName,
        image: `${repository.uri}:latest`,
        essential: true,
        portMappings: [{ containerPort: 3000, hostPort: 3000, protocol: 'tcp' }],
        logConfiguration: awslogs(world, '/ecs/prooflink-dev-app-server', 'ecs')
      }
    ]
  })
  const service = world.ecs.service({
    cluster,
    name: 'prooflink-service',
    taskDefinition,
    desiredCount: 1,
    launchType: 'FARGATE',
    platformVersion: 'LATEST',
    minimumHealthyPercent: 100,
    maximumPercent: 200,
    gracePeriodSeconds: 60,
    subnets: [network.subnet.id],
    securityGroups: [network.ecsGroup.id],
    assignPublicIp: network.assignPublicIp,
    loadBalancers: mistake === 'no-target-group' ? [] : [{ targetGroup, containerName, containerPort: 3000 }],
    settled: mistake === undefined,
    tags: [
      { key: 'Environment', value: 'dev' },
      { key: 'Project', value: 'prooflink' }
    ],
    ...options.service
  })
  return { service, cluster, repository, image, taskDefinition, targetGroup, containerName, network }
}

const nodeCheck =
  "node -e \"require('http').request({host: 'localhost', port: 3000, path: '/health', timeout: 2000}, (res) => { process.exit(res.statusCode !== 200 ? 1 : 0); }).on('error', () => process.exit(1)).end()\""
const curlCheck = 'curl -f http://localhost:3000/health || exit 1'

/**
 * `prod-e-service`: one Fargate task (256/512) on port 3000 behind /health (3 of 3, 5 s, every 30 s, 200-299), 60 s
 * grace, and a container health check: with node as it is now, or with curl as it was when it failed.
 */
export function prodEService(
  world: World,
  options: SeedOptions & { containerHealthCheck?: 'node' | 'curl' } = {}
): SeedService {
  const cluster = 'prod-e-cluster'
  const containerName = 'prod-e-container'
  const repository = world.ecr.repository('prod-e-backend')
  const image = repository.push({ tags: ['latest'], ...options.image })
  const targetGroup = world.elb.targetGroup('ecs-target-group-v2', {
    port: 3000,
    targetType: 'ip',
    healthCheckPath: '/health',
    healthCheckPort: 'traffic-port',
    intervalSeconds: 30,
    timeoutSeconds: 5,
    healthyThreshold: 3,
    unhealthyThreshold: 3,
    matcher: '200-299',
    loadBalancer: 'prod-e-alb',
    ...options.targetGroup
  })
  const command = options.containerHealthCheck === 'curl' ? curlCheck : nodeCheck
  const taskDefinition = world.ecs.taskDefinition({
    ...fargate(world, 'prod-e-task', 'ecs-task-execution-role', 'ecs-task-role'),
    containerDefinitions: [
      {
        name: containerName,
        image: `${repository.uri}:latest`,
        essential: true,
        portMappings: [{ containerPort: 3000, hostPort: 3000, protocol: 'tcp' }],
        healthCheck: {
          command: ['CMD-SHELL', command],
          interval: 30,
          timeout: 5,
          retries: 3,
          startPeriod: 60
        },
        logConfiguration: awslogs(world, '/ecs/prod-e-task', 'prod-e-container')
      }
    ]
  })
  const service = world.ecs.service({
    cluster,
    name: 'prod-e-service',
    taskDefinition,
    desiredCount: 1,
    launchType: 'FARGATE',
    platformVersion: 'LATEST',
    gracePeriodSeconds: 60,
    subnets: ['subnet-0a1b2c3d4e5f60001', 'subnet-0a1b2c3d4e5f60002'],
    securityGroups: ['sg-0a1b2c3d4e5f60003'],
    assignPublicIp: 'DISABLED',
    loadBalancers: [{ targetGroup, containerName, containerPort: 3000 }],
    ...options.service
  })
  return { service, cluster, repository, image, taskDefinition, targetGroup, containerName }
}

function fargate(
  world: World,
  family: string,
  executionRole: string,
  taskRole: string
): Json & { family: string } {
  return {
    family,
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    executionRoleArn: `arn:aws:iam::${world.account}:role/${executionRole}`,
    taskRoleArn: `arn:aws:iam::${world.account}:role/${taskRole}`
  }
}

function awslogs(world: World, group: string, prefix: string): Json {
  return {
    logDriver: 'awslogs',
    options: {
      'awslogs-group': group,
      'awslogs-region': world.region,
      'awslogs-stream-prefix': prefix
    }
  }
}
