/** Services on EC2 whose instances are short of room, or stand in few zones. */
import { expect, test } from '@jest/globals'
import { createWorld } from '../../simulator/index.js'
import type { ServiceHandle, ServiceOptions, World } from '../../simulator/index.js'
import { messages, until } from './support.js'

/** A service of four tasks on instances that have room for exactly so many tasks each. */
function crowd(rooms: Record<string, number>, options: Partial<ServiceOptions> = {}) {
  const world = createWorld()
  const repository = world.ecr.repository('shop')
  const define = () =>
    world.ecs.taskDefinition({
      family: 'shop',
      containerDefinitions: [{ name: 'app', image: repository.push({}).uri, cpu: 256, memory: 512 }]
    })
  const instance = (availabilityZone: string, room: number) =>
    world.ecs.containerInstance('c', { availabilityZone, cpu: 256 * room, memory: 512 * room })
  for (const [zone, room] of Object.entries(rooms)) instance(zone, room)
  const service = world.ecs.service({
    cluster: 'c',
    name: 'shop',
    taskDefinition: define(),
    desiredCount: 4,
    launchType: 'EC2',
    ...options
  })
  const deploy = () => world.ecs.updateService(service, { taskDefinition: define().arn })
  return { world, service, deploy, instance }
}

/** The fewest tasks that ran in so many seconds. */
function fewest(world: World, service: ServiceHandle, seconds: number): number {
  let least = Infinity
  for (let s = 0; s < seconds; s++) {
    world.clock.advanceBy(1000)
    least = Math.min(least, service.tasks.filter((t) => t.status === 'RUNNING').length)
  }
  return least
}

test('EC2 without room: old tasks make room as far as minimumHealthyPercent lets them', () => {
  const half = crowd({ 'us-west-2a': 4 }, { minimumHealthyPercent: 50 })
  half.deploy()
  expect(fewest(half.world, half.service, 400)).toBe(2)
  expect(half.service.primary).toMatchObject({ rolloutState: 'COMPLETED', failedTasks: 0 })
  const said = messages(half.service)
  const order = said.filter((m) => /stopped|started|unable to place/.test(m)).map((m) => m.replace(/:.*/, ''))
  expect(order).toEqual([
    expect.stringContaining('was unable to place a task because no container instance met all'),
    '(service shop) has stopped 2 running tasks',
    expect.stringContaining('was unable to place a task because no container instance met all'),
    '(service shop) has started 2 tasks',
    '(service shop) has stopped 2 running tasks',
    '(service shop) has started 2 tasks'
  ])
})

test('EC2 without room and with minimumHealthyPercent 100, or for want of an agent: nothing is stopped', () => {
  const all = crowd({ 'us-west-2a': 4 })
  all.deploy()
  expect(fewest(all.world, all.service, 900)).toBe(4)
  expect(all.service.primary.rolloutState).toBe('IN_PROGRESS')
  const mute = crowd({ 'us-west-2a': 8 }, { minimumHealthyPercent: 0 })
  mute.world.ecs.disconnectAgent(
    (mute.service.tasks[0] as unknown as { instance: { instanceId: string } }).instance.instanceId
  )
  mute.deploy()
  expect(fewest(mute.world, mute.service, 900)).toBe(4)
})

test('AZ rebalancing on EC2: between the zones of its instances, and none where there is no room', () => {
  const extra = { availabilityZoneRebalancing: 'ENABLED' }
  const zones = (service: ServiceHandle) =>
    service.tasks
      .filter((t) => t.status === 'RUNNING')
      .map((t) => (t as unknown as { availabilityZone: string }).availabilityZone)
      .sort()
  const s = crowd({ 'us-west-2a': 8 }, { extra })
  s.instance('us-west-2d', 8)
  s.world.ecs.stopTask(s.service.tasks[0]!.arn)
  until(s.world, () => messages(s.service).some((m) => m.includes('is AZ balanced')), 1800)
  s.world.clock.advanceBy(600_000)
  expect(zones(s.service)).toEqual(['us-west-2a', 'us-west-2a', 'us-west-2d', 'us-west-2d'])

  const one = crowd({ 'us-west-2a': 8 }, { extra })
  one.instance('us-west-2d', 0)
  one.world.ecs.stopTask(one.service.tasks[0]!.arn)
  one.world.clock.advanceBy(1_800_000)
  expect(zones(one.service)).toEqual(Array(4).fill('us-west-2a'))
  expect(messages(one.service).filter((m) => /AZ|unable to place/.test(m))).toEqual([])
  expect(one.service.tasks).toHaveLength(5)
})
