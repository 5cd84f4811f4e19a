import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Behaviours, World } from '../../simulator/index.js'
import { shop } from './support.js'

const behaviours: Record<string, Behaviours> = {
  good: {},
  slow: { healthyAfter: 50 },
  crash: { exits: { code: 1, after: 0 } },
  flapping: { exits: { code: 1, after: 45 } },
  flake: [{ exits: { code: 1, after: 3 } }, {}],
  notFound: { healthCheck: { status: 404 } },
  refused: { healthCheck: 'refused' },
  unpullable: { cannotPull: 'CannotPullContainerError: no' },
  leak: { oom: { after: 100 } },
  deaf: { onSigterm: 'ignored' }
}

type Step =
  | { kind: 'deploy'; behaviour: string; wait: number }
  | { kind: 'scale'; to: number; wait: number }
  | { kind: 'spot' | 'stop' | 'hang' | 'force'; wait: number }

const wait = fc.integer({ min: 1, max: 400 })
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('deploy' as const),
    behaviour: fc.constantFrom(...Object.keys(behaviours)),
    wait
  }),
  fc.record({ kind: fc.constant('scale' as const), to: fc.integer({ min: 0, max: 6 }), wait }),
  fc.record({
    kind: fc.constantFrom('spot' as const, 'stop' as const, 'hang' as const, 'force' as const),
    wait
  })
)

test('invariants: random services, images, faults and writes never break the world; a good deploy ends COMPLETED', () => {
  fc.assert(
    fc.property(
      fc.record({
        desiredCount: fc.integer({ min: 0, max: 5 }),
        bounds: fc.constantFrom([100, 200], [50, 200], [50, 100], [0, 100], [0, 200], [66, 150]),
        behindAlb: fc.boolean(),
        checked: fc.boolean(),
        breaks: fc.boolean(),
        grace: fc.constantFrom(0, 60, 200),
        steps: fc.array(step, { minLength: 1, maxLength: 8 })
      }),
      (plan) => {
        const [minimumHealthyPercent, maximumPercent] = plan.bounds as [number, number]
        const s = shop({
          service: {
            desiredCount: plan.desiredCount,
            minimumHealthyPercent,
            maximumPercent,
            gracePeriodSeconds: plan.grace,
            circuitBreaker: { enable: plan.breaks, rollback: true }
          },
          ...(plan.behindAlb ? {} : { targetGroup: null }),
          ...(plan.checked
            ? {
                container: {
                  healthCheck: {
                    command: ['CMD-SHELL', 'curl -f http://localhost:8080/health'],
                    interval: 10
                  }
                }
              }
            : {})
        })
        const check = () => holdsTogether(s)
        for (const act of plan.steps) {
          const [task] = s.service.tasks.filter((t) => t.desiredStatus === 'RUNNING')
          if (act.kind === 'deploy') s.deploy({ behaviour: behaviours[act.behaviour]! })
          else if (act.kind === 'scale') s.world.ecs.scale(s.service, act.to)
          else if (act.kind === 'force') s.world.ecs.updateService(s.service, { forceNewDeployment: true })
          else if (task !== undefined && act.kind === 'spot') s.world.ecs.interruptSpot(task.arn)
          else if (task !== undefined && act.kind === 'stop') s.world.ecs.stopTask(task.arn)
          else if (task !== undefined) s.world.ecs.misbehave(task.arn, { healthCheck: 'timeout' })
          advance(s.world, act.wait, check)
        }
        const desired = s.service.desiredCount
        const mayStop = Math.ceil((desired * minimumHealthyPercent) / 100) < desired
        const mayStart = Math.floor((desired * maximumPercent) / 100) > desired
        if (desired > 0 && !mayStop && !mayStart) return // the documented stuck case
        const last = s.deploy()
        advance(s.world, 3600, check)
        expect(last.rolloutState).toBe('COMPLETED')
        expect(s.service.deployments).toHaveLength(1)
        expect(s.service.tasks.filter((t) => t.desiredStatus === 'RUNNING' && t.healthy)).toHaveLength(
          s.service.desiredCount
        )
      }
    ),
    { numRuns: 100, seed: 42, endOnFailure: true }
  )
})

function advance(world: World, seconds: number, check: () => void): void {
  for (let left = seconds; left > 0; left -= 7) {
    world.clock.advanceBy(Math.min(7, left) * 1000)
    check()
  }
}

function holdsTogether({ service, targetGroup, world }: ReturnType<typeof shop>): void {
  const claim = (holds: boolean, what: string): void => {
    if (!holds) throw new Error(`${what} at ${world.clock.now()}`)
  }
  const primaries = service.deployments.filter((d) => d.status === 'PRIMARY')
  claim(primaries.length === 1 && primaries[0] === service.deployments[0], 'one PRIMARY, first')
  const { events } = service
  claim(
    events.every((e, i) => i === 0 || events[i - 1]!.createdAt >= e.createdAt),
    'events newest first'
  )
  claim(events[0]!.createdAt <= world.clock.now() + 6, 'no event of the future')
  claim(new Set(service.tasks.map((t) => t.id)).size === service.tasks.length, 'task ids are unique')
  for (const t of service.tasks) {
    claim(t.status !== 'RUNNING' || t.desiredStatus === 'RUNNING', 'a task that is to stop is not RUNNING')
    claim((t.desiredStatus === 'STOPPED') === (t.stopCode !== undefined), 'a stop has a code')
    claim((t.desiredStatus === 'STOPPED') === (t.stoppedReason !== undefined), 'a stop has a reason')
  }
  const addresses = new Set(
    service.tasks.map((t) => (t as unknown as { network: { ip: string } }).network.ip)
  )
  for (const target of targetGroup?.targetList ?? []) claim(addresses.has(target.id), 'targets are of tasks')
}
