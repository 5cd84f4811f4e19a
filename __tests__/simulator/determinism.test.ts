/** One seed, one world: however time is cut into steps, and whoever looks at it. */
import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  ListServiceDeploymentsCommand,
  ListTasksCommand
} from '@aws-sdk/client-ecs'
import { expect, test } from '@jest/globals'
import { breaker, clients, shop } from './support.js'

/** A service in all kinds of trouble, planned ahead; everything that happens is written down. */
function troubled(seed: number) {
  const s = shop({
    world: { seed },
    service: {
      desiredCount: 4,
      circuitBreaker: breaker,
      alarms: { alarmNames: ['a'], enable: true, rollback: true },
      extra: { availabilityZoneRebalancing: 'ENABLED' }
    }
  })
  const { world, service, deploy } = s
  const alarm = world.cloudwatch.alarm('a')
  const all: string[] = []
  world.onHappening((h) => all.push(JSON.stringify(h)))
  const plan: [number, () => unknown][] = [
    [3, () => deploy()],
    [40, () => world.ecs.stopTask(service.tasks[0]!.arn)],
    [400, () => deploy({ behaviour: [{ exits: { code: 1, after: 5 } }, {}, { oom: { after: 20 } }] })],
    [900.5, () => world.ecs.scale(service, 6)],
    [1000, () => deploy({ behaviour: { fails: 'image-not-found' } })],
    [1400, () => deploy()],
    [1430, () => alarm.set('ALARM')],
    [2000, () => world.ecs.interruptSpot(service.tasks.findLast((t) => t.status === 'RUNNING')!.arn)],
    [2500, () => deploy({ behaviour: { exits: { code: 1, after: 100 } } })]
  ]
  for (const [seconds, fn] of plan) world.clock.after(seconds * 1000, fn)
  return { ...s, all }
}

const day = 86_400_000

test('one step of a day, many of a second and odd ones give the same world; another seed another one', () => {
  const once = troubled(7)
  once.world.clock.advanceBy(day)
  const often = troubled(7)
  for (let i = 0; i < day; i += 1000) often.world.clock.advanceBy(1000)
  const odd = troubled(7)
  for (let t = 0; t < day;) {
    const step = Math.min(day - t, 1 + ((t * 7919) % 77_777))
    odd.world.clock.advanceBy(step)
    t += step
  }
  expect(once.all.length).toBeGreaterThan(500)
  expect(often.all).toEqual(once.all)
  expect(odd.all).toEqual(once.all)
  expect(odd.service.events).toEqual(once.service.events)
  const other = troubled(8)
  other.world.clock.advanceBy(day)
  expect(other.all).not.toEqual(once.all)
})

test('whoever reads changes nothing', async () => {
  const alone = troubled(7)
  const watched = troubled(7)
  const { ecs } = await clients(watched.world, { limits: false })
  for (let i = 0; i < 300; i++) {
    for (const { world } of [alone, watched]) world.clock.advanceBy(10_000)
    await ecs.send(new DescribeServicesCommand({ cluster: 'c', services: ['shop'], include: ['TAGS'] }))
    await ecs.send(new ListServiceDeploymentsCommand({ cluster: 'c', service: 'shop' }))
    const { taskArns } = await ecs.send(new ListTasksCommand({ cluster: 'c', desiredStatus: 'STOPPED' }))
    if (taskArns!.length > 0) await ecs.send(new DescribeTasksCommand({ cluster: 'c', tasks: taskArns! }))
  }
  expect(watched.all).toEqual(alone.all)
})
