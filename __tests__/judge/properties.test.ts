/** What must hold of the judge whatever it sees: fast-check looks for a rollout in which it does not. */
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Observation } from '../../src/domain/observation.js'
import type { ServiceEvent, Target, Task } from '../../src/domain/service.js'
import type { Verdict } from '../../src/judge/verdict.js'
import {
  after,
  dead,
  deployment,
  exited,
  group,
  lb,
  look,
  oldDeployment,
  service,
  start,
  target,
  task
} from './looks.js'

/** The life of one task: when it starts, how long it runs, and what becomes of it. */
interface Life {
  begins: number
  runs: number
  end: 'serves' | 'exits' | 'image' | 'elb' | 'sick' | 'spot' | 'stopped' | 'unheard-of'
}
interface Rollout {
  desired: number
  grace: number
  lives: Life[]
  looks: number[]
  completes: number
}

const life = fc.record<Life>({
  begins: fc.integer({ min: 0, max: 300 }),
  runs: fc.integer({ min: 0, max: 200 }),
  end: fc.constantFrom('serves', 'serves', 'exits', 'image', 'elb', 'sick', 'spot', 'stopped', 'unheard-of')
})
const rollouts = fc.record<Rollout>({
  desired: fc.integer({ min: 1, max: 12 }),
  grace: fc.constantFrom(0, 60),
  lives: fc.array(life, { maxLength: 14 }),
  looks: fc
    .uniqueArray(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 12 })
    .map((times) => times.sort((a, b) => a - b)),
  completes: fc.integer({ min: 50, max: 900 })
})

const wrong = {
  reason: 'Target.ResponseCodeMismatch',
  description: 'Health checks failed with these codes: [500]'
}

/** One life at one moment; undefined before it begins. */
function seenLife({ begins, runs, end }: Life, index: number, seconds: number): Task | undefined {
  if (seconds < begins) return undefined
  const id = String(index + 1)
  const times = { createdAt: start + begins * 1000, startedAt: start + begins * 1000 }
  const over = end !== 'serves' && end !== 'sick' && seconds >= begins + runs
  if (!over) return task(id, times)
  const stopped = { ...times, stoppedAt: start + (begins + runs) * 1000 }
  switch (end) {
    case 'exits':
      return { ...exited(id), ...stopped }
    case 'image':
      return dead(id, 'TaskFailedToStart', 'CannotPullContainerError: a: not found', stopped)
    case 'elb':
      return dead(
        id,
        'ServiceSchedulerInitiated',
        `Task failed ELB health checks in (target-group ${group})`,
        stopped
      )
    case 'spot':
      return dead(id, 'SpotInterruption', 'Your Spot Task was interrupted.', stopped)
    case 'stopped':
      return dead(id, 'UserInitiated', 'Task stopped by user', stopped)
    default:
      return dead(id, 'QuantumFlux', 'Something new', stopped)
  }
}

/** Everything that the looks of a rollout show. */
function observe({ desired, grace, lives, looks, completes }: Rollout): Observation[] {
  return looks.map((seconds) => {
    const tasks = lives.flatMap((l, i) => seenLife(l, i, seconds) ?? [])
    const running = tasks.filter((t) => t.lastStatus === 'RUNNING')
    const targets: Target[] = running.map((t) => {
      const index = Number(t.arn.slice(t.arn.lastIndexOf('/') + 1)) - 1
      const bad = ['sick', 'elb'].includes(lives[index]!.end)
      return { ...target(String(index + 1), bad ? 'unhealthy' : 'healthy', bad ? wrong : {}) }
    })
    const whole = seconds >= completes && running.length === desired
    return look(seconds, {
      service: service({
        desired,
        running: running.length,
        gracePeriodMs: grace * 1000,
        loadBalancers: lb,
        events: noise(seconds),
        deployments: [
          deployment({ desired, running: running.length, rolloutState: whole ? 'COMPLETED' : 'IN_PROGRESS' }),
          ...(whole ? [] : [oldDeployment({ desired, running: desired })])
        ]
      }),
      tasks,
      targets: new Map([[group, targets]]),
      targetGroups: new Map([[group, { arn: group, intervalMs: 10_000, unhealthyThreshold: 2 }]])
    })
  })
}

const noise = (seconds: number): ServiceEvent[] =>
  [
    '(service web) has reached a steady state.',
    '(service web) has started 1 tasks: (task 1).',
    '(service web) (task 1) (port 80) is unhealthy in (target-group x) due to (reason Request timed out).',
    '(service web) is unable to consistently start tasks successfully.'
  ].map((message, i) => ({ id: `${seconds} ${i}`, at: start + seconds * 1000 - i, message }))

/** The first word that is final, as watching ends there; else the last. */
function judged(looks: Observation[]): Verdict {
  for (let i = 1; i <= looks.length; i++) {
    const { verdict } = after(looks.slice(0, i))
    if (verdict.state !== 'waiting' && verdict.state !== 'healthy') return verdict
  }
  return after(looks).verdict
}

const always = (predicate: (rollout: Rollout, seed: number) => void) =>
  fc.assert(fc.property(rollouts, fc.nat(), predicate), { numRuns: 400 })

describe('whatever is seen', () => {
  test('more evidence of failure never turns failing into waiting', () => {
    always((rollout, seed) => {
      const before = judged(observe(rollout))
      // Dead whenever it is seen: while it lived it would speak for the rollout.
      const more: Life = { begins: seed % 300, runs: 0, end: seed % 2 === 0 ? 'exits' : 'image' }
      const verdict = judged(observe({ ...rollout, lives: [...rollout.lives, more] }))
      if (before.state === 'failing') expect(verdict.state).toBe('failing')
    })
  })

  test('renaming tasks and deployments changes nothing', () => {
    always((rollout) => {
      const rename = (looks: Observation[]): Observation[] =>
        looks.map((seen) => ({
          ...seen,
          tasks: (seen.tasks ?? []).map((t) => ({ ...t, arn: t.arn.replace(/\/(\d+)$/, '/renamed-$1') }))
        }))
      expect(judged(rename(observe(rollout)))).toEqual(judged(observe(rollout)))
    })
  })

  test('the order of tasks, targets and deployments changes nothing', () => {
    always((rollout) => {
      const turned = observe(rollout).map((seen) => ({
        ...seen,
        tasks: [...(seen.tasks ?? [])].reverse(),
        targets: new Map([...(seen.targets ?? [])].map(([arn, list]) => [arn, [...list].reverse()])),
        service: { ...seen.service, deployments: [...seen.service.deployments].reverse() }
      }))
      expect(judged(turned)).toEqual(judged(observe(rollout)))
    })
  })

  test('splitting an observation in two, the service first and its tasks after, changes nothing', () => {
    always((rollout) => {
      const looks = observe(rollout)
      const split = looks.flatMap((seen): Observation[] => {
        const counts = { ...seen }
        delete counts.tasks
        delete counts.targets
        return [counts, seen]
      })
      expect(after(split).verdict).toEqual(after(looks).verdict)
      expect(after(looks.flatMap((seen) => [seen, seen])).verdict).toEqual(after(looks).verdict)
    })
  })

  test('events that tell what the states tell as well change nothing', () => {
    always((rollout) => {
      const silent = observe(rollout).map((s) => ({ ...s, service: { ...s.service, events: [] } }))
      expect(judged(silent)).toEqual(judged(observe(rollout)))
    })
  })

  test('stops that are benign, and words that nobody knows, never make a failure', () => {
    always((rollout) => {
      const harmless = rollout.lives.filter((l) =>
        ['serves', 'spot', 'stopped', 'unheard-of'].includes(l.end)
      )
      expect(judged(observe({ ...rollout, lives: harmless })).state).not.toBe('failing')
    })
  })

  test('healthy is never said while fewer tasks than wanted are healthy', () => {
    always((rollout) => {
      const looks = observe(rollout)
      const { verdict } = after(looks)
      const last = looks.at(-1)!
      const well = (last.targets?.get(group) ?? []).filter((t) => t.state === 'healthy').length
      if (verdict.state === 'healthy') expect(well).toBeGreaterThanOrEqual(rollout.desired)
    })
  })
})
