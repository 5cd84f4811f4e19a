import { expect, test } from '@jest/globals'
import { messages, shop, until } from './support.js'

/** A steady service with too many of its tasks in one zone. */
function lopsided(options: Parameters<typeof shop>[0] = {}) {
  const s = shop({
    targetGroup: null,
    ...options,
    service: { desiredCount: 4, extra: { availabilityZoneRebalancing: 'ENABLED' }, ...options.service }
  })
  const zone = (t: unknown) => (t as { availabilityZone: string }).availabilityZone
  const counts = () => {
    const seen: Record<string, number> = {}
    for (const t of s.service.tasks.filter((t) => t.desiredStatus === 'RUNNING'))
      seen[zone(t)] = (seen[zone(t)] ?? 0) + 1
    return seen
  }
  return { ...s, counts, zone }
}

/** The first seed whose world is lopsided, so that the test does not hang on one draw. */
function anyLopsided(options: Parameters<typeof shop>[0] = {}) {
  for (let seed = 1; seed < 50; seed++) {
    const s = lopsided({ ...options, world: { seed } })
    const [most = 0, least = 0] = Object.values(s.counts()).sort((a, b) => b - a)
    if (most - least >= 2) return s
  }
  throw new Error('no seed is lopsided')
}

test('AZ rebalancing: a task starts in the emptier zone, then one stops in the fuller; no deployment', () => {
  const s = anyLopsided()
  const before = s.service.primary.id
  const said = s.service.events.length
  s.world.ecs.updateService(s.service, { healthCheckGracePeriodSeconds: 5 })
  until(s.world, () => messages(s.service).some((m) => m.includes('is AZ balanced')), 900)
  const texts = messages(s.service)
    .slice(said)
    .filter((m) => !m.includes('steady state'))
  expect(texts[0]).toMatch(
    /is not AZ balanced with \d tasks in us-west-2\w, .* AZ Rebalancing in progress\.$/
  )
  expect(texts[1]).toMatch(/has started 1 tasks in us-west-2\w to AZ Rebalance: \(task [0-9a-f]{32}\)\.$/)
  expect(texts[2]).toMatch(/has stopped 1 running tasks/)
  expect(texts.at(-1)).toMatch(/is AZ balanced with 2 tasks in us-west-2\w, 2 tasks in us-west-2\w\.$/)
  expect(Object.values(s.counts())).toEqual([2, 2])
  expect(s.service.primary).toMatchObject({ id: before, rolloutState: 'COMPLETED' })
})

test('AZ rebalancing: never fewer healthy tasks than wanted; none without room or when it is off', () => {
  const s = anyLopsided()
  let least = 4
  s.world.ecs.updateService(s.service, { healthCheckGracePeriodSeconds: 5 })
  until(
    s.world,
    () => {
      least = Math.min(least, s.service.tasks.filter((t) => t.healthy).length)
      return messages(s.service).some((m) => m.includes('is AZ balanced'))
    },
    900
  )
  expect(least).toBe(4)
  for (const service of [{ maximumPercent: 100, minimumHealthyPercent: 50 }, { extra: {} }]) {
    const other = anyLopsided({ service })
    other.world.ecs.updateService(other.service, { healthCheckGracePeriodSeconds: 5 })
    other.world.clock.advanceBy(900_000)
    expect(messages(other.service).filter((m) => m.includes('AZ '))).toEqual([])
    expect(other.service.tasks).toHaveLength(4)
  }
})
