/** The answer of diagnose, in worlds that are odd: what clients see, the one cause, and what to do. */
import { describe, expect, test } from '@jest/globals'
import type { Service, Target } from '../../src/domain/service.js'
import { checks } from '../../src/preflight/checks.js'
import { answerOf, diagnose, type Why } from '../../src/preflight/diagnosis.js'
import type { Facts } from '../../src/preflight/facts.js'
import { known, unknown } from '../../src/preflight/known.js'
import { findingsOf } from '../../src/preflight/run.js'
import {
  alone,
  balancerArn,
  denying,
  facts,
  group,
  groupArn,
  image,
  otherArn,
  role,
  service
} from './shop.js'

const targets = (...states: Partial<Target>[]): Partial<Facts> => ({
  targets: new Map([
    [groupArn, known(states.map((t, i) => ({ id: `10.0.1.${i}`, port: 8080, state: 'healthy', ...t })))]
  ])
})
const well = targets({}, {})
const sick = (reason: string, description = ''): Partial<Facts> => {
  const target = { state: 'unhealthy', reason, description }
  return targets(target, target)
}
const rolling = (change: Partial<Service> = {}, failed = 0): Partial<Facts> => ({
  service: service({
    deployments: [
      { ...service().deployments[0]!, id: 'ecs-svc/2', rolloutState: 'IN_PROGRESS', failed },
      { ...service().deployments[0]!, status: 'ACTIVE' }
    ],
    ...change
  })
})
/** A deployment that began so long ago. */
const since = (ms: number, change: Partial<Service> = {}): Partial<Facts> => {
  const moving = rolling(change).service!
  return { service: { ...moving, deployments: moving.deployments.map((d) => ({ ...d, createdAt: -ms })) } }
}
const networkArn = balancerArn.replace('/app/', '/net/')
const throughNetwork: Partial<Facts> = {
  groups: known([group({ loadBalancers: [networkArn] })]),
  listeners: new Map([
    [networkArn, known([{ arn: 'l', port: 443, protocol: 'TCP', targetGroups: [groupArn] }])]
  ])
}
const expired: Why = {
  code: 'image-not-found',
  sentence: 'image app of container web does not exist',
  evidence: ['stopped: not found'],
  fix: 'Deploy one that exists.'
}

interface Odd {
  when: string
  world: () => Facts
  why?: Why
  well?: boolean
  code?: string
  says: RegExp
  /** Of the command or the way in the console. */
  fix?: RegExp
}

const odd: Odd[] = [
  {
    when: 'all is well',
    world: () => facts(well),
    well: true,
    says: /^Service shop-web is well: 2 of 2 tasks run\.$/
  },
  {
    when: 'the service was deleted',
    world: () => facts({ service: service({ status: 'INACTIVE', desired: 0, running: 0, deployments: [] }) }),
    code: 'input',
    says: /^Service shop-web is INACTIVE: it was deleted, and nothing of it runs\.$/,
    fix: /aws ecs list-services --cluster shop/
  },
  {
    when: 'the service is being deleted',
    world: () => facts({ service: service({ status: 'DRAINING' }) }),
    code: 'input',
    says: /DRAINING: it is being deleted/
  },
  {
    when: 'no task is wanted',
    world: () => facts({ service: service({ desired: 0, running: 0 }), ...targets() }),
    code: 'target-not-registered',
    says: /^Service shop-web has 0 desired tasks: nothing runs\.$/,
    fix: /--desired-count 1/
  },
  {
    when: 'a worker that stands behind no load balancer',
    world: () => facts(alone),
    well: true,
    says: /is well: 2 of 2/
  },
  {
    when: 'CodeDeploy deploys it, and it is well',
    world: () => facts({ ...well, service: service({ controller: 'CODE_DEPLOY', deployments: [] }) }),
    well: true,
    says: /is well/
  },
  {
    when: 'CodeDeploy deploys it, and no target is registered: that is not the cause',
    world: () => facts({ ...targets(), service: service({ controller: 'CODE_DEPLOY', deployments: [] }) }),
    code: 'unknown',
    says: /^503 because no target is registered in shop-web: 2 of 2 tasks of shop-web run, and nothing that was read says why\.$/,
    fix: /describe-services/
  },
  {
    when: 'a deployment goes as it should, below the count but not below its bound',
    world: () =>
      facts({ ...rolling({ running: 1, minimumHealthyPercent: 50 }), ...targets({}, { state: 'draining' }) }),
    well: true,
    says: /^Service shop-web is well so far: 1 of 2 tasks run, and deployment ecs-svc\/2 of shop-web:7 is in progress, 0 tasks failed\.$/
  },
  {
    when: 'a deployment is in progress for an hour, and the role may read nothing else',
    world: () => denying(since(3_600_000)),
    code: 'unknown',
    says: /^2 of 2 tasks run, and deployment ecs-svc\/2 of shop-web:7 is in progress for 1h 00m.*, 0 tasks failed, and nothing that was read says what holds it up\.$/
  },
  {
    when: 'a deployment can never end, by its percentages',
    world: () => facts({ ...well, ...since(3_600_000, { minimumHealthyPercent: 100, maximumPercent: 100 }) }),
    code: 'stuck',
    says: /^With 2 tasks, minimumHealthyPercent 100 and maximumPercent 100 ECS can neither start/,
    fix: /maximumPercent=200/
  },
  {
    when: 'the first deployment has no healthy target yet',
    world: () => facts({ ...rolling(), ...targets({ state: 'initial' }) }),
    code: 'unknown',
    says: /^503 because no target of shop-web is healthy yet/
  },
  {
    when: 'nobody answers in time, and nothing else is known',
    world: () => facts(sick('Target.Timeout')),
    code: 'unknown',
    says: /^504 because the targets of shop-web do not answer in time/
  },
  {
    when: 'the connection is refused',
    world: () => facts(sick('Target.FailedHealthChecks')),
    code: 'unknown',
    says: /^502 because the targets of shop-web refuse the connection/
  },
  {
    when: 'targets answer another code: that is what clients get',
    world: () => facts(sick('Target.ResponseCodeMismatch', 'Health checks failed with these codes: [404]')),
    says: /^The targets of shop-web answer Health checks failed with these codes: \[404\], and clients get what they answer/
  },
  {
    when: 'a network load balancer has no codes',
    world: () => facts({ ...throughNetwork, ...targets() }),
    says: /^Connections fail: no target is registered in shop-web/
  },
  {
    when: 'the load balancer has no listener',
    world: () =>
      facts({
        ...targets({ state: 'unused', reason: 'Target.NotInUse' }),
        listeners: new Map([[balancerArn, known([])]])
      }),
    code: 'target-not-in-use',
    says: /^Load balancer shop has no listener, so nobody can connect: target group shop-web gets no requests/,
    fix: /create-listener --load-balancer-arn arn:/
  },
  {
    when: 'the target group belongs to no load balancer',
    world: () => facts({ ...targets({ state: 'unused' }), groups: known([group({ loadBalancers: [] })]) }),
    code: 'target-not-in-use',
    says: /^No load balancer sends requests to shop-web: target group shop-web is attached to no load balancer/
  },
  {
    when: 'a target group of functions',
    world: () => facts({ ...well, groups: known([group({ targetType: 'lambda' })]) }),
    well: true,
    says: /is well/
  },
  {
    when: 'the second of two target groups is empty',
    world: () =>
      facts({
        service: service({
          loadBalancers: [
            ...service().loadBalancers,
            { targetGroupArn: otherArn, containerName: 'web', containerPort: 9090 }
          ]
        }),
        groups: known([group(), group({ arn: otherArn })]),
        targets: new Map([...well.targets!, [otherArn, known([])]])
      }),
    says: /^503 because no target is registered in other/
  },
  {
    when: 'a classic load balancer, of which nothing is read',
    world: () =>
      facts({
        service: service({
          loadBalancers: [{ classicName: 'old', containerName: 'web', containerPort: 8080 }]
        })
      }),
    well: true,
    says: /is well/
  },
  {
    when: 'one task is lost, and no new one can be pulled',
    world: () => facts({ ...targets({}), service: service({ running: 1 }) }),
    why: expired,
    code: 'image-not-found',
    says: /^504 because only 1 of 2 targets of shop-web are healthy, .*: image app of container web does not exist\.$/,
    fix: /describe-services/
  },
  {
    when: 'one task is lost, nobody remembers why, and the image is gone',
    world: () =>
      facts({
        ...targets({}),
        service: service({ running: 1 }),
        images: new Map([[image, known({ there: false as const, says: 'sha256:a does not exist' })]])
      }),
    code: 'image-not-found',
    says: /No new task of shop-web:7 can start|no new task of shop-web:7 can start/
  },
  {
    when: 'ECS cannot take the execution role, so that no task is made',
    world: () =>
      facts({
        ...targets(),
        service: service({ running: 0 }),
        tasks: known([]),
        roles: new Map([[role, known(undefined)]])
      }),
    code: 'preflight',
    says: /^503 because no target is registered in shop-web: the execution role execution does not exist: ECS cannot/,
    fix: /IAM → Roles → execution/
  },
  {
    when: 'everything but the service is denied, and all tasks run',
    world: () => denying(),
    well: true,
    says: /is well/
  },
  {
    when: 'everything but the service is denied, and a task is missing',
    world: () => denying({ service: service({ running: 1 }) }),
    code: 'unknown',
    says: /^1 of 2 tasks of shop-web run, and nothing that was read says why\.$/
  },
  {
    when: 'the targets are denied, and the load balancers are known',
    world: () => facts({ targets: new Map([[groupArn, unknown('the role may not call it')]]) }),
    well: true,
    says: /is well/
  }
]

describe('the answer', () => {
  test.each(odd.map((one) => [one.when, one] as const))('when %s', (_, one) => {
    const world = one.world()
    const purposed = { ...world, purpose: 'diagnose' as const }
    const found = diagnose(purposed, findingsOf(checks, purposed), one.why)
    expect({ well: found.well, says: answerOf(found) }).toEqual({
      well: one.well ?? false,
      says: expect.stringMatching(one.says) as unknown
    })
    if (one.code !== undefined) expect(found.reasonCode).toBe(one.code)
    if (found.well) return
    // Whoever is told that something is ill is told what to do, in the console or by a command.
    expect(found.fix?.todo).toBeTruthy()
    const way = `${found.fix?.console ?? ''} ${found.fix?.command ?? ''}`
    expect(way).toMatch(one.fix ?? /→|aws /)
  })
})
