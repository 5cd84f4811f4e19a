import {
  DescribeScalableTargetsCommand,
  DescribeScalingActivitiesCommand,
  DescribeScalingPoliciesCommand,
  paginateDescribeScalingActivities
} from '@aws-sdk/client-application-auto-scaling'
import { expect, test } from '@jest/globals'
import { clients, refusal, shop, until } from './support.js'

test('scaling: outwards at any time, inwards not during a deployment, always within the bounds', () => {
  const s = shop({ service: { desiredCount: 2 } })
  const target = s.world.scaling.target(s.service, { min: 2, max: 4 })
  expect(target.to(1)).toBe(false)
  expect(target.to(9)).toBe(true)
  expect(s.service.desiredCount).toBe(4)
  expect(s.service.deployments).toHaveLength(1)
  expect(target.to(9)).toBe(false)
  s.deploy()
  expect(target.to(2)).toBe(false)
  expect(s.service.desiredCount).toBe(4)
  target.max = 5
  expect(target.to(5)).toBe(true)
  until(s.world, () => s.service.primary.rolloutState === 'COMPLETED')
  expect(target.to(2)).toBe(true)
  until(s.world, () => s.service.tasks.filter((t) => t.status === 'RUNNING').length === 2)
})

test('scaling over the wire: targets, policies and activities', async () => {
  const s = shop({ service: { desiredCount: 2 } })
  const target = s.world.scaling.target(s.service, { min: 2, max: 4 })
  target.policy({ name: 'cpu-70', target: 70 })
  const { scaling } = await clients(s.world)
  const where = { ServiceNamespace: 'ecs' as const, ResourceId: 'service/c/shop' }
  const targets = await scaling.send(
    new DescribeScalableTargetsCommand({ ServiceNamespace: 'ecs', ResourceIds: ['service/c/shop'] })
  )
  expect(targets.ScalableTargets).toMatchObject([
    { MinCapacity: 2, MaxCapacity: 4, ScalableDimension: 'ecs:service:DesiredCount', ...where }
  ])
  const { ScalingPolicies } = await scaling.send(new DescribeScalingPoliciesCommand(where))
  expect(ScalingPolicies).toMatchObject([
    {
      PolicyName: 'cpu-70',
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 70,
        PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' }
      }
    }
  ])
  const activities = async (more = {}) =>
    (await scaling.send(new DescribeScalingActivitiesCommand({ ...where, ...more }))).ScalingActivities!
  target.to(3)
  expect(await activities()).toMatchObject([
    {
      StatusCode: 'InProgress',
      Description: 'Setting desired count to 3.',
      Cause: expect.stringMatching(
        /^monitor alarm TargetTracking-service\/c\/shop-AlarmHigh-\S+ in state ALARM triggered policy cpu-70$/
      ),
      StatusMessage: 'Successfully set desired count to 3. Waiting for change to be fulfilled by ecs.'
    }
  ])
  const took = until(s.world, () => s.service.tasks.filter((t) => t.status === 'RUNNING').length === 3)
  const [done] = await activities()
  expect(done).toMatchObject({
    StatusCode: 'Successful',
    StatusMessage: 'Successfully set desired count to 3. Change successfully fulfilled by ecs.'
  })
  expect((done!.EndTime!.getTime() - done!.StartTime!.getTime()) / 1000).toBeCloseTo(took, 0)
  for (const n of [4, 3, 4, 3, 4]) {
    target.to(n)
    s.world.clock.advanceBy(300_000)
  }
  target.to(9)
  const all: (string | undefined)[] = []
  for await (const page of paginateDescribeScalingActivities({ client: scaling }, { ...where })) {
    expect(page.ScalingActivities!.length).toBeLessThanOrEqual(5)
    all.push(...page.ScalingActivities!.map((a) => a.StatusCode))
  }
  expect(all).toEqual(Array(6).fill('Successful'))
  const [refused] = await activities({ IncludeNotScaledActivities: true })
  expect(refused!.NotScaledReasons).toEqual([
    { Code: 'AlreadyAtMaxCapacity', MinCapacity: 2, MaxCapacity: 4, CurrentCapacity: 4 }
  ])
  expect(
    await refusal(
      scaling.send(
        new DescribeScalingActivitiesCommand({
          ServiceNamespace: 'ecs',
          ScalableDimension: 'ecs:service:DesiredCount'
        })
      )
    )
  ).toMatchObject({ name: 'ValidationException' })
})
