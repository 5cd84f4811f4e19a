// Debian's aws CLI (botocore, not the JavaScript SDK) against the simulator: an independent client must agree.
import { checks, cli, findAws, same } from './aws-cli.mjs'
import { failingRollout } from './aws-rollout.mjs'
import { ready } from './ready.mjs'

ready()
const { register } = await import('tsx/esm/api')
register()
const { createWorld, prodEService, startServer } = await import('../simulator/index.ts')

const aws = findAws()
if (aws === undefined) {
  console.log('aws check: skipped, no aws CLI here and no way to install it')
  process.exit(process.env.CI ? 1 : 0)
}

// Ten virtual minutes a second: a rollout ends between two commands, the waiter's first look finds it stable.
const world = createWorld()
const seed = prodEService(world, {
  service: { desiredCount: 7 },
  targetGroup: { deregistrationDelaySeconds: 30 }
})
world.cloudwatch.alarm('errors')
const server = await startServer(world, { pace: { kind: 'scaled', speed: 600 } })
const { run, refused } = cli(aws, server, world.region)
const all = checks()
const { check } = all

const where = ['--cluster', seed.cluster]
const service = ['--service', seed.service.name]
let tasks = []

await check('ecs describe-services: ACTIVE, COMPLETED, 7 running', async () => {
  const [s] = (await run('ecs', 'describe-services', ...where, '--services', seed.service.name)).services
  same([s.status, s.runningCount, s.deployments.length], ['ACTIVE', 7, 1], 'service')
  same(s.deployments[0].rolloutState, 'COMPLETED', 'rolloutState')
})
await check('ecs list-tasks: all pages are turned', async () => {
  tasks = (await run('ecs', 'list-tasks', ...where, '--service-name', seed.service.name)).taskArns
  same(new Set(tasks).size, 7, 'tasks')
})
await check('ecs describe-tasks: RUNNING, HEALTHY, with addresses', async () => {
  const answer = await run('ecs', 'describe-tasks', ...where, '--tasks', ...tasks)
  same(
    answer.tasks.every((t) => t.lastStatus === 'RUNNING' && t.healthStatus === 'HEALTHY'),
    true,
    'states'
  )
  same(
    new Set(answer.tasks.map((t) => t.containers[0].networkInterfaces[0].privateIpv4Address)).size,
    7,
    'addresses'
  )
})
await check('elbv2 describe-target-health: 7 healthy targets', async () => {
  const answer = await run('elbv2', 'describe-target-health', '--target-group-arn', seed.targetGroup.arn)
  same(
    answer.TargetHealthDescriptions.map((d) => d.TargetHealth.State),
    Array(7).fill('healthy'),
    'states'
  )
})
await check('elbv2 describe-target-groups by name: its health check', async () => {
  const [group] = (await run('elbv2', 'describe-target-groups', '--names', 'ecs-target-group-v2'))
    .TargetGroups
  same(
    [group.HealthCheckPath, group.Matcher.HttpCode, group.TargetType],
    ['/health', '200-299', 'ip'],
    'group'
  )
})
await check('ecr describe-images: the digest that runs', async () => {
  const [image] = (await run('ecr', 'describe-images', '--repository-name', 'prod-e-backend')).imageDetails
  same([image.imageDigest, image.imageTags], [seed.image.digest, ['latest']], 'image')
})
await check('ecr put-image: the same tag on the same digest is refused in AWS words', async () => {
  const ids = ['--repository-name', 'prod-e-backend', '--image-ids', 'imageTag=latest']
  const { images } = await run('ecr', 'batch-get-image', ...ids)
  const put = [
    'ecr',
    'put-image',
    '--repository-name',
    'prod-e-backend',
    '--image-manifest',
    images[0].imageManifest
  ]
  await run(...put, '--image-tag', 'retagged')
  await refused('ImageAlreadyExistsException', ...put, '--image-tag', 'retagged')
})
await check('sts get-caller-identity', async () => {
  same((await run('sts', 'get-caller-identity')).Account, world.account, 'account')
})
await check('cloudwatch: alarms described, set, remembered and refused', async () => {
  const { MetricAlarms } = await run('cloudwatch', 'describe-alarms', '--alarm-names', 'errors')
  same(
    MetricAlarms.map((a) => [a.AlarmName, a.StateValue]),
    [['errors', 'OK']],
    'alarms'
  )
  const state = ['--state-value', 'ALARM', '--state-reason', 'a drill']
  await run('cloudwatch', 'set-alarm-state', '--alarm-name', 'errors', ...state)
  const rung = await run('cloudwatch', 'describe-alarms', '--state-value', 'ALARM')
  same(rung.MetricAlarms[0].StateReason, 'a drill', 'reason')
  const { AlarmHistoryItems } = await run('cloudwatch', 'describe-alarm-history', '--alarm-name', 'errors')
  same(AlarmHistoryItems.length, 1, 'history')
  await refused('ResourceNotFound', 'cloudwatch', 'set-alarm-state', '--alarm-name', 'nobody', ...state)
})
await check('refusals: no such cluster, no such target group', async () => {
  await refused('ClusterNotFoundException', 'ecs', 'list-tasks', '--cluster', 'nope')
  await refused('TargetGroupNotFound', 'elbv2', 'describe-target-groups', '--names', 'nope')
})
await check('ecs update-service, then wait services-stable', async () => {
  const { service: s } = await run('ecs', 'update-service', ...where, ...service, '--force-new-deployment')
  same(
    s.deployments.map((d) => d.status),
    ['PRIMARY', 'ACTIVE'],
    'deployments'
  )
  await run('ecs', 'wait', 'services-stable', ...where, '--services', seed.service.name)
  const [after] = (await run('ecs', 'describe-services', ...where, '--services', seed.service.name)).services
  same([after.deployments.length, after.deployments[0].id], [1, s.deployments[0].id], 'deployments after')
})
await check('every answer fitted the schemas', () => {
  same(server.violations, [], 'violations')
  return Promise.resolve()
})
await server.close()
await failingRollout(aws, { createWorld, startServer }, all)
process.exit(all.failures === 0 ? 0 : 1)
