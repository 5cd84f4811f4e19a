/** Which revisions were good, in which order, and which of them nobody goes back to by himself. */
import { expect, test } from '@jest/globals'
import { candidatesOf, type Sighting } from '../../src/domain/known-good.js'
import { verdictOf, verdictTag, withoutMarks } from '../../src/domain/marks.js'

const seen = (taskDefinition: string, at: number): Sighting => ({ taskDefinition, at, evidence: `at ${at}` })
const shown = (sightings: Sighting[]) =>
  candidatesOf(sightings).map((c) => `${c.taskDefinition}${c.abandoned ? ' abandoned' : ''}`)

test.each([
  ['newest first, each once', [seen('a', 1), seen('b', 2), seen('c', 3)], ['c', 'b', 'a']],
  ['a restart of the same revision changes nothing', [seen('a', 1), seen('b', 2), seen('b', 3)], ['b', 'a']],
  [
    'what was rolled back from is abandoned, though ECS called it SUCCESSFUL',
    [seen('a', 1), seen('b', 2), seen('c', 3), seen('b', 4)],
    ['b', 'c abandoned', 'a']
  ],
  [
    'also when a newer one was deployed since',
    [seen('a', 1), seen('b', 2), seen('c', 3), seen('b', 4), seen('d', 5)],
    ['d', 'b', 'c abandoned', 'a']
  ],
  [
    'two bad deployments in a row, each rolled back from',
    [seen('a', 1), seen('bad', 2), seen('a', 3), seen('worse', 4), seen('a', 5)],
    ['a', 'worse abandoned', 'bad abandoned']
  ],
  [
    'what was rolled back from and is deployed again is good again',
    [seen('a', 1), seen('b', 2), seen('a', 3), seen('b', 4)],
    ['b', 'a']
  ]
])('%s', (_, sightings, expected) => {
  expect(shown(sightings)).toEqual(expected)
  expect(shown([...sightings].reverse())).toEqual(expected)
})

test('the digests are those of the last rollout that ended well, and the deployment is the one that runs', () => {
  const [only] = candidatesOf([
    { ...seen('a', 1), digests: { web: 'sha256:old' } },
    { ...seen('a', 2), digests: { web: 'sha256:new' } },
    { ...seen('a', 3), deploymentId: 'ecs-svc/1' }
  ])
  expect(only).toMatchObject({
    goodAt: 3,
    firstGoodAt: 1,
    digests: { web: 'sha256:new' },
    deploymentId: 'ecs-svc/1'
  })
})

test('a verdict is written and read for one environment, and is no tag of other people', () => {
  const at = Date.UTC(2026, 5, 1, 9, 30)
  const tags = [{ key: 'team', value: 'shop' }, verdictTag('production', { verdict: 'failed', at })]
  expect(tags[1]).toEqual({ key: 'safe-ecs-deploy:verdict:production', value: 'failed 2026-06-01T09:30:00Z' })
  expect(verdictOf(tags, 'production')).toEqual({ verdict: 'failed', at })
  expect(verdictOf(tags, 'staging')).toBeUndefined()
  expect(withoutMarks(tags)).toEqual([{ key: 'team', value: 'shop' }])
  const odd = [{ key: 'safe-ecs-deploy:verdict:production', value: 'wonderful yesterday' }]
  expect(verdictOf(odd, 'production')).toBeUndefined()
})
