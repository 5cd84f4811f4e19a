import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  ListServiceDeploymentsCommand,
  StopServiceDeploymentCommand
} from '@aws-sdk/client-ecs'
import { expect, test } from '@jest/globals'
import { breaker, clients, messages, refusal, shop, until } from './support.js'

/** A world with its clients, and the newest service deployment as the API tells it. */
async function played(options: Parameters<typeof shop>[0] = {}) {
  const s = shop(options)
  const { ecs } = await clients(s.world)
  const list = async () => {
    const answer = await ecs.send(new ListServiceDeploymentsCommand({ cluster: 'c', service: 'shop' }))
    return answer.serviceDeployments!
  }
  const newest = async () => {
    const [first] = await list()
    const { serviceDeployments } = await ecs.send(
      new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [first!.serviceDeploymentArn!] })
    )
    return serviceDeployments![0]!
  }
  const stop = (arn: string, stopType?: 'ABORT' | 'ROLLBACK') =>
    ecs.send(
      new StopServiceDeploymentCommand({
        serviceDeploymentArn: arn,
        ...(stopType === undefined ? {} : { stopType })
      })
    )
  return { ...s, ecs, list, newest, stop }
}

test('a service deployment is PENDING until the first decision, then IN_PROGRESS, then SUCCESSFUL', async () => {
  const s = await played()
  s.deploy()
  const pending = await s.newest()
  expect(pending).toMatchObject({ status: 'PENDING', createdAt: new Date(s.start) })
  expect(pending.startedAt).toBeUndefined()
  expect(pending.lifecycleStage).toBeUndefined()
  s.world.clock.advanceBy(10_000)
  expect(await s.newest()).toMatchObject({ status: 'IN_PROGRESS', startedAt: new Date(s.start + 5_000) })
  until(s.world, () => s.service.primary.rolloutState === 'COMPLETED')
  const done = await s.newest()
  expect(done).toMatchObject({ status: 'SUCCESSFUL', finishedAt: new Date(s.world.clock.now()) })
  expect(done.stoppedAt).toBeUndefined()
})

test('a superseded service deployment is STOP_REQUESTED, then STOPPED; the newer one has both as its sources', async () => {
  const s = await played()
  const first = s.deploy()
  s.world.clock.advanceBy(40_000)
  s.deploy()
  expect((await s.list()).map((d) => d.status)).toEqual(['PENDING', 'STOP_REQUESTED', 'SUCCESSFUL'])
  const { sourceServiceRevisions } = await s.newest()
  expect(sourceServiceRevisions!.map((r) => r.arn!.split('/').at(-1))).toContain(first.id.slice(8))
  expect(sourceServiceRevisions).toHaveLength(2)
  s.world.clock.advanceBy(10_000)
  const [, stopped] = await s.list()
  expect(stopped).toMatchObject({ status: 'STOPPED', finishedAt: new Date(s.start + 45_000) })
})

test('a breaker without rollback: STOP_REQUESTED, then STOPPED; with it: ROLLBACK_IN_PROGRESS, ROLLBACK_SUCCESSFUL', async () => {
  const crash = { behaviour: { exits: { code: 1, after: 0 } } }
  const without = await played({ service: { circuitBreaker: { enable: true, rollback: false } } })
  const bad = without.deploy(crash)
  until(without.world, () => bad.rolloutState === 'FAILED')
  expect(await without.newest()).toMatchObject({
    status: 'STOP_REQUESTED',
    deploymentCircuitBreaker: { status: 'TRIGGERED', failureCount: 3, threshold: 3 }
  })
  without.world.clock.advanceBy(10_000)
  expect(await without.newest()).toMatchObject({ status: 'STOPPED' })
  const withIt = await played({ service: { circuitBreaker: breaker } })
  withIt.deploy(crash)
  until(
    withIt.world,
    () => withIt.service.primary.id !== bad.id && withIt.log.when(/rolling back/).length > 0
  )
  expect(await withIt.newest()).toMatchObject({
    status: 'ROLLBACK_IN_PROGRESS',
    statusReason: 'Service deployment rolled back because the circuit breaker threshold was exceeded.',
    rollback: { serviceRevisionArn: expect.stringContaining('service-revision/c/shop/') }
  })
  until(withIt.world, () => withIt.service.primary.rolloutState === 'COMPLETED')
  expect(await withIt.newest()).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL' })
})

test('a rollback that fails itself is ROLLBACK_FAILED', async () => {
  const s = await played({
    service: { circuitBreaker: breaker, minimumHealthyPercent: 0, maximumPercent: 100 }
  })
  s.deploy({ behaviour: { exits: { code: 1, after: 0 } } })
  s.world.clock.advanceBy(60_000)
  s.repository.expire(s.image.digest)
  until(s.world, () => s.log.when(/rolling back/).length > 0)
  const [{ status } = {}] = await s.list()
  expect(status).toBe('ROLLBACK_IN_PROGRESS')
  s.world.clock.advanceBy(3_600_000)
  expect((await s.list())[0]).toMatchObject({ status: 'ROLLBACK_FAILED' })
  expect(s.service.primary).toMatchObject({ rolloutState: 'FAILED' })
})

test('StopServiceDeployment: ROLLBACK_REQUESTED, then back to the revision before, whose running tasks are kept', async () => {
  const s = await played({ service: { desiredCount: 2 } })
  const old = s.service.primary
  const kept = s.service.tasks.map((t) => t.id)
  const mine = s.deploy({ behaviour: { healthyAfter: 3600 } })
  s.world.clock.advanceBy(60_000)
  const arn = (await s.newest()).serviceDeploymentArn!
  expect((await s.stop(arn, 'ROLLBACK')).serviceDeploymentArn).toBe(arn)
  expect(await s.newest()).toMatchObject({ status: 'ROLLBACK_REQUESTED' })
  s.world.clock.advanceBy(10_000)
  expect(await s.newest()).toMatchObject({
    status: 'ROLLBACK_IN_PROGRESS',
    rollback: {
      serviceRevisionArn: old.id.replace(
        'ecs-svc/',
        'arn:aws:ecs:us-west-2:043309339649:service-revision/c/shop/'
      )
    }
  })
  expect(s.service.primary).toMatchObject({ id: old.id, rolloutState: 'IN_PROGRESS' })
  expect(mine).toMatchObject({ status: 'ACTIVE', rolloutState: 'FAILED' })
  expect(messages(s.service)).toContain(`(service shop) rolling back to deployment ${old.id}.`)
  until(s.world, () => s.service.primary.rolloutState === 'COMPLETED', 120)
  expect(await s.newest()).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL' })
  expect(s.service.tasks.filter((t) => t.desiredStatus === 'RUNNING').map((t) => t.id)).toEqual(kept)
  expect(s.service.deployments.map((d) => d.id)).toEqual([old.id])
})

test('StopServiceDeployment needs no rollback option, and asking twice changes nothing', async () => {
  const s = await played()
  s.deploy()
  const arn = (await s.newest()).serviceDeploymentArn!
  await s.stop(arn)
  await s.stop(arn)
  s.world.clock.advanceBy(10_000)
  await s.stop(arn)
  until(s.world, () => s.service.primary.rolloutState === 'COMPLETED', 120)
  expect((await s.list()).map((d) => d.status)).toEqual(['ROLLBACK_SUCCESSFUL', 'SUCCESSFUL'])
})

test('StopServiceDeployment with nothing to go back to: STOPPED, and nothing more is started', async () => {
  const s = await played({ service: { settled: false } })
  s.world.clock.advanceBy(10_000)
  await s.stop((await s.newest()).serviceDeploymentArn!)
  s.world.clock.advanceBy(10_000)
  expect(await s.newest()).toMatchObject({ status: 'STOPPED' })
  expect(s.service.primary.rolloutState).toBe('FAILED')
})

test('StopServiceDeployment refuses: finished, unknown, ABORT', async () => {
  const s = await played()
  const arn = (await s.newest()).serviceDeploymentArn!
  expect(await refusal(s.stop(arn))).toMatchObject({ name: 'ConflictException', status: 400 })
  expect(await refusal(s.stop(`${arn}x`))).toMatchObject({ name: 'ServiceDeploymentNotFoundException' })
  s.deploy()
  const mine = (await s.newest()).serviceDeploymentArn!
  expect(await refusal(s.stop(mine, 'ABORT'))).toMatchObject({ name: 'InvalidParameterException' })
})

test('a rollback on request to an image that is gone cannot start tasks', async () => {
  const s = await played({ service: { minimumHealthyPercent: 0, maximumPercent: 100 } })
  s.deploy()
  s.world.clock.advanceBy(60_000)
  s.repository.expire(s.image.digest)
  await s.stop((await s.newest()).serviceDeploymentArn!)
  s.world.clock.advanceBy(1_800_000)
  expect(await s.newest()).toMatchObject({ status: 'ROLLBACK_IN_PROGRESS' })
  expect(messages(s.service).join('\n')).toContain(
    'was unable to place a task. Reason: CannotPullContainerError'
  )
  expect(s.service.tasks.filter((t) => t.status === 'RUNNING')).toHaveLength(0)
})

test('DescribeServiceRevisions: task definition, images with digests, target groups, network; MISSING', async () => {
  const s = await played()
  const mine = s.deploy()
  const { services } = await s.ecs.send(new DescribeServicesCommand({ cluster: 'c', services: ['shop'] }))
  const { currentServiceDeployment, currentServiceRevisions } = services![0]!
  expect(currentServiceDeployment).toBe((await s.newest()).serviceDeploymentArn)
  expect(currentServiceRevisions).toHaveLength(2)
  const arn = currentServiceRevisions!.find((r) => r.arn!.endsWith(mine.id.slice(8)))!.arn!
  const revision = async (ref: string) => {
    const answer = await s.ecs.send(new DescribeServiceRevisionsCommand({ serviceRevisionArns: [ref] }))
    return answer.serviceRevisions![0]
  }
  const first = await revision((await s.newest()).sourceServiceRevisions![0]!.arn!)
  expect(first).toMatchObject({
    serviceArn: s.service.arn,
    containerImages: [{ containerName: 'app', image: s.image.uri, imageDigest: s.image.digest }],
    resolvedConfiguration: { loadBalancers: [{ targetGroupArn: s.targetGroup!.arn }] },
    loadBalancers: [{ targetGroupArn: s.targetGroup!.arn, containerName: 'app', containerPort: 8080 }],
    networkConfiguration: { awsvpcConfiguration: { assignPublicIp: 'DISABLED' } },
    launchType: 'FARGATE',
    platformFamily: 'Linux'
  })
  expect(await revision(arn)).toMatchObject({
    taskDefinition: mine.taskDefinitionArn,
    createdAt: new Date(s.start)
  })
  const { failures, serviceRevisions } = await s.ecs.send(
    new DescribeServiceRevisionsCommand({ serviceRevisionArns: [`${arn}0`] })
  )
  expect([failures, serviceRevisions]).toEqual([[{ arn: `${arn}0`, reason: 'MISSING' }], []])
})

test('a service deployment may not be listed right after UpdateService, when the world says so', async () => {
  const s = await played({ world: { timings: { listDeployments: 8 } } })
  s.deploy()
  const [before] = await s.list()
  expect(before!.status).toBe('SUCCESSFUL')
  const { services } = await s.ecs.send(new DescribeServicesCommand({ cluster: 'c', services: ['shop'] }))
  expect(services![0]!.currentServiceDeployment).toBe(before!.serviceDeploymentArn)
  s.world.clock.advanceBy(8_000)
  expect((await s.list()).map((d) => d.status)).toEqual(['IN_PROGRESS', 'SUCCESSFUL'])
})

test('what StopServiceDeployment asked for is done, also when an alarm without rollback comes first', async () => {
  const s = await played({ service: { alarms: { alarmNames: ['a'], enable: true, rollback: false } } })
  const alarm = s.world.cloudwatch.alarm('a')
  const { id } = s.service.primary
  s.deploy()
  s.world.clock.advanceBy(36_000)
  alarm.set('ALARM')
  s.world.clock.advanceBy(20_500)
  await s.stop((await s.newest()).serviceDeploymentArn!)
  s.world.clock.advanceBy(1_000)
  expect(messages(s.service).at(-1)).toMatch(/deployment failed: alarm detected\.$/)
  expect(await s.newest()).toMatchObject({ status: 'ROLLBACK_REQUESTED', alarms: { status: 'TRIGGERED' } })
  until(s.world, () => s.service.primary.rolloutState === 'COMPLETED')
  expect(s.service.primary.id).toBe(id)
  expect((await s.newest()).status).toBe('ROLLBACK_SUCCESSFUL')
})

test('a newer update after StopServiceDeployment: ROLLBACK_REQUESTED, then STOPPED, and the newer one goes on', async () => {
  const s = await played()
  s.deploy()
  s.world.clock.advanceBy(36_000)
  await s.stop((await s.newest()).serviceDeploymentArn!)
  const newer = s.deploy().id
  expect((await s.list()).map((d) => d.status)).toEqual(['PENDING', 'STOPPED', 'SUCCESSFUL'])
  until(s.world, () => s.service.primary.rolloutState === 'COMPLETED')
  expect(s.service.primary.id).toBe(newer)
})

test('a service deployment keeps the count it failed with; until then its threshold follows desiredCount', async () => {
  const s = await played({
    service: { desiredCount: 2, circuitBreaker: breaker, minimumHealthyPercent: 0, maximumPercent: 100 }
  })
  s.deploy({ behaviour: { exits: { code: 1, after: 5 } } })
  s.world.ecs.scale(s.service, 20)
  expect((await s.newest()).deploymentCircuitBreaker).toEqual({
    status: 'MONITORING',
    failureCount: 0,
    threshold: 10
  })
  s.world.ecs.scale(s.service, 2)
  until(s.world, () => s.service.primary.rolloutState === 'COMPLETED')
  expect(await s.newest()).toMatchObject({
    status: 'ROLLBACK_SUCCESSFUL',
    deploymentCircuitBreaker: { status: 'TRIGGERED', failureCount: 3, threshold: 3 }
  })
})

test('a service deployment that was superseded counts no more', async () => {
  const s = await played({ service: { circuitBreaker: breaker } })
  s.deploy({ behaviour: { exits: { code: 1, after: 5 } } })
  until(s.world, () => s.service.tasks.some((t) => t.stopCode === 'EssentialContainerExited'))
  const first = (await s.newest()).serviceDeploymentArn!
  s.deploy()
  s.world.clock.advanceBy(60_000)
  const { serviceDeployments } = await s.ecs.send(
    new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [first] })
  )
  expect(serviceDeployments![0]).toMatchObject({
    status: 'STOPPED',
    deploymentCircuitBreaker: { failureCount: 0 }
  })
})

test('a deployment that ends otherwise than by its monitors: MONITORING_COMPLETE, whatever its end', async () => {
  const s = await played({
    service: { circuitBreaker: breaker, alarms: { alarmNames: ['a'], enable: true, rollback: true } }
  })
  s.world.cloudwatch.alarm('a')
  s.deploy()
  s.world.clock.advanceBy(20_000)
  const stopped = (await s.newest()).serviceDeploymentArn!
  s.deploy()
  s.world.clock.advanceBy(20_000)
  const { serviceDeployments } = await s.ecs.send(
    new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [stopped] })
  )
  expect(serviceDeployments![0]).toMatchObject({
    status: 'STOPPED',
    deploymentCircuitBreaker: { status: 'MONITORING_COMPLETE' },
    alarms: { status: 'MONITORING_COMPLETE' }
  })
})

test('a rollback brings every member of the revision back, Service Connect too', async () => {
  const s = await played({ service: { circuitBreaker: breaker } })
  const bad = s.repository.push({ behaviour: { exits: { code: 1, after: 5 } } })
  s.world.ecs.updateService(s.service, {
    taskDefinition: s.define(bad.uri).arn,
    serviceConnectConfiguration: { enabled: true }
  })
  until(s.world, () => s.service.primary.rolloutState === 'COMPLETED')
  const { id } = s.service.primary
  s.world.ecs.updateService(s.service, { serviceConnectConfiguration: { enabled: true } })
  expect(s.service.primary.id).not.toBe(id)
})

test('ListServiceDeployments by status and by when they were made', async () => {
  const s = await played()
  s.deploy()
  s.world.clock.advanceBy(600_000)
  s.deploy()
  const list = async (filter: object) => {
    const answer = await s.ecs.send(
      new ListServiceDeploymentsCommand({ cluster: 'c', service: 'shop', ...filter })
    )
    return answer.serviceDeployments!.map((d) => d.status)
  }
  const at = (seconds: number) => new Date(s.start + seconds * 1000)
  expect(await list({})).toEqual(['PENDING', 'SUCCESSFUL', 'SUCCESSFUL'])
  expect(await list({ status: ['PENDING', 'IN_PROGRESS'] })).toEqual(['PENDING'])
  expect(await list({ createdAt: { after: at(300) } })).toEqual(['PENDING'])
  expect(await list({ createdAt: { before: at(300), after: at(-60) } })).toEqual(['SUCCESSFUL'])
  expect(await list({ createdAt: { before: at(-60) } })).toEqual(['SUCCESSFUL'])
})
