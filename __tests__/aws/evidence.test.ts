/** What alarms, logs, target groups and service deployments become on their way from AWS: pages, kinds, absences. */
import { afterEach, describe, expect, test } from '@jest/globals'
import { createWorld, startServer, type SimulatorServer, type World } from '../../simulator/index.js'
import { Clients } from '../../src/aws/clients.js'
import { CloudWatch } from '../../src/aws/cloudwatch.js'
import { Ecs } from '../../src/aws/ecs.js'
import { Elb } from '../../src/aws/elbv2.js'
import { CloudWatchLogs } from '../../src/aws/logs.js'
import { shop } from '../../simulator/stories/shop.js'

let server: SimulatorServer | undefined
const before = { ...process.env }
afterEach(async () => {
  await server?.close()
  process.env = { ...before }
})

/** The product's own clients against a world. */
async function wired(world: World) {
  server = await startServer(world)
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: server.url,
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret'
  })
  const clients = new Clients({ region: world.region, requestTimeoutMs: 5000 })
  let requests = 0
  const clock = { now: () => world.clock.now(), sleep: () => Promise.resolve(), random: () => 0.5 }
  const patience = { clock, patienceMs: 0, count: () => (requests += 1) }
  return { clients, patience, requests: () => requests }
}

describe('alarms', () => {
  test('metric and composite ones, over all pages and over a hundred names; those that do not exist are left out', async () => {
    const world = createWorld()
    const names = Array.from({ length: 120 }, (_, i) => `alarm-${i}`)
    for (const name of names) world.cloudwatch.alarm(name)
    world.cloudwatch.alarm('any', { rule: 'ALARM("alarm-7")' })
    world.cloudwatch.alarm('alarm-7').set('ALARM')
    const { clients, patience } = await wired(world)
    const states = await new CloudWatch(clients, patience).states([...names, 'any', 'none', 'any'])
    expect(states.map((s) => s.name).sort()).toEqual([...names, 'any'].sort())
    expect(
      states
        .filter((s) => s.state === 'ALARM')
        .map((s) => s.name)
        .sort()
    ).toEqual(['alarm-7', 'any'])
  })

  test('none of them exists: an empty answer, and no error', async () => {
    const { clients, patience } = await wired(createWorld())
    expect(await new CloudWatch(clients, patience).states(['none'])).toEqual([])
  })
})

describe('log lines', () => {
  const where = { group: '/ecs/shop', stream: 'web/app/0123' }

  test('a group or stream that does not exist has none', async () => {
    const world = createWorld()
    world.logs.group('/ecs/shop')
    const { clients, patience } = await wired(world)
    const logs = new CloudWatchLogs(clients, patience)
    expect(await logs.lastLines(where, 10)).toEqual([])
    expect(await logs.lastLines({ ...where, group: '/none' }, 10)).toEqual([])
  })

  test('the last ones, in their order, in few requests', async () => {
    const world = createWorld()
    const lines = Array.from({ length: 30 }, (_, i) => `line ${i}`)
    world.logs.group('/ecs/shop')
    const scene = shop(world, { image: { prints: lines } })
    const { containerDefinitions } = scene.taskDefinition.raw as { containerDefinitions: object[] }
    const revision = world.ecs.taskDefinition({
      ...scene.taskDefinition.raw,
      family: 'shop-web',
      containerDefinitions: containerDefinitions.map((c) => ({
        ...c,
        image: `${scene.repository.uri}:v2`,
        logConfiguration: {
          logDriver: 'awslogs',
          options: {
            'awslogs-group': '/ecs/shop',
            'awslogs-region': world.region,
            'awslogs-stream-prefix': 'web'
          }
        }
      }))
    })
    world.ecs.updateService(scene.service, { taskDefinition: revision.arn })
    world.clock.advanceBy(120_000)
    const task = scene.service.tasks.find(
      (t) => t.taskDefinitionArn === revision.arn && t.status === 'RUNNING'
    )!
    const { clients, patience, requests } = await wired(world)
    const stream = { ...where, stream: `web/web/${task.arn.slice(task.arn.lastIndexOf('/') + 1)}` }
    const found = await new CloudWatchLogs(clients, patience).lastLines(stream, 8)
    expect(found).toEqual(lines.slice(-found.length))
    expect(found.length).toBeGreaterThanOrEqual(5)
    expect(requests()).toBeLessThanOrEqual(3)
  })
})

test('a target group: times in milliseconds, path, port and codes', async () => {
  const world = createWorld()
  const group = world.elb.targetGroup('web-tg', {
    healthCheckPath: '/healthz',
    intervalSeconds: 15,
    timeoutSeconds: 5,
    unhealthyThreshold: 3,
    matcher: '200-299'
  })
  const { clients, patience } = await wired(world)
  expect(await new Elb(clients, patience).describe([group.arn])).toEqual([
    {
      arn: group.arn,
      intervalMs: 15_000,
      timeoutMs: 5000,
      unhealthyThreshold: 3,
      protocol: 'HTTP',
      port: 'traffic-port',
      path: '/healthz',
      matcher: '200-299',
      healthyThreshold: 5,
      targetType: 'ip',
      addressType: 'ipv4',
      trafficPort: 80,
      vpc: expect.stringMatching(/^vpc-/),
      loadBalancers: [expect.stringContaining(':loadbalancer/app/web-tg-alb/')]
    }
  ])
})

test("ECS's record of a rollout, by its ARN or as the newest since; none is undefined", async () => {
  const world = createWorld()
  const { service } = shop(world, { service: { circuitBreaker: { enable: true, rollback: true } } })
  const began = world.clock.now()
  world.clock.advanceBy(60_000)
  const since = world.clock.now()
  world.ecs.updateService(service, { forceNewDeployment: true })
  const { clients, patience } = await wired(world)
  const ecs = new Ecs(clients, patience)
  const name = { cluster: 'shop', service: service.name }
  const newest = await ecs.rollout(name, since)
  expect(newest).toMatchObject({ breaker: { failureCount: 0, threshold: 3 }, triggeredAlarms: [] })
  expect(newest?.createdAt).toBeGreaterThanOrEqual(since)
  expect(await ecs.rollout(name, began, newest?.arn)).toEqual(newest)
  expect(await ecs.rollout(name, world.clock.now() + 3_600_000)).toBeUndefined()
})
