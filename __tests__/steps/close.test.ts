/** What a run that was cut off left, read from its record and from the service as it is. */
import { expect, test } from '@jest/globals'
import { whatIsLeft } from '../../src/steps/close.js'
import type { OpenRun } from '../../src/steps/record.js'
import { deployment, newRevision, oldDeployment, oldRevision, service } from '../judge/looks.js'

const open: OpenRun = {
  phase: 'watching',
  environment: 'production',
  cluster: 'main',
  service: 'web',
  startedAt: 0,
  onCancel: 'rollback',
  previousDeploymentId: 'ecs-svc/1',
  knownGood: oldRevision,
  newTaskDefinition: newRevision,
  deploymentId: 'ecs-svc/2'
}
const ours = deployment({ rolloutState: 'IN_PROGRESS', running: 0 })
const todo = (record: Partial<OpenRun>, primary = ours, breaker = { enable: false, rollback: false }) =>
  whatIsLeft({ ...open, ...record }, service({ deployments: [primary], breaker })).todo

test.each<[string, Partial<OpenRun>, typeof ours, string]>([
  ['not begun', { phase: 'planned' }, ours, 'nothing'],
  ['our deployment still rolls', {}, ours, 'go-back'],
  [
    'killed before the id was recorded',
    { phase: 'releasing', deploymentId: undefined as never },
    ours,
    'go-back'
  ],
  ['on-cancel is leave', { onCancel: 'leave' }, ours, 'nothing'],
  ['nothing known good', { knownGood: undefined as never }, ours, 'nothing'],
  ['ECS has completed it', {}, deployment(), 'nothing'],
  [
    'somebody deployed the same revision again',
    {},
    deployment({ id: 'ecs-svc/9', rolloutState: 'IN_PROGRESS' }),
    'nothing'
  ],
  ['somebody deployed another', {}, deployment({ id: 'ecs-svc/9', taskDefinition: 'x:9' }), 'nothing'],
  [
    'the old revision comes back',
    { phase: 'restoring', restoreDeploymentId: 'ecs-svc/3' },
    oldDeployment({ id: 'ecs-svc/3', status: 'PRIMARY', rolloutState: 'IN_PROGRESS' }),
    'watch'
  ],
  [
    'it comes back, and the kill was before its id was recorded',
    {},
    oldDeployment({ id: 'ecs-svc/3', status: 'PRIMARY', rolloutState: 'IN_PROGRESS' }),
    'watch'
  ]
])('%s', (_, record, primary, expected) => {
  expect(todo(record, primary)).toBe(expected)
})

test('a breaker that rolls back is never raced', () => {
  const failed = deployment({ rolloutState: 'FAILED' })
  expect(todo({}, failed, { enable: true, rollback: true })).toBe('await-ecs')
  expect(todo({}, failed, { enable: true, rollback: false })).toBe('go-back')
})

test('a count that the run changed goes back too', () => {
  const counted = { desiredBefore: 2, desiredAsked: 6 }
  expect(whatIsLeft({ ...open, ...counted }, service({ deployments: [ours] }))).toMatchObject({
    todo: 'go-back',
    desiredCount: 2
  })
  const same = {
    ...counted,
    knownGood: newRevision,
    deploymentId: 'ecs-svc/2',
    previousDeploymentId: 'ecs-svc/2'
  }
  expect(whatIsLeft({ ...open, ...same }, service({ deployments: [ours] }))).toMatchObject({
    todo: 'go-back',
    desiredCount: 2
  })
})
