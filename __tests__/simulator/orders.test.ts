import { expect, test } from '@jest/globals'
import { breaker, messages, shop, until } from './support.js'

/** What a deploy says, with numbered tasks (o: of the old deployment, n: of the new), without load balancer words. */
function story(desiredCount: number, minimumHealthyPercent: number, maximumPercent: number) {
  const s = shop({
    targetGroup: null,
    service: { desiredCount, minimumHealthyPercent, maximumPercent }
  })
  const old = s.service.primary
  const said = s.service.events.length
  const mine = s.deploy()
  s.world.clock.advanceBy(1_200_000)
  const name = new Map<string, string>()
  let [o, n] = [0, 0]
  for (const t of s.service.tasks) name.set(t.id, t.deploymentId === old.id ? `o${++o}` : `n${++n}`)
  const texts = messages(s.service)
    .slice(said)
    .map((m) =>
      m
        .replace('(service shop) ', '')
        .replace(mine.id, 'NEW')
        .replace(/\(task ([0-9a-f]{32})\)/g, (_, id: string) => name.get(id) ?? id)
    )
  return { texts, state: mine.rolloutState }
}

const end = ['(deployment NEW) deployment completed.', 'has reached a steady state.']
const stuck =
  'was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.'

test.each([
  [4, 100, 200, ['has started 4 tasks: n1 n2 n3 n4.', 'has stopped 4 running tasks: o1 o2 o3 o4.', ...end]],
  [
    4,
    50,
    100,
    [
      'has stopped 2 running tasks: o1 o2.',
      'has started 2 tasks: n1 n2.',
      'has stopped 2 running tasks: o3 o4.',
      'has started 2 tasks: n3 n4.',
      ...end
    ]
  ],
  [2, 0, 100, ['has stopped 2 running tasks: o1 o2.', 'has started 2 tasks: n1 n2.', ...end]],
  [
    4,
    100,
    150,
    [
      'has started 2 tasks: n1 n2.',
      'has stopped 2 running tasks: o1 o2.',
      'has started 2 tasks: n3 n4.',
      'has stopped 2 running tasks: o3 o4.',
      ...end
    ]
  ],
  [1, 100, 100, [stuck]],
  [2, 75, 100, [stuck]],
  [3, 100, 125, [stuck]]
])('order of a deploy: desired %i at %i/%i', (desired, min, max, expected) => {
  const { texts, state } = story(desired, min, max)
  expect(texts).toEqual(expected)
  expect(state).toBe(expected.length > 1 ? 'COMPLETED' : 'IN_PROGRESS')
})

test('order of a rollback at 0/100: the old tasks are started again under the old id', () => {
  const s = shop({
    targetGroup: null,
    service: { minimumHealthyPercent: 0, maximumPercent: 100, circuitBreaker: breaker }
  })
  const old = s.service.primary
  const bad = s.deploy({ behaviour: { exits: { code: 1, after: 0 } } })
  until(s.world, () => bad.rolloutState === 'FAILED')
  const seen: string[] = []
  until(s.world, () => {
    const now = s.service.deployments
      .map((d) => `${d.id === old.id ? 'old' : 'bad'} ${d.status} ${d.rolloutState}`)
      .join(', ')
    if (seen.at(-1) !== now) seen.push(now)
    return old.rolloutState === 'COMPLETED'
  })
  expect(seen).toEqual([
    'old PRIMARY IN_PROGRESS, bad ACTIVE FAILED',
    'old PRIMARY IN_PROGRESS, bad DRAINING FAILED',
    'old PRIMARY COMPLETED'
  ])
  const said = messages(s.service)
  const again = s.service.tasks.filter((t) => t.deploymentId === old.id).at(-1)!
  expect(said.slice(said.findIndex((m) => m.includes('deployment failed')))).toEqual([
    `(service shop) (deployment ${bad.id}) deployment failed: tasks failed to start.`,
    `(service shop) rolling back to deployment ${old.id}.`,
    expect.stringMatching(/stopped 1 (pending|running) tasks/),
    `(service shop) has started 1 tasks: (task ${again.id}).`,
    `(service shop) (deployment ${old.id}) deployment completed.`,
    '(service shop) has reached a steady state.'
  ])
})

test('order of an update on top of a rollback: the rollback is over, its deployment is replaced', () => {
  const s = shop({ targetGroup: null, service: { desiredCount: 2, circuitBreaker: breaker } })
  const old = s.service.primary
  const bad = s.deploy({ behaviour: { exits: { code: 1, after: 0 } } })
  until(s.world, () => bad.rolloutState === 'FAILED')
  const good = s.deploy()
  expect(s.service.deployments.map((d) => [d.id, d.status, d.rolloutStateReason])).toEqual([
    [good.id, 'PRIMARY', `ECS deployment ${good.id} in progress.`],
    [old.id, 'ACTIVE', `ECS deployment ${old.id} in progress.`],
    [bad.id, 'ACTIVE', 'ECS deployment circuit breaker: tasks failed to start.']
  ])
  until(s.world, () => good.rolloutState === 'COMPLETED')
  expect(s.service.deployments.map((d) => d.id)).toEqual([good.id])
})
