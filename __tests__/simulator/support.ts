/** What the simulator's own tests share: worlds in one line, and the real SDK clients on loopback. */
import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling'
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import { EC2Client } from '@aws-sdk/client-ec2'
import { ECRClient } from '@aws-sdk/client-ecr'
import { ECSClient } from '@aws-sdk/client-ecs'
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2'
import { STSClient } from '@aws-sdk/client-sts'
import { afterEach, expect } from '@jest/globals'
import { createWorld, startServer } from '../../simulator/index.js'
import type {
  Happening,
  PushOptions,
  ServerOptions,
  ServiceHandle,
  ServiceOptions,
  SimulatorServer,
  TargetGroupOptions,
  World,
  WorldOptions
} from '../../simulator/index.js'

/** A Fargate service `shop` in cluster `c`, healthy, and what a test needs to deploy to it. */
export function shop(
  options: {
    service?: Partial<ServiceOptions>
    targetGroup?: TargetGroupOptions | null
    container?: Record<string, unknown>
    world?: WorldOptions
    taskDefinition?: Record<string, unknown>
  } = {}
) {
  const world = createWorld(options.world)
  const repository = world.ecr.repository('shop')
  const image = repository.push({ tags: ['v1'] })
  const targetGroup =
    options.targetGroup === null
      ? undefined
      : world.elb.targetGroup('shop-tg', {
          healthCheckPath: '/health',
          deregistrationDelaySeconds: 30,
          ...options.targetGroup
        })
  const define = (uri: string) =>
    world.ecs.taskDefinition({
      family: 'shop',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
      ...options.taskDefinition,
      containerDefinitions: [
        { name: 'app', image: uri, portMappings: [{ containerPort: 8080 }], ...options.container }
      ]
    })
  const service = world.ecs.service({
    cluster: 'c',
    name: 'shop',
    taskDefinition: define(image.uri),
    desiredCount: 1,
    ...(targetGroup === undefined
      ? {}
      : { loadBalancers: [{ targetGroup, containerName: 'app', containerPort: 8080 }] }),
    ...options.service
  })
  const start = world.clock.now()
  /** Pushes an image and deploys it; the new deployment is the service's PRIMARY. */
  const deploy = (push: PushOptions = {}) => {
    const pushed = repository.push(push)
    world.ecs.updateService(service, { taskDefinition: define(pushed.uri).arn })
    return service.primary
  }
  return { world, repository, image, targetGroup, service, define, deploy, start, log: record(world, start) }
}

/** Everything that happens from now on, with seconds since the start. */
export function record(world: World, start = world.clock.now()) {
  const all: (Happening & { s: number })[] = []
  world.onHappening((h) => all.push({ ...h, s: (h.time - start) / 1000 }))
  return {
    all,
    /** When the service said something that matches, in seconds. */
    when: (pattern: RegExp) => all.filter((h) => pattern.test(h.text)).map((h) => h.s)
  }
}

export const breaker = { enable: true, rollback: true }

/** Messages of the service, oldest first, without ids. */
export function messages(service: ServiceHandle): string[] {
  return service.events.map((e) => e.message).reverse()
}

/** Advances until something holds, or fails. */
export function until(world: World, holds: () => boolean, limitSeconds = 7200): number {
  const start = world.clock.now()
  while (!holds()) {
    if (world.clock.now() - start > limitSeconds * 1000) throw new Error(`not within ${limitSeconds} s`)
    world.clock.advanceBy(500)
  }
  return (world.clock.now() - start) / 1000
}

const open: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

/** The simulator's server and the real clients on it; a schema violation fails the test. */
export async function clients(world: World, options: ServerOptions = {}, maxAttempts = 1) {
  const server: SimulatorServer = await startServer(world, options)
  const config = {
    endpoint: server.url,
    region: world.region,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts
  }
  const ecs = new ECSClient(config)
  const ecr = new ECRClient(config)
  const elb = new ElasticLoadBalancingV2Client(config)
  const sts = new STSClient(config)
  const cloudwatch = new CloudWatchClient(config)
  const logs = new CloudWatchLogsClient(config)
  const ec2 = new EC2Client(config)
  const scaling = new ApplicationAutoScalingClient(config)
  open.push(async () => {
    for (const client of [ec2, scaling, ecs, ecr, elb, sts, logs, cloudwatch]) client.destroy()
    await server.close()
    expect(server.violations).toEqual([])
  })
  return { server, ec2, scaling, ecs, ecr, elb, sts, logs, cloudwatch }
}

/** The name and message of what a call throws. */
export async function refusal(
  call: Promise<unknown>
): Promise<{ name: string; message: string; status: number | undefined }> {
  try {
    await call
  } catch (error) {
    const e = error as Error & { $metadata?: { httpStatusCode?: number } }
    return { name: e.name, message: e.message, status: e.$metadata?.httpStatusCode }
  }
  throw new Error('the call was not refused')
}
