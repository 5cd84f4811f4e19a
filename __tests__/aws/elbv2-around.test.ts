/** Listeners and rules as the SDK reads them, page by page. */
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { createWorld, startServer, type SimulatorServer } from '../../simulator/index.js'
import { Clients } from '../../src/aws/clients.js'
import { ElbAround } from '../../src/aws/elbv2-around.js'

const world = createWorld()
const balancer = world.elb.loadBalancer('shared')
const [web, api, old] = ['web', 'api', 'old'].map((name) =>
  world.elb.targetGroup(name, { loadBalancer: 'none' })
)
const listener = world.elb.listener(balancer, {
  port: 443,
  protocol: 'HTTPS',
  forward: [
    { targetGroup: web!, weight: 100 },
    { targetGroup: old!, weight: 0 }
  ]
})
for (let i = 1; i <= 3; i++)
  listener.rule({ priority: i * 10, paths: [`/api/v${i}/*`], hosts: ['api.example.org'], forward: api! })
let server: SimulatorServer
let elb: ElbAround
const before = { ...process.env }

beforeAll(async () => {
  server = await startServer(world, { pace: { kind: 'manual' } })
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: server.url,
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true'
  })
  const clock = { now: () => 0, sleep: () => Promise.resolve(), random: () => 0.5 }
  const clients = new Clients({ region: world.region, requestTimeoutMs: 5000 })
  elb = new ElbAround(clients, { clock, patienceMs: 0, count: () => undefined })
})

afterAll(async () => {
  process.env = before
  await server.close()
})

test('a listener forwards to the groups that have a weight', async () => {
  expect(await elb.listeners(balancer.arn)).toEqual([
    { arn: listener.arn, port: 443, protocol: 'HTTPS', targetGroups: [web!.arn] }
  ])
})

test('its rules stand without the default action, with every condition', async () => {
  const rules = await elb.rules(listener.arn)
  expect(rules.map((r) => r.priority)).toEqual([10, 20, 30])
  expect(rules[1]).toEqual({
    arn: expect.stringContaining(':listener-rule/') as unknown,
    priority: 20,
    conditions: [
      { field: 'path-pattern', values: ['/api/v2/*'] },
      { field: 'host-header', values: ['api.example.org'] }
    ],
    targetGroups: [api!.arn]
  })
})
