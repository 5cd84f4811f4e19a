/** What of the run's time is a deployment's own, and what the end of the run does to what goes well by then. */
import { describe, expect, test } from '@jest/globals'
import { giveUpAt } from '../../src/judge/policy.js'
import { after, deployment, look, oldDeployment, service, start, task } from './looks.js'

const minute = 60_000

describe('a deployment is given up before the run ends', () => {
  test.each([
    ['a quarter is kept for going back', 10 * minute, minute, true, 7.5],
    ['five minutes at most', 30 * minute, minute, true, 25],
    ['the bake time at the least', 30 * minute, 8 * minute, true, 22],
    ['only the bake time where nothing is undone', 30 * minute, minute, false, 29],
    ['never more than half', 10 * minute, 60 * minute, true, 5]
  ] as const)('%s', (_, timeoutMs, bakeMs, undoes, minutes) => {
    expect(giveUpAt(start + timeoutMs, timeoutMs, bakeMs, undoes) - start).toBe(minutes * minute)
  })
})

describe('between the deadline and the end of the run', () => {
  const terms = { deadline: start + 1500_000, end: start + 1800_000 }
  const inProgress = deployment({ rolloutState: 'IN_PROGRESS' })
  const draining = (s: number) =>
    look(s, {
      service: service({ deployments: [inProgress, oldDeployment({ running: 1 })] }),
      tasks: [task('1')]
    })
  const whole = (s: number) => look(s, { tasks: [task('1')] })
  const notThere = (s: number) =>
    look(s, { service: service({ running: 0, deployments: [deployment({ running: 0 })] }) })

  test('what is not healthy has failed', () => {
    const late = look(1500, { service: service({ running: 0, deployments: [inProgress] }) })
    expect(after([late], terms).verdict).toMatchObject({ state: 'failing', because: 'deadline' })
  })

  test('what is healthy and only not completed is waited for, and is not undone', () => {
    expect(after([draining(1790)], terms).verdict.state).toBe('waiting')
    expect(after([draining(1800)], terms).verdict).toMatchObject({ state: 'inconclusive', code: 'stuck' })
  })

  test('a bake goes on, and one that the end of the run cuts off is no green word', () => {
    expect(after([whole(1700), whole(1780)], terms).verdict).toMatchObject({
      state: 'healthy',
      bakeLeftMs: 0
    })
    expect(after([whole(1780), whole(1799)], terms).verdict).toMatchObject({ state: 'healthy' })
    expect(after([whole(1780), whole(1800)], terms).verdict).toMatchObject({
      state: 'inconclusive',
      what: 'it is healthy, but the time of the run was over 40s before its bake time was'
    })
  })

  test('what was completed and is disturbed has until the end, when nothing of it was bad', () => {
    const looks = (s: number) => [whole(100), notThere(1495), notThere(s)]
    expect(after(looks(1799), terms).verdict.state).toBe('waiting')
    expect(after(looks(1800), terms).verdict).toMatchObject({ state: 'inconclusive', code: 'stuck' })
  })
})
