import { expect, test } from '@jest/globals'
import { clients, messages, refusal, shop, until } from './support.js'
import { UpdateServiceCommand } from '@aws-sdk/client-ecs'

const early = (healthyPercent: number, sourceServiceRevisionCleanup: 'BLOCKING' | 'DEFERRED') => ({
  earlySuccessCriteria: { enable: true, healthyPercent, sourceServiceRevisionCleanup }
})

test('early success, BLOCKING: complete with part of the new tasks healthy, when the old ones are gone', () => {
  const s = shop({
    service: { desiredCount: 4, minimumHealthyPercent: 50, maximumPercent: 150, ...early(50, 'BLOCKING') }
  })
  const old = s.service.primary
  const mine = s.deploy()
  let most = 0
  until(s.world, () => {
    const old = s.service.tasks.filter((t) => t.deploymentId !== mine.id && t.status === 'RUNNING').length
    if (old > 0) expect(mine.rolloutState).toBe('IN_PROGRESS')
    most = Math.max(most, old)
    return mine.rolloutState === 'COMPLETED'
  })
  expect(most).toBe(4)
  expect(s.service.deployments.map((d) => d.id)).not.toContain(old.id)
  until(s.world, () => s.service.tasks.filter((t) => t.healthy).length === 4, 300)
})

test('early success, DEFERRED: declared successful with the old tasks still there, which leave afterwards', () => {
  const s = shop({ service: { desiredCount: 2, ...early(100, 'DEFERRED') } })
  const old = s.service.primary
  const mine = s.deploy()
  until(s.world, () => mine.rolloutState === 'COMPLETED')
  expect(s.service.tasks.filter((t) => t.deploymentId === old.id && t.status === 'RUNNING')).toHaveLength(2)
  expect(s.service.deployments.map((d) => [d.id, d.status])).toEqual([
    [mine.id, 'PRIMARY'],
    [old.id, 'ACTIVE']
  ])
  expect(messages(s.service).at(-1)).toBe(`(service shop) (deployment ${mine.id}) deployment completed.`)
  until(s.world, () => s.service.deployments.length === 1, 120)
  until(s.world, () => /steady state/.test(messages(s.service).at(-1)!), 120)
  expect(s.service.tasks.filter((t) => t.desiredStatus === 'RUNNING').map((t) => t.deploymentId)).toEqual([
    mine.id,
    mine.id
  ])
})

test('early success with fewer than all tasks: the rest comes in the background', () => {
  const s = shop({
    service: { desiredCount: 4, minimumHealthyPercent: 25, gracePeriodSeconds: 600, ...early(25, 'DEFERRED') }
  })
  const slow = s.deploy({ behaviour: [{}, { healthyAfter: 300 }] })
  until(s.world, () => slow.rolloutState === 'COMPLETED', 200)
  const mine = () => s.service.tasks.filter((t) => t.deploymentId === slow.id && t.healthy)
  expect(mine()).toHaveLength(1)
  until(s.world, () => s.service.deployments.length === 1, 60)
  expect(mine()).toHaveLength(1)
  until(s.world, () => mine().length === 4, 400)
})

test('early success: values that do not go together are refused', async () => {
  const s = shop({ service: { minimumHealthyPercent: 50 } })
  const { ecs } = await clients(s.world)
  const update = (earlySuccessCriteria: object) =>
    ecs.send(
      new UpdateServiceCommand({
        cluster: 'c',
        service: 'shop',
        deploymentConfiguration: { earlySuccessCriteria: { enable: true, ...earlySuccessCriteria } }
      })
    )
  for (const bad of [
    {},
    { healthyPercent: 80 },
    { healthyPercent: 40, sourceServiceRevisionCleanup: 'BLOCKING' },
    { healthyPercent: 101, sourceServiceRevisionCleanup: 'BLOCKING' }
  ])
    expect(await refusal(update(bad))).toMatchObject({ name: 'InvalidParameterException' })
  const answer = await update({ healthyPercent: 80, sourceServiceRevisionCleanup: 'DEFERRED' })
  expect(answer.service!.deploymentConfiguration!.earlySuccessCriteria).toEqual({
    enable: true,
    healthyPercent: 80,
    sourceServiceRevisionCleanup: 'DEFERRED'
  })
})
